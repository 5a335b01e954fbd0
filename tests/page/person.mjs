// Somebody at the page: goes where its navigation leads, and reads what it says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { faults, screenshots, settled } from "./browser.mjs";
import { root } from "./demo.mjs";

// The page's own texts, for what is tried in both languages: say("review.branchOf", { branch, whole }).
export function sayIn(language) {
  const texts = JSON.parse(readFileSync(join(root, "core/web/ui/texts", `${language}.json`), "utf8"));
  return (key, values = {}) => {
    const text = key.split(".").reduce((at, part) => at?.[part], texts);
    assert.equal(typeof text, "string", `no text ${key}`);
    return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  };
}

// Chooses one of the demo's people on the sign-in screen.
export async function signInByHand(page, name) {
  await page.goto("/");
  await page.getByRole("button", { name }).click();
  await page.getByRole("heading", { level: 1, name: /^(Foreninger|Associations)$/ }).waitFor();
  await settled(page);
}

// Goes to a screen by the navigation; on a phone by the drawer.
export async function go(page, name) {
  const menu = page.getByRole("button", { name: "Menu", exact: true });
  if (await menu.isVisible()) await menu.click();
  const main = page.getByRole("navigation", { name: /^(Hovedmenu|Main menu)$/ });
  await main.getByRole("link", { name, exact: true }).filter({ visible: true }).click();
  await settled(page);
}

export async function signOut(page, name = "Log ud") {
  const menu = page.getByRole("button", { name: "Menu", exact: true });
  if (await menu.isVisible()) await menu.click();
  await page.getByRole("button", { name, exact: true }).filter({ visible: true }).click();
}

// Keeps a picture, and sees that nothing is wrong with what it shows; `said` is a trouble that is to
// be told there.
export async function picture(page, name, said) {
  await page.screenshot({ path: join(screenshots, `journey-${name}.png`), fullPage: true });
  assert.deepEqual((await faults(page)).filter((each) => !said?.test(each)), [], name);
}

// What the page was refused, as "403 Service/Method"; filled while it is used.
export function refusals(page) {
  const found = [];
  page.on("response", (response) => {
    const path = new URL(response.url()).pathname;
    if (response.status() >= 400 && path.startsWith("/api/")) found.push(`${response.status()} ${path.split(".").pop()}`);
  });
  return found;
}
