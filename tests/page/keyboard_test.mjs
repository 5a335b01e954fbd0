// Without a mouse, with less motion, with larger text and on paper.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, settled, show, sizes, visit } from "./browser.mjs";
import { Demo } from "./demo.mjs";
import { da } from "./words.mjs";

const kMostStops = 150;

let demo;
let browser;
// Each screen: who looks at it, its path, and what one is there to do.
let screens;

before(async () => {
  demo = new Demo();
  browser = await launch();
  const homework = demo.associationId("99100265");
  const work = demo.json("collaboration", "list").collaborations.find((each) => each.title.startsWith("Lektiecafé"));
  const [day] = demo.json("event", "list").events;
  const button = (name) => (page) => page.getByRole("button", { name, exact: true }).first();
  const link = (name) => (page) => page.locator("main").getByRole("link", { name }).first();
  screens = [
    ["caseworker", "/foreninger", (page) => page.getByRole("searchbox")],
    ["caseworker", `/foreninger/${homework}`, button(da.common.edit)],
    ["caseworker", "/hvem-kender-hvem", (page) => page.locator('[data-row="0"] a')],
    ["caseworker", "/samarbejder", button(da.collaborations.create)],
    ["caseworker", `/samarbejder/${work.id}`, (page) => page.locator("main .button").first()],
    ["caseworker", "/netvaerksdage", button(da.events.create)],
    ["caseworker", `/netvaerksdage/${day.id}`, (page) => page.locator("main .button").first()],
    ["caseworker", "/kom-godt-i-gang", (page) => page.locator(".spots .button").first()],
    ["caseworker", "/gennemsyn", (page) => page.locator(".answers .button-primary")],
    ["caseworker", "/rapport", (page) => page.locator("main button").first()],
    ["caseworker", `/ressourcetjek/${homework}`, (page) => page.locator("main .button").first()],
    ["operator", "/forbindelser", link("Tilskudssystemet")],
    ["operator", "/forbindelser/boligsocial", button(da.connection.readAndPlan)],
    ["operator", "/hvem-har-set", (page) => page.locator("main select").first()],
  ];
});

after(async () => {
  await browser?.close();
  demo?.stop();
});

// Pages by who looks, at a size.
async function eachScreen(size, look) {
  const pages = new Map();
  for (const [as, path, action] of screens) {
    if (!pages.has(as)) pages.set(as, await visit(browser, demo.address, { as, size }));
    const page = pages.get(as);
    await show(page, path);
    await look(page, path, action);
  }
  for (const page of pages.values()) await page.context().close();
}

// What has the focus, and whether one sees it: an outline or a ring that it has not without focus.
// Of a label's hidden button the label shows it.
function focus() {
  const at = document.activeElement;
  const bare = { name: at?.tagName ?? "", seen: false, body: at === document.body || !at };
  if (bare.body) return bare;
  // The browser's own button in a field for a day is a stop of its own, with the browser's own ring.
  if (at.type === "date" && !at.matches(":focus-visible")) return { ...bare, seen: true };
  const looks = (element) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    return (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
  };
  const shown = at.classList.contains("sr-only") || at.matches("input[type=radio], input[type=checkbox]")
    ? [at, at.nextElementSibling, at.parentElement, at.labels?.[0]].filter(Boolean) : [at];
  const box = shown[shown.length - 1].getBoundingClientRect();
  const inSight = box.width > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
  const pseudo = shown.some((each) => ["::before", "::after"].some((part) => {
    const style = getComputedStyle(each, part);
    return style.content !== "none" && ((style.outlineStyle !== "none" && style.outlineWidth !== "0px") || style.boxShadow !== "none");
  }));
  const name = `${at.tagName}.${at.className} ${(at.innerText || at.getAttribute("aria-label") || "").slice(0, 30)}`;
  return { name, seen: (shown.some(looks) || pseudo) && inSight, body: false };
}

test("what each screen is for is reached by Tab, and one sees where one is", async () => {
  const found = [];
  await eachScreen(sizes.desktop, async (page, path, action) => {
    await action(page).waitFor();
    await page.evaluate(() => document.body.focus());
    await page.keyboard.press("Tab");
    assert.match(await page.evaluate(() => document.activeElement.className), /skipnav/, "the first stop skips the navigation");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "main");
    for (let stops = 0; ; ++stops) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate(focus);
      if (at.body || stops > kMostStops) {
        found.push(`${path}: not reached after ${stops} stops`);
        break;
      }
      if (!at.seen) found.push(`${path}: no focus to see at ${at.name}`);
      if (await action(page).evaluate((element) => element === document.activeElement)) break;
    }
  });
  assert.deepEqual([...new Set(found)], []);
});

test("the header is passed by Tab, and one sees where one is", async () => {
  const page = await visit(browser, demo.address, { as: "caseworker" });
  await show(page, "/foreninger");
  for (let i = 0; i < 15; ++i) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(focus);
    assert.ok(at.seen, `no focus to see at ${at.name}`);
  }
  await page.context().close();
});

// Opens a dialog with Enter at `opener`, goes round in it, and leaves it by Escape.
async function roundIn(page, opener) {
  await opener.focus();
  await page.keyboard.press("Enter");
  const dialog = page.locator("dialog[open]");
  await dialog.waitFor();
  await settled(page);
  for (const key of ["Tab", "Shift+Tab"]) {
    for (let i = 0; i < 25; ++i) {
      await page.keyboard.press(key);
      const inside = await page.evaluate(() => document.activeElement === document.body || Boolean(document.activeElement.closest("dialog[open]")));
      assert.ok(inside, `${key} leaves the dialog`);
    }
  }
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  // The browser gives it back once it has drawn the page without the dialog.
  const back = () => opener.evaluate((element) => element === document.activeElement);
  for (let tries = 0; tries < 50 && !(await back()); ++tries) await page.waitForTimeout(20);
  assert.ok(await back(), "the focus is given back");
}

test("dialogs keep the focus inside, and give it back", async () => {
  const page = await visit(browser, demo.address, { as: "caseworker" });
  await show(page, `/foreninger/${demo.associationId("99100265")}`);
  await roundIn(page, page.getByRole("button", { name: da.common.edit }));
  await show(page, "/hvem-kender-hvem");
  await roundIn(page, page.locator('[data-row="0"] [data-column="1"] button'));
  await show(page, "/kom-godt-i-gang");
  await roundIn(page, page.locator(".spots .button").first());
  await page.setViewportSize(sizes.phone);
  await show(page, "/foreninger");
  await roundIn(page, page.getByRole("button", { name: da.layout.menu }));
  await page.context().close();
});

test("tabs and the matrix go by arrow keys", async () => {
  const page = await visit(browser, demo.address, { as: "caseworker" });
  await show(page, `/foreninger/${demo.associationId("99100265")}`);
  await page.getByRole("tab").first().focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), da.association.tabs.known);
  assert.equal(await page.getByRole("tab", { selected: true }).textContent(), da.association.tabs.known);
  await show(page, "/hvem-kender-hvem");
  await page.locator('[data-row="0"] a').focus();
  for (const key of ["ArrowDown", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
  assert.ok(await page.locator('[data-row="1"] [data-column="2"] button').evaluate((element) => element === document.activeElement));
  assert.ok((await page.evaluate(focus)).seen);
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.context().close();
});

test("an association is found, opened and changed without a mouse", async () => {
  const page = await visit(browser, demo.address, { as: "caseworker" });
  await show(page, "/foreninger");
  await page.getByRole("searchbox").focus();
  await page.keyboard.type("lektiecafe");
  await page.locator(".hit-name").first().filter({ hasText: "Lektiecaféen Nordbyen" }).waitFor();
  await page.locator(".hit-name a").first().focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Lektiecaféen Nordbyen" }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.tagName), "H1", "a screen reader tells where one is");
  await page.getByRole("button", { name: da.common.edit }).focus();
  await page.keyboard.press("Enter");
  const purpose = page.getByRole("textbox", { name: da.association.fields.purpose });
  await purpose.focus();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("Skrevet uden mus");
  await page.getByRole("button", { name: da.common.save, exact: true }).focus();
  await page.keyboard.press("Enter");
  await page.locator(".own-words", { hasText: "Skrevet uden mus" }).waitFor();
  await page.context().close();
});

test("whoever wants less motion gets none", async () => {
  const found = [];
  await eachScreen(sizes.desktop, async (page, path) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    const moving = await page.evaluate(() => [...document.querySelectorAll("*")].filter((each) => {
      const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(each);
      return /[1-9]/.test(transitionDuration) || animationName !== "none" || scrollBehavior === "smooth";
    }).map((each) => `${each.tagName}.${each.className}`).slice(0, 3));
    if (moving.length) found.push(`${path}: ${moving}`);
  });
  assert.deepEqual(found, []);
});

test("at 200 % and 400 % nothing is cut off sideways", async () => {
  const found = [];
  for (const [zoom, size] of [[200, { width: 640, height: 450 }], [400, { width: 320, height: 256 }]]) {
    await eachScreen(size, async (page, path) => {
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wide > 0) found.push(`${path} at ${zoom} %: ${wide} pixels too wide`);
    });
  }
  assert.deepEqual(found, []);
});

test("on paper there is what was found, and nothing to click", async () => {
  const found = [];
  await eachScreen(sizes.desktop, async (page, path) => {
    await page.emulateMedia({ media: "print" });
    for (const each of await page.locator(".nav, .head-person, .skipnav, .foot, .page-actions, .pager, .button, form[role=search]").all()) {
      if (await each.isVisible()) found.push(`${path}: ${await each.evaluate((element) => `${element.tagName}.${element.className}`)}`);
    }
    if (!(await page.getByRole("heading", { level: 1 }).isVisible())) found.push(`${path}: no heading`);
    await page.emulateMedia({ media: null });
  });
  assert.deepEqual([...new Set(found)], []);
});
