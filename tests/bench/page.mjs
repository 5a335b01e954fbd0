// How soon the page shows what was asked for, in Chromium, against the real hub and the real door.
// Prints tables; never a test, since figures depend on the machine and what else it does.
// Usage: tests/bench/run --only page, or BROBYGGER_BUILD=build node tests/bench/page.mjs [ROUNDS]
import { cpus, loadavg } from "node:os";
import { launch, settled, sizes } from "../page/browser.mjs";
import { Demo } from "../page/demo.mjs";
import { fill, nameOf } from "../page/many.mjs";

const kRounds = Number(process.argv[2] ?? 7);
const kSome = 500;
const kMany = 2000;
const kDepartments = 12;
const kContacts = 600;
const kFrames = 600;
const kStep = 40;
const kAtOnce = 8;

const load = () => loadavg().map((each) => each.toFixed(1)).join(" ");

function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

const median = (values) => quantile(values, 0.5);

// Notes when `selector` is first there and drawn, and when the answer to each search is drawn.
function watch(selector) {
  window.searched = [];
  const drawn = (then) => requestAnimationFrame(() => setTimeout(() => then(performance.now())));
  const look = new MutationObserver(() => {
    if (!document.querySelector(selector)) return;
    look.disconnect();
    drawn((now) => { window.firstRows = now; });
  });
  look.observe(document, { childList: true, subtree: true });
  addEventListener("input", (event) => { window.typedAt = event.timeStamp; }, true);
  const ask = window.fetch;
  window.fetch = async (where, ...rest) => {
    const answer = await ask(where, ...rest);
    if (!String(where).endsWith("/SearchAssociations")) return answer;
    const read = answer.json.bind(answer);
    answer.json = async () => {
      const value = await read();
      const typedAt = window.typedAt;
      drawn((now) => window.searched.push(now - typedAt));
      return value;
    };
    return answer;
  };
}

// A browser profile that has seen nothing of the page yet, signed in.
async function fresh(browser, demo, selector) {
  const context = await browser.newContext({ viewport: sizes.desktop, baseURL: demo.address, locale: "da-DK" });
  await context.addInitScript(watch, selector);
  const answer = await context.request.post("/session/demo", {
    data: { person: "caseworker" },
    headers: { "Origin": demo.address, "Sec-Fetch-Site": "same-origin", "Content-Type": "application/json" },
  });
  if (!answer.ok()) throw new Error(`signing in answers ${answer.status()}`);
  return context.newPage();
}

async function firstRows(page, path) {
  await page.goto(path);
  await page.waitForFunction(() => window.firstRows !== undefined);
  return page.evaluate(() => window.firstRows);
}

async function measureFirst(browser, demo, path, selector) {
  const cold = [];
  const warm = [];
  for (let round = 0; round < kRounds; ++round) {
    const page = await fresh(browser, demo, selector);
    cold.push(await firstRows(page, path));
    warm.push(await firstRows(page, path));
    await page.context().close();
  }
  return { cold, warm };
}

// Types names letter by letter, each as soon as the hits of the one before are drawn.
async function measureTyping(browser, demo) {
  const page = await fresh(browser, demo, ".hit");
  await firstRows(page, "/foreninger");
  const search = page.getByRole("searchbox");
  const keys = [];
  for (const number of [3, 123, 321, 456]) {
    await search.fill("");
    await settled(page);
    await search.focus();
    for (const letter of nameOf(number).slice(0, 8)) {
      await page.evaluate(() => { window.searched = []; });
      await page.keyboard.press(letter);
      await page.waitForFunction(() => window.searched.length > 0);
      keys.push(await page.evaluate(() => window.searched[0]));
    }
  }
  await page.context().close();
  return keys;
}

// Calls the hub through the door as a department's own system does.
function caller(demo) {
  const { key } = demo.json("access", "key", "create", "Forvaltningerne", "--municipality", "0998", "--role", "caseworker", "--calls-per-minute", "100000");
  const headers = {
    "Authorization": `Bearer ${key}`, "Content-Type": "application/json", "Connect-Protocol-Version": "1", "Brobygger-Purpose": "collaboration",
  };
  return async (method, request) => {
    const answer = await fetch(`${demo.address}/api/brobygger.${method}`, { method: "POST", headers, body: JSON.stringify(request) });
    if (!answer.ok) throw new Error(`${method} answers ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
}

// A matrix with contacts in one cell of forty, all over it.
async function furnish(demo) {
  const call = caller(demo);
  for (let i = 2; i <= kDepartments; ++i) demo.command("department", "create", `Forvaltning ${i}`, "--municipality", "0998");
  const departments = demo.json("department", "list", "--all").departments.map((each) => each.id);
  const associations = [];
  let pageToken;
  do {
    const page = await call("registry.v1.RegistryService/ListAssociations", { pageSize: 500, pageToken });
    associations.push(...page.associations.map((each) => each.id));
    pageToken = page.nextPageToken;
  } while (pageToken);
  const add = (i) => call("contact.v1.ContactService/AddTouchpoint", {
    touchpoint: {
      associationId: associations[(i * 7) % associations.length], departmentId: departments[i % departments.length],
      date: new Date(Date.now() - (1 + ((i * 37) % 400)) * 86_400_000).toISOString().slice(0, 10),
      channel: "CONTACT_CHANNEL_MEETING", purpose: "CONTACT_PURPOSE_COLLABORATION", initiator: "CONTACT_INITIATOR_MUNICIPALITY",
    },
  });
  for (let i = 0; i < kContacts; i += kAtOnce) await Promise.all(Array.from({ length: kAtOnce }, (_, more) => add(i + more)));
}

// The times between frames while the matrix scrolls, and while nothing happens.
async function measureScrolling(browser, demo) {
  const page = await fresh(browser, demo, ".knows-name");
  await firstRows(page, "/hvem-kender-hvem");
  await page.locator("select").last().selectOption("name");
  await page.waitForFunction(() => !document.querySelector("[role=status]")?.textContent.includes("…"));
  const frames = (step) => page.evaluate(([count, pixels]) => new Promise((resolve) => {
    const box = document.querySelector(".knows-box");
    const times = [];
    let before;
    box.scrollTop = 0;
    const tick = (now) => {
      if (before !== undefined) times.push(now - before);
      before = now;
      box.scrollTop += pixels;
      if (times.length < count) requestAnimationFrame(tick);
      else resolve(times);
    };
    requestAnimationFrame(tick);
  }), [kFrames, step]);
  const rounds = { idle: [], scrolling: [] };
  for (let round = 0; round < kRounds; ++round) {
    rounds.idle.push(await frames(0));
    rounds.scrolling.push(await frames(kStep));
  }
  await page.context().close();
  return rounds;
}

const ms = (value) => `${value.toFixed(value < 100 ? 1 : 0)} ms`;

function printFirst(what, { cold, warm }) {
  console.log(`| first rows of ${what}, nothing in the browser's cache | ${ms(median(cold))} | ${ms(Math.min(...cold))}-${ms(Math.max(...cold))} | < 1000 ms |`);
  console.log(`| the same, the page's files in its cache | ${ms(median(warm))} | ${ms(Math.min(...warm))}-${ms(Math.max(...warm))} | |`);
}

function printFrames(what, rounds, wanted) {
  for (const [name, part] of [["half", 0.5], ["95 %", 0.95]]) {
    const each = rounds.map((times) => quantile(times, part));
    console.log(`| frames, ${what}: ${name} within | ${ms(median(each))} | ${ms(Math.min(...each))}-${ms(Math.max(...each))} | ${wanted?.[name] ?? ""} |`);
  }
}

async function measure(demos) {
  const browser = await launch();
  try {
    const [some, many] = demos;
    fill(some, kSome);
    fill(many, kMany);
    console.log(`${cpus().length} cores (${cpus()[0].model}), Chromium ${browser.version()}, ${new Date().toISOString().slice(0, 16)}, ` +
                `${kRounds} rounds, load ${load()} at the start\n`);
    console.log("| | median | least-most | wanted |\n|---|---|---|---|");
    printFirst(`${kSome} associations in the list`, await measureFirst(browser, some, "/foreninger", ".hit"));
    printFirst(`${kSome} in the matrix`, await measureFirst(browser, some, "/hvem-kender-hvem", ".knows-name"));
    const keys = await measureTyping(browser, some);
    console.log(`| from a key to its hits drawn, ${keys.length} keys | ${ms(median(keys))} | ${ms(Math.min(...keys))}-${ms(Math.max(...keys))}, ` +
                `95 % within ${ms(quantile(keys, 0.95))} | ≤ 100 ms |`);
    await furnish(many);
    const { idle, scrolling } = await measureScrolling(browser, many);
    printFrames("nothing happens", idle);
    printFrames(`matrix of ${kMany} x ${kDepartments} scrolls`, scrolling, { half: "≤ 17 ms", "95 %": "≤ 33 ms" });
    console.log(`\nload ${load()} at the end`);
  } finally {
    await browser.close();
  }
}

const demos = [];
try {
  for (let i = 0; i < 2; ++i) demos.push(new Demo("empty"));
  await measure(demos);
} finally {
  for (const demo of demos) demo.stop();
}
