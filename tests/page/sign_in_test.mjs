// An employee signs in with the municipality's own login: a real provider (oidc-provider).
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, settled, visit } from "./browser.mjs";
import { Demo } from "./demo.mjs";
import { LoginProvider } from "./login_provider.mjs";
import { go, picture, refusals, signOut } from "./person.mjs";

let demo;
let browser;
let provider;

before(async () => {
  provider = await LoginProvider.start();
  await provider.ask('claims {"roles": ["caseworker"], "municipality_code": "0998"}');
  demo = new Demo();
  demo.fjordby("stop");
  writeFileSync(join(demo.state, "more.toml"), provider.access(demo.state));
  demo.fjordby("page");
  demo.address = demo.fjordby("address").trim();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  provider?.stop();
  demo?.stop();
});

const submit = (page) => page.getByRole("button", { name: /Sign-in|Continue|Yes, sign me out/ });

// Goes through the provider's pages: who one is, and that the page may know it.
async function signInAtProvider(page, name) {
  await page.waitForURL(`${provider.issuer}/**`);
  await page.getByPlaceholder("Enter any login").fill(name);
  await page.getByPlaceholder("and password").fill("x");
  await submit(page).click();
  await submit(page).click();
  await page.waitForURL(`${demo.address}/**`);
}

test("an employee signs in by the municipality's login, stays so over a reload, and signs out there, too", async () => {
  const page = await visit(browser, demo.address);
  const refused = refusals(page);
  // The screen that was asked for is the one that is shown after.
  await page.goto("/hvem-kender-hvem");
  await page.getByRole("heading", { level: 1, name: "Log ind" }).waitFor();
  assert.equal(await page.getByRole("heading", { name: "Demo: vælg en person" }).count(), 0);
  await page.getByText(provider.issuer.replace("http://", ""), { exact: false }).waitFor();
  await picture(page, "login-choice");
  await page.getByRole("link", { name: "Log ind med kommunens login" }).click();
  await signInAtProvider(page, "mette");
  await page.getByRole("heading", { level: 1, name: "Hvem kender hvem?" }).waitFor();
  await settled(page);
  assert.equal(new URL(page.url()).pathname, "/hvem-kender-hvem");
  await page.getByRole("banner").getByText("mette fra Fjordby").waitFor();
  await picture(page, "login-signed-in");

  await page.reload();
  await page.getByRole("banner").getByText("mette fra Fjordby").waitFor();
  await go(page, "Foreninger");
  await page.getByRole("status").filter({ hasText: /\d+ foreninger/ }).waitFor();
  // What the provider gave stays with the door.
  const held = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  assert.doesNotMatch(held, /token|eyJ/);
  assert.deepEqual(refused, []);

  await signOut(page);
  await page.waitForURL(`${provider.issuer}/session/end**`);
  await submit(page).click();
  await page.waitForURL(`${demo.address}/**`);
  await page.getByRole("heading", { level: 1, name: "Log ind" }).waitFor();
  // It is the provider that asks again who one is: the sign-in there has ended.
  await page.getByRole("link", { name: "Log ind med kommunens login" }).click();
  await page.getByPlaceholder("Enter any login").waitFor();
  await page.context().close();
});

test("whoever says no at the provider comes back to the sign-in screen and is told", async () => {
  const page = await visit(browser, demo.address);
  await page.goto("/");
  await page.getByRole("link", { name: "Log ind med kommunens login" }).click();
  await page.getByRole("link", { name: /Cancel/ }).click();
  await page.getByRole("alert").filter({ hasText: "Login lykkedes ikke." }).waitFor();
  await picture(page, "login-refused", /Login lykkedes ikke/);
  await page.context().close();
});
