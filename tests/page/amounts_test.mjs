// A hub with nothing in it says on each screen what to do next; one with 10,000 associations stays
// usable.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { faults, launch, show, sizes, visit } from "./browser.mjs";
import { Demo } from "./demo.mjs";
import { fill, nameOf } from "./many.mjs";
import { da } from "./words.mjs";

const kMany = 10_000;
// What a person waits for without wondering, on a busy machine; tests/bench/page.mjs has the figures.
const kUsable = 15_000;

const browser = await launch();
const empty = new Demo("empty");
const many = new Demo("empty");
fill(many, kMany);

after(async () => {
  await browser.close();
  for (const demo of [empty, many]) demo.stop();
});

// The screens with nothing to show, and who looks at them. Of connections there are two.
const screens = [
  ["caseworker", "/foreninger"], ["caseworker", "/hvem-kender-hvem"], ["caseworker", "/samarbejder"], ["caseworker", "/netvaerksdage"],
  ["caseworker", "/kom-godt-i-gang"], ["caseworker", "/gennemsyn"], ["caseworker", "/rapport"], ["operator", "/hvem-har-set"],
  ["volunteer-centre", "/foreninger"], ["volunteer-centre", "/forslag"],
];

for (const [as, path] of screens) {
  test(`in an empty hub ${path} says what to do next to ${as}`, async () => {
    for (const size of ["small", "desktop"]) {
      const page = await visit(browser, empty.address, { as, size: sizes[size] });
      await show(page, path);
      assert.deepEqual(await faults(page), []);
      assert.equal(await page.locator(".alert-error").count(), 0, await page.locator("main").innerText());
      for (const each of await page.locator(".empty").all()) {
        assert.ok(await each.locator("p, a, button").count(), `only told that there is nothing: ${await each.innerText()}`);
      }
      if (path !== "/hvem-har-set") assert.ok(await page.locator(".empty").count(), "says that there is nothing");
      if (path === "/kom-godt-i-gang") await page.locator(".empty", { hasText: da.associations.none.title }).waitFor();
      await page.context().close();
    }
  });
}

test("connections that never ran say so, and how to begin", async () => {
  const page = await visit(browser, empty.address, { as: "operator" });
  await show(page, "/forbindelser");
  assert.ok((await page.getByText(da.connections.neverText).count()) >= 2);
  await page.getByRole("link", { name: "Frivilligcenter Fjordby" }).click();
  await page.getByRole("button", { name: da.connection.readAndPlan }).waitFor();
  await page.context().close();
});

// `step` may take as long as a person bears.
async function within(what, step) {
  const begun = Date.now();
  await step();
  const took = Date.now() - begun;
  assert.ok(took < kUsable, `${what} took ${took} ms`);
}

test("10,000 associations are listed, found and turned over", async () => {
  const page = await visit(browser, many.address, { as: "caseworker" });
  await within("the list", async () => {
    await show(page, "/foreninger");
    await page.getByText("10.000 foreninger").waitFor();
  });
  await within("a search", async () => {
    await page.getByRole("searchbox").fill(nameOf(7321));
    await page.locator(".hit-name").first().filter({ hasText: nameOf(7321) }).waitFor();
  });
  await page.getByRole("searchbox").fill("");
  await page.getByText("10.000 foreninger").waitFor();
  await within("the next page", async () => {
    await page.getByRole("button", { name: da.common.next }).click();
    await page.getByText(da.common.page.replace("{page}", "2")).waitFor();
  });
  await within("all blank spots", async () => {
    await page.getByLabel(da.associations.onlyBlank).check();
    await page.getByText("10.000 foreninger").waitFor();
    await page.locator(".hit").first().waitFor();
  });
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});

for (const size of ["desktop", "small"]) {
  test(`the matrix of 10,000 associations answers at ${sizes[size].width} pixels`, async () => {
    const page = await visit(browser, many.address, { as: "caseworker", size: sizes[size] });
    await within("the matrix", async () => {
      await show(page, "/hvem-kender-hvem");
      await page.getByText(/10\.000 .*10\.000/).waitFor();
    });
    // Not all of them at once, or the browser would have nothing else to do.
    assert.ok((await page.locator("tr[data-row], .knows-card").count()) < 200);
    await within("a search in it", async () => {
      await page.getByRole("searchbox").fill(nameOf(4321));
      await page.locator(".knows-card h2, .knows-name").first().filter({ hasText: nameOf(4321) }).waitFor();
    });
    await page.getByRole("searchbox").fill("");
    if (size === "desktop") {
      await page.locator('[data-row="0"] a').focus();
      await within("the last row by key", async () => {
        await page.keyboard.press("Control+End");
        await page.waitForFunction((last) => document.activeElement?.closest("tr")?.dataset.row === last, String(kMany - 1));
      });
    }
    await within("the bridge", async () => {
      await page.getByRole("tab", { name: da.whoKnows.tabBridge }).click();
      await page.locator(".tab-panel svg[role=img]").waitFor();
    });
    await within("where to begin", async () => {
      await show(page, "/kom-godt-i-gang");
      await page.locator(".start-number", { hasText: "10.000" }).waitFor();
      await page.locator(".spots li").first().waitFor();
    });
    assert.deepEqual(page.troubles, []);
    await page.context().close();
  });
}
