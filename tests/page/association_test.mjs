// An association: comes in with the code of its invitation, sees what stands there, says what is
// right and what is not, sees who has looked, and comes back with its key.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, settled, show, sizes, visit } from "./browser.mjs";
import { Demo } from "./demo.mjs";
import { go, picture, refusals, signOut } from "./person.mjs";

const name = "Kurdisk Ungdom Fjordby";
const cvr = "99100109";

let demo;
let browser;

before(async () => {
  demo = new Demo();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  demo?.stop();
});

async function atOwnPage(page) {
  await page.getByRole("heading", { level: 1, name: "Jeres side" }).waitFor();
  await settled(page);
  await page.getByRole("main").getByText(name, { exact: true }).first().waitFor();
}

test("an association joins with its code, confirms, asks for a correction and comes back with its key", async () => {
  const id = demo.associationId(cvr);
  // Somebody in the municipality looks at it first.
  const colleague = await visit(browser, demo.address, { as: "caseworker" });
  await show(colleague, `/foreninger/${id}`);
  await colleague.context().close();

  const { code } = demo.json("association", "invite", cvr);
  const page = await visit(browser, demo.address, { size: sizes.phone });
  const refused = refusals(page);
  await page.goto("/");
  const field = page.getByRole("textbox", { name: "Kode fra invitationen" });
  const enter = page.getByRole("button", { name: "Log ind", exact: true });
  await field.fill("ABCD-EFGH-JKLM-NPQR");
  await enter.click();
  await page.getByText("Det blev ikke godtaget. Se efter, om det er skrevet rigtigt.").waitFor();
  await picture(page, "association-wrong-code");
  await field.fill(code.toLowerCase());
  await enter.click();
  const keep = page.getByRole("dialog", { name: "Gem jeres nøgle" });
  await keep.getByText(name).waitFor();
  const key = await keep.getByRole("code").innerText();
  await picture(page, "association-key");
  await keep.getByRole("button", { name: "Vi har gemt den" }).click();
  await atOwnPage(page);
  await picture(page, "association-own");

  const contact = page.getByRole("region", { name: "Sådan når man jer" });
  await contact.getByText("Ingen har sagt, om det er rigtigt.").waitFor();
  await contact.getByRole("button", { name: "Ja, det passer" }).click();
  await contact.getByText(/Sagt rigtigt af jer selv/).waitFor();
  const [confirmation] = demo.json("association", "get", cvr).confirmations;
  assert.deepEqual([confirmation.section, confirmation.perspective], ["contact", "PERSPECTIVE_ASSOCIATION"]);

  await contact.getByRole("button", { name: "Ret: Telefon" }).click();
  const correct = page.getByRole("dialog", { name: "Ret: Telefon" });
  await correct.getByText("+45 10 55 01 06").waitFor();
  await correct.getByRole("textbox", { name: "Hvad skal der stå?" }).fill("10 55 09 99");
  await correct.getByRole("textbox", { name: "Hvorfor?" }).fill("Vi har fået nyt nummer");
  await correct.getByRole("button", { name: "Send til kommunen" }).click();
  await page.getByRole("status").filter({ hasText: "Kommunen svarer jer." }).waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Luk" }).last().click();
  const corrections = page.getByRole("region", { name: "Rettelser" });
  await corrections.getByText("venter på svar").waitFor();
  await picture(page, "association-corrected");
  const [asked] = demo.json("correction", "list").corrections;
  assert.deepEqual([asked.fieldPath, asked.wantedValue, asked.statement], ["phones", "10 55 09 99", "Vi har fået nyt nummer"]);

  await page.getByRole("button", { name: "Se hvem" }).click();
  await page.getByRole("heading", { level: 1, name: "Hvem har set oplysningerne?" }).waitFor();
  await settled(page);
  await page.getByRole("row").filter({ hasText: "En ansat i" }).filter({ hasText: "så det, der står om jer" }).first().waitFor();
  await picture(page, "association-looked");

  await signOut(page);
  await page.getByRole("button", { name: "Vi har allerede en nøgle" }).click();
  await page.getByLabel("Nøgle", { exact: true }).fill(key);
  await enter.click();
  await atOwnPage(page);
  await page.getByRole("region", { name: "Rettelser" }).getByText("10 55 09 99").waitFor();
  // It sees nothing but its own.
  await go(page, "Samarbejder");
  await picture(page, "association-collaborations");
  assert.deepEqual(refused, []);
  await page.context().close();

  // The code works once.
  const other = await visit(browser, demo.address);
  await other.goto("/");
  await other.getByRole("textbox", { name: "Kode fra invitationen" }).fill(code);
  await other.getByRole("button", { name: "Log ind", exact: true }).click();
  await other.getByText("Det blev ikke godtaget.").waitFor();
  await other.context().close();
});
