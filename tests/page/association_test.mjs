// An association: is invited by a case worker, comes in with the code, answers what it is invited to,
// sees what stands there, says what is right and what is not, sees who has looked, and comes back
// with its key.
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

// Writes down what the association can give and wishes, in its own words, and sees them stand there.
async function writeOwnWords(page) {
  await page.getByRole("button", { name: "Rediger" }).click();
  const edit = page.getByRole("dialog", { name: "Rediger foreningen" });
  await edit.getByRole("textbox", { name: "Det kan vi bidrage med" }).fill("Vi kan holde sportsdage for unge.");
  await edit.getByRole("textbox", { name: "Det ønsker vi" }).fill("En hal om lørdagen.");
  await picture(page, "association-edit");
  await edit.getByRole("button", { name: "Gem" }).click();
  await edit.waitFor({ state: "detached" });
  const overview = page.getByRole("tabpanel", { name: "Om foreningen" });
  await overview.getByText("Vi kan holde sportsdage for unge.").waitFor();
  await overview.getByText("En hal om lørdagen.").waitFor();
  const { offers, wishes } = demo.json("association", "get", cvr);
  assert.deepEqual([offers.byLanguage, wishes.byLanguage], [{ da: "Vi kan holde sportsdage for unge." }, { da: "En hal om lørdagen." }]);
  // And take one back.
  await page.getByRole("button", { name: "Rediger" }).click();
  await edit.getByRole("textbox", { name: "Det ønsker vi" }).fill("");
  await edit.getByRole("button", { name: "Gem" }).click();
  await overview.getByText("Foreningen har ikke skrevet endnu, hvad den ønsker sig.").waitFor();
  assert.deepEqual(demo.json("association", "get", cvr).wishes?.byLanguage ?? {}, {});
}

// Makes a code, takes it back, and makes the one that is handed over.
async function invite(page) {
  const open = page.getByRole("button", { name: "Inviter foreningen" });
  const dialog = page.getByRole("dialog", { name: "Inviter foreningen" });
  await open.click();
  await dialog.getByRole("button", { name: "Lav en kode" }).click();
  const first = await dialog.getByRole("code").innerText();
  await dialog.getByRole("button", { name: "Luk" }).click();
  await open.click();
  page.once("dialog", (asked) => asked.accept());
  await dialog.getByRole("listitem").filter({ hasText: "Lavet af dig selv" }).getByRole("button", { name: "Træk tilbage" }).click();
  await dialog.getByRole("heading", { name: "Koder, som ingen har brugt endnu" }).waitFor({ state: "detached" });
  await dialog.getByRole("button", { name: "Lav en kode" }).click();
  await dialog.getByText("Koden vises kun nu.").waitFor();
  await picture(page, "association-invite");
  const code = await dialog.getByRole("code").innerText();
  assert.match(code, /^\w{4}(-\w{4}){3}$/);
  assert.notEqual(code, first);
  return code;
}

// Says how many come, and then that nobody does.
async function answer(page) {
  const invited = page.getByRole("region", { name: "I er inviteret" });
  const day = invited.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Netværksdag i Nordbyen" }) });
  const { id } = demo.json("event", "list").events.find((each) => each.title === "Netværksdag i Nordbyen");
  const told = () => demo.json("event", "show", id).invitations.find((each) => each.officialName === name);
  for (const each of ["Nordbyens Medborgerhus", "Kultur og Fritid", "jeres erfaring med unge og frivillige", "lokaler, kontakter"]) await day.getByText(each).waitFor();
  await day.getByText("I kommer: 2 personer").waitFor();
  await day.getByRole("button", { name: "Skift svar" }).click();
  await picture(page, "association-answer");
  await day.getByRole("spinbutton", { name: "Hvor mange kommer I?" }).fill("4");
  await day.getByRole("button", { name: "Vi kommer" }).click();
  await day.getByText("I kommer: 4 personer").waitFor();
  assert.deepEqual([told().state, told().headCount], ["STATE_REGISTERED", 4]);
  await day.getByRole("button", { name: "Skift svar" }).click();
  await day.getByRole("button", { name: "Vi kan ikke" }).click();
  await day.getByText("I kan ikke", { exact: true }).waitFor();
  assert.equal(told().state, "STATE_DECLINED");
  // It is cancelled just when they think better of it.
  await day.getByRole("button", { name: "Skift svar" }).click();
  demo.command("event", "cancel", id, "--yes");
  await day.getByRole("button", { name: "Vi kommer" }).click();
  await day.getByRole("alert").filter({ hasText: "Arrangementet er slut eller aflyst" }).waitFor();
  await day.getByRole("button", { name: "Prøv igen" }).click();
  await day.getByText("aflyst", { exact: true }).waitFor();
  assert.equal(await day.getByRole("button").count(), 0);
}

test("an association joins with its code, confirms, asks for a correction and comes back with its key", async () => {
  const id = demo.associationId(cvr);
  // Somebody in the municipality looks at it first.
  const colleague = await visit(browser, demo.address, { as: "caseworker" });
  const refusedThem = refusals(colleague);
  await show(colleague, `/foreninger/${id}`);
  await writeOwnWords(colleague);
  const code = await invite(colleague);
  assert.deepEqual(refusedThem, []);
  await colleague.context().close();

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
  await answer(page);
  const purpose = page.getByRole("region", { name: "Formål" });
  await purpose.getByText("Vi kan holde sportsdage for unge.").waitFor();
  await purpose.getByRole("button", { name: "Ret: Det kan I bidrage med" }).waitFor();
  // Municipality and sources by the names that people know.
  const basic = page.getByRole("region", { name: "Om jer" });
  await basic.getByText("Fjordby Kommune").waitFor();
  await basic.getByText(/Sagt af .*Tilskudssystemet/).first().waitFor();
  assert.equal(await page.getByText(/0998|Sagt af tilskud/).count(), 0);

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
  await page.getByRole("row").filter({ hasText: "En ansat i Fjordby Kommune" }).filter({ hasText: "så det, der står om jer" }).first().waitFor();
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
  assert.deepEqual(refused, ["400 EventService/AnswerInvitation"]);
  await page.context().close();

  // The code works once.
  const other = await visit(browser, demo.address);
  await other.goto("/");
  await other.getByRole("textbox", { name: "Kode fra invitationen" }).fill(code);
  await other.getByRole("button", { name: "Log ind", exact: true }).click();
  await other.getByText("Det blev ikke godtaget.").waitFor();
  await other.context().close();
});
