// Faults behind the page, before it and between: it says so in words, loses nothing that was typed,
// and goes on by itself when the fault is over.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { launch, show, visit } from "./browser.mjs";
import { build, Demo } from "./demo.mjs";
import { da } from "./words.mjs";

const kHomework = "99100265";
const kLost = 6000;
const kPatience = 60_000;

let demo;
let browser;
let page;
let systemKey;

before(async () => {
  demo = new Demo();
  browser = await launch();
  systemKey = demo.json("access", "key", "create", "Kultur og Fritid", "--municipality", "0998", "--role", "caseworker").key;
});

afterEach(async () => {
  await page?.context().close();
  if (down) started();
});

after(async () => {
  await browser?.close();
  demo?.stop();
});

// What was killed and is not there again: "hub" or "web".
let down = "";

// A killed process goes on holding its sockets until the kernel is done with it.
const isThere = (pid) => {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
};

function killed(which) {
  const pid = demo.pid(which);
  process.kill(pid, "SIGKILL");
  for (const begun = Date.now(); isThere(pid);) assert.ok(Date.now() < begun + kPatience, `${which} is not gone`);
  down = which;
}

const brobygger = join(build, "bin/brobygger");
const answers = () => spawnSync(brobygger, ["--server", demo.server, "-q", "connection", "list"]).status === 0;

// The hub alone, behind the door that is there: the demo's own start begins the door anew with it.
function startHub() {
  const log = openSync(join(demo.state, "hub.log"), "a");
  const hub = spawn(brobygger, ["serve", "--config", join(demo.state, "hub.toml")], { detached: true, stdio: ["ignore", log, log] });
  hub.unref();
  closeSync(log);
  writeFileSync(join(demo.state, "run/hub.pid"), `${hub.pid}\n`);
  for (const begun = Date.now(); !answers();) assert.ok(Date.now() < begun + kPatience, demo.log("hub"));
}

// What was killed, where it was.
function started() {
  if (down === "hub") startHub();
  else demo.fjordby("page", demo.address.replace("http://", ""));
  down = "";
}

// Whoever looks at `path`, with a mark that a reload would wipe off. `byKey`: not as a person of the
// demo: what a hub signed for those is over when it starts again.
async function at(path, { as = "caseworker", byKey = false } = {}) {
  page = await visit(browser, demo.address, { as: byKey ? undefined : as });
  if (byKey) await signInByKey();
  await show(page, path);
  await page.evaluate(() => { window.sameDocument = true; });
  return page;
}

async function signInByKey() {
  await page.goto("/tilgaengelighed");
  const status = await page.evaluate(async (secret) => {
    const headers = { "Content-Type": "application/json" };
    return (await fetch("/session/association", { method: "POST", headers, body: JSON.stringify({ key: secret }) })).status;
  }, systemKey);
  assert.equal(status, 200);
}

const isSame = () => page.evaluate(() => window.sameDocument === true);
const search = () => page.getByRole("searchbox");
const hit = (name) => page.locator(".hit-name", { hasText: name });
const firstHit = (name) => page.locator(".hit-name").first().filter({ hasText: name });
const banner = () => page.locator(".banner");
const again = () => page.getByRole("dialog", { name: da.signIn.again.title });
const person = () => again().getByRole("button", { name: /Sagsbehandler/ });
const purpose = () => page.getByRole("textbox", { name: da.association.fields.purpose });
const save = () => page.getByRole("button", { name: da.common.save, exact: true }).click();
const association = () => demo.json("association", "get", kHomework);
const changes = () => demo.json("association", "history", kHomework, "--all").versions.length;

// The form of an association, with something typed.
async function typing(text) {
  await at(`/foreninger/${demo.associationId(kHomework)}`);
  await page.getByRole("button", { name: da.common.edit }).click();
  await purpose().fill(text);
}

async function savedOnce(text, before) {
  await page.getByRole("dialog").first().waitFor({ state: "detached" });
  await page.locator(".own-words", { hasText: text }).waitFor();
  assert.equal(association().purpose.byLanguage.da, text);
  assert.equal(changes(), before + 1);
  assert.ok(await isSame(), "the page was loaded anew");
}

test("a hub that is killed behind the page and comes back is told, and the page goes on by itself", async () => {
  await at("/foreninger", { byKey: true });
  killed("hub");
  await search().fill("lektie");
  await banner().filter({ hasText: da.layout.away }).waitFor();
  started();
  await firstHit("Lektiecaféen Nordbyen").waitFor();
  await banner().waitFor({ state: "detached" });
  assert.equal(await search().inputValue(), "lektie");
  assert.ok(await isSame());
});

// Lets the page's clock run until `is`, up to some minutes of it.
async function passing(is) {
  for (let i = 0; !(await is()); ++i) {
    assert.ok(i < 40, "the page waits for nothing any more");
    await page.clock.runFor(kLost);
  }
}

// The same for what takes the hub its own time, too: its index is made anew.
async function coming(locator) {
  const end = Date.now() + 30_000;
  while (!(await locator.isVisible())) {
    assert.ok(Date.now() < end, "it does not come");
    await page.clock.runFor(500);
  }
}

test("a hub that is away longer than anything is tried again is found again by itself", async () => {
  await at("/foreninger", { byKey: true });
  await page.clock.install();
  killed("hub");
  await search().fill("lektie");
  const trouble = page.getByRole("alert").filter({ hasText: da.errors.codes.unavailable });
  await passing(async () => trouble.isVisible());
  started();
  await passing(async () => !(await banner().isVisible()));
  await coming(firstHit("Lektiecaféen Nordbyen"));
  await page.clock.resume();
  await trouble.waitFor({ state: "detached" });
  assert.ok(await isSame());
});

test("a page that is opened while the hub is away becomes the screen that was asked for", async () => {
  await at("/hvem-kender-hvem", { byKey: true });
  killed("hub");
  await page.reload();
  await page.getByText(da.signIn.unreachable).waitFor();
  started();
  await page.getByRole("grid").waitFor();
});

test("a hub that no longer knows who is signed in asks in a dialog, and goes on with what was asked", async () => {
  await at("/foreninger");
  killed("hub");
  started();
  await search().fill("lektie");
  await person().click();
  await firstHit("Lektiecaféen Nordbyen").waitFor();
  await again().waitFor({ state: "detached" });
  assert.ok(await isSame());
});

test("a write that reached the hub, but whose answer was lost, is done once", async () => {
  const text = "Lektier, og et svar der blev væk";
  await typing(text);
  const count = changes();
  await page.route("**/*RegistryService/UpdateAssociation", async (route) => {
    await route.fetch();
    await route.abort("connectionreset");
  }, { times: 1 });
  await save();
  await page.getByRole("alert").filter({ hasText: da.errors.codes.unavailable }).waitFor();
  assert.equal(await purpose().inputValue(), text);
  await save();
  await savedOnce(text, count);
});

test("the web door is started again: the person signs in above what was typed, and it is saved", async () => {
  const text = "Lektier, hvor døren blev startet igen";
  await typing(text);
  const count = changes();
  killed("web");
  await save();
  await page.getByRole("alert").filter({ hasText: da.errors.codes.unavailable }).waitFor();
  await page.locator(".banner").waitFor({ state: "attached" });
  started();
  await banner().waitFor({ state: "detached" });
  await save();
  await person().click();
  await savedOnce(text, count);
});

test("a session that ends in the middle of a form loses nothing, and the save goes through once", async () => {
  const text = "Lektier, selv om sessionen sluttede";
  await typing(text);
  const count = changes();
  await page.context().clearCookies();
  await save();
  // A browser would close a dialog that is asked to twice, and nobody could sign in any more.
  await again().waitFor();
  for (let i = 0; i < 3; ++i) await page.keyboard.press("Escape");
  assert.ok(await again().isVisible());
  assert.equal(await purpose().inputValue(), text);
  await person().click();
  await savedOnce(text, count);
});

test("a session that is ended in one tab and begun there again goes on in the other", async () => {
  const text = "Lektier, og en anden fane";
  await typing(text);
  const count = changes();
  const other = await page.context().newPage();
  await show(other, "/foreninger");
  await other.getByRole("button", { name: da.layout.signOut }).click();
  await other.getByRole("heading", { name: da.signIn.title, level: 1 }).waitFor();
  await save();
  await again().waitFor();
  await other.getByRole("button", { name: /Sagsbehandler/ }).click();
  await other.getByRole("button", { name: da.layout.signOut }).waitFor();
  await savedOnce(text, count);
});

test("whoever signs in as somebody else does not save what the one before had typed", async () => {
  const count = changes();
  await typing("Skrevet af en anden");
  await page.context().clearCookies();
  await save();
  page.on("dialog", (dialog) => dialog.accept());
  await again().getByRole("button", { name: /Driftsansvarlig/ }).click();
  await page.waitForURL(`${demo.address}/`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  assert.equal(changes(), count);
});

// Somebody else saves the purpose and the telephone number while `text` is typed.
async function overtaken(text, theirs) {
  await typing(text);
  demo.command("association", "update", kHomework, "--set", `purpose.da=${theirs}`, "--set", `coverage_area=${theirs}`);
  await save();
  await page.getByRole("button", { name: da.association.edit.look }).click();
  const conflict = page.getByRole("dialog", { name: da.common.conflict.title });
  await conflict.getByText(theirs, { exact: true }).first().waitFor();
  await conflict.getByText(text, { exact: true }).waitFor();
  return conflict;
}

test("who saves second sees both versions, and may keep their own without undoing the rest", async () => {
  const conflict = await overtaken("Mit formål", "Deres 1");
  await conflict.getByRole("button", { name: da.common.conflict.keepMine }).click();
  await page.getByRole("dialog").first().waitFor({ state: "detached" });
  await page.locator(".own-words", { hasText: "Mit formål" }).waitFor();
  assert.equal(association().purpose.byLanguage.da, "Mit formål");
  assert.equal(association().coverageArea, "Deres 1");
});

test("who saves second may keep what the other one saved", async () => {
  const conflict = await overtaken("Mit formål, igen", "Deres 2");
  await conflict.getByRole("button", { name: da.common.conflict.takeTheirs }).click();
  await page.getByRole("dialog").first().waitFor({ state: "detached" });
  await page.locator(".own-words", { hasText: "Deres 2" }).waitFor();
  assert.equal(association().purpose.byLanguage.da, "Deres 2");
});

test("who saves second may go back to what they typed", async () => {
  const conflict = await overtaken("Mit formål, tredje gang", "Deres 3");
  await page.keyboard.press("Escape");
  await conflict.waitFor({ state: "detached" });
  assert.equal(await purpose().inputValue(), "Mit formål, tredje gang");
});

test("the browser's way back asks before what was typed is lost", async () => {
  await at("/foreninger");
  await hit("Lektiecaféen Nordbyen").getByRole("link").click();
  await page.getByRole("button", { name: da.common.edit }).click();
  await purpose().fill("Ikke gemt endnu");
  const asked = page.waitForEvent("dialog");
  await page.evaluate(() => history.back());
  await (await asked).dismiss();
  assert.equal(await purpose().inputValue(), "Ikke gemt endnu");
  assert.match(page.url(), /foreninger\/[0-9a-f-]{36}$/);
});

test("a connection whose file is gone says so in words, and works again when it is back", async () => {
  const file = join(demo.state, "sources/boligsocial.csv");
  const check = () => page.getByRole("button", { name: da.connection.check, exact: true }).click();
  await at("/forbindelser/boligsocial", { as: "operator" });
  renameSync(file, `${file}.away`);
  try {
    await check();
    const alert = page.locator(".alert-error");
    await alert.waitFor();
    const words = await alert.innerText();
    assert.match(words, /boligsocial\.csv|filen/i, words);
    assert.doesNotMatch(words, /\b(file|cannot|does not|open)\b/i, "in the person's language");
  } finally {
    renameSync(`${file}.away`, file);
  }
  await check();
  await page.getByText(da.connection.works).waitFor();
  assert.equal(await banner().count(), 0, "the hub was there all the time");
});

test("without a network the page says so, keeps what was typed, and goes on when it is back", async () => {
  await at("/foreninger");
  await page.context().setOffline(true);
  await banner().filter({ hasText: da.layout.offline }).waitFor();
  await search().fill("cricket");
  await page.context().setOffline(false);
  await firstHit("Fjordby Cricket").waitFor();
  await banner().waitFor({ state: "detached" });
  assert.equal(await search().inputValue(), "cricket");
  assert.ok(await isSame());
});

test("an answer to a question that somebody answered meanwhile is not written down, and that is told", async () => {
  await at("/gennemsyn");
  const question = page.getByRole("heading", { level: 2, name: /den samme forening\?$/ });
  const asked = await question.innerText();
  const { questions } = demo.json("identity", "review", "--list", "--all");
  const open = questions.find((each) => asked.includes(each.leftOfficialName) && asked.includes(each.rightOfficialName));
  demo.command("identity", "decide", open.leftAssociationId, "not-same", open.rightAssociationId);
  await page.getByRole("button", { name: da.review.branch }).click();
  await page.getByRole("button", { name: /er en afdeling af/ }).first().click();
  const told = page.locator(".alert").filter({ hasText: "Dit svar er ikke skrevet ned" });
  await told.filter({ hasText: da.review.kind.KIND_NOT_SAME }).waitFor();
  assert.notEqual(await question.innerText(), asked);
  const [decision] = demo.json("identity", "decisions", "--all").decisions.filter((each) => each.maker !== "MAKER_HUB");
  assert.equal(decision.kind, "KIND_NOT_SAME");
});

test("blank spots are asked for again by themselves until the hub has made its index", async () => {
  let behind = true;
  await at("/foreninger");
  await page.route("**/*SearchService/SearchAssociations", async (route) => {
    const response = await route.fetch();
    const answer = await response.json();
    // As a hub answers that has just been started: some are missing.
    if (behind) Object.assign(answer, { catchingUp: true, hits: [] });
    await route.fulfill({ response, json: answer });
  });
  await page.getByRole("checkbox", { name: da.associations.onlyBlank }).check();
  const told = page.getByText(da.associations.catchingUp);
  await told.waitFor();
  assert.equal(await page.getByText(da.associations.noBlank.title).count(), 0, "that there is none is not known yet");
  behind = false;
  await page.locator(".hit-name").first().waitFor();
  await told.waitFor({ state: "detached" });
});
