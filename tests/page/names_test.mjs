// Names as people may have them, and as somebody who means harm writes them: each is shown as it is,
// in its own direction, within the window, and nothing in it is ever run.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { faults, launch, settled, show, sizes, visit } from "./browser.mjs";
import { Demo } from "./demo.mjs";
import { da } from "./words.mjs";

const arabic = "جمعية الثقافة العربية في فيوردبي (٢٠١٩)";
const image = '<img src=x onerror="window.ran=1">';
const names = [
  arabic,
  "ማሕበር ባህሊ ኤርትራ ኣብ ፍዮርድቢ",
  "Kvindenetværket نور",
  image,
  '"><script>window.ran=1</script>',
  "{{constructor.constructor('window.ran=1')()}}",
  "Å".repeat(200),
  `${"Foreningen af ".repeat(14)}bo`,
];

let demo;
let browser;
let ids;

before(async () => {
  demo = new Demo();
  browser = await launch();
  ids = names.map((name) => demo.json("association", "create", "--set", `official_name=${name}`, "--set", "municipality_code=0998",
    "--set", `purpose.da=${name} – ${image}`, "--set", `coverage_area=${name}`).id);
  // Some whose names are so much alike that a person is asked.
  for (const name of [image, arabic]) {
    demo.command("association", "create", "--set", `official_name=${name} 2`, "--set", "municipality_code=0998");
  }
  for (const name of [arabic, `${image}${"Æ".repeat(150)}`]) demo.command("department", "create", name, "--municipality", "0998");
});

after(async () => {
  await browser?.close();
  demo?.stop();
});

// What was run, or put into the page as more than text; and names that take the direction of what
// stands around them, or give it theirs.
function wrong() {
  const found = [];
  if (window.ran !== undefined) found.push("something in a name was run");
  if (document.querySelector("body script, img, iframe, [onerror]")) found.push("a name became markup");
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const element = node.parentElement;
    if (!/[\u0600-\u06ff]/.test(node.data) || element.closest("option, textarea, title")) continue;
    const isolates = element.closest("bdi, [dir=auto]") || getComputedStyle(element).unicodeBidi === "plaintext" ||
      /\u2068[^\u2069]*[\u0600-\u06ff][^\u2069]*\u2069/.test(node.data);
    if (!isolates) found.push(`not isolated in ${element.tagName}.${element.className}: ${node.data.slice(0, 60)}`);
  }
  return found;
}

async function look(page, what, found) {
  await settled(page);
  for (const each of [...(await faults(page)), ...(await page.evaluate(wrong))]) found.push(`${what}: ${each}`);
  page.troubles = [];
}

// Whether these words stand on the page, exactly and as text.
const stands = (page, words) => page.locator("bdi", { hasText: words }).first().waitFor();

for (const size of ["small", "desktop"]) {
  test(`names of all kinds are text on every screen at ${sizes[size].width} pixels`, async () => {
    const found = [];
    const page = await visit(browser, demo.address, { as: "caseworker", size: sizes[size] });
    await show(page, "/foreninger");
    for (const name of [arabic, "constructor", "Å".repeat(200), "onerror"]) {
      await page.getByRole("searchbox").fill(name);
      await page.waitForFunction((part) => document.querySelector(".hit-name")?.textContent.includes(part), name);
      await look(page, `list, ${name.slice(0, 12)}`, found);
    }
    for (const [i, id] of ids.entries()) {
      await show(page, `/foreninger/${id}`);
      await stands(page, names[i]);
      const tabs = page.getByRole("tab");
      for (let tab = 0; tab < (i === 0 || i === 6 ? await tabs.count() : 1); ++tab) {
        await tabs.nth(tab).click();
        await look(page, `profile ${i}, tab ${tab}`, found);
      }
    }
    await show(page, "/kom-godt-i-gang");
    await look(page, "getting started", found);
    await page.context().close();
    assert.deepEqual(found, []);
  });

  test(`names of all kinds are text in the matrix and in review at ${sizes[size].width} pixels`, async () => {
    const found = [];
    const page = await visit(browser, demo.address, { as: "caseworker", size: sizes[size] });
    await show(page, "/hvem-kender-hvem");
    for (const name of [arabic, "Å".repeat(200), image]) {
      await page.getByRole("searchbox").fill(name);
      await page.waitForFunction((part) => document.querySelector(".knows-card h2, .knows-name")?.textContent.includes(part), name);
      await look(page, `matrix, ${name.slice(0, 12)}`, found);
      await page.locator(".knows-none:not(.knows-swatch), .knows-card .button").first().click();
      await page.getByRole("dialog").waitFor();
      await look(page, `pair, ${name.slice(0, 12)}`, found);
      await page.keyboard.press("Escape");
    }
    await page.getByRole("tab", { name: da.whoKnows.tabBridge }).click();
    await look(page, "bridge", found);
    await show(page, "/gennemsyn");
    const asked = [];
    for (const skip = page.getByRole("button", { name: da.review.skip }); await skip.isVisible(); await settled(page)) {
      await page.locator("table.pair").waitFor();
      const heading = await page.locator(".tab-panel h2").first().textContent();
      if (asked.includes(heading)) break;
      asked.push(heading);
      await look(page, `review ${asked.length}`, found);
      await skip.click();
      await page.waitForFunction((before) => document.querySelector(".tab-panel h2")?.textContent !== before, heading);
    }
    for (const name of [image, arabic]) assert.ok(asked.some((each) => each.includes(name)), `nobody is asked about ${name}: ${asked}`);
    await page.context().close();
    assert.deepEqual(found, []);
  });
}
