// What a case worker of a department and a volunteer centre came for: the journeys of people who do
// not run the hub, in Danish.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, settled, visit } from "./browser.mjs";
import { Demo } from "./demo.mjs";
import { go, picture, refusals, signInByHand } from "./person.mjs";

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

// The card of an association in the list.
const cardOf = (page, name) => page.getByRole("main").getByRole("listitem").filter({ has: page.getByRole("heading", { name }) });

async function search(page, text, found) {
  await page.getByRole("searchbox").fill(text);
  await page.getByRole("status").filter({ hasText: found }).waitFor();
}

async function open(page, name) {
  await cardOf(page, name).getByRole("link", { name }).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
  await settled(page);
}

async function tab(page, name) {
  await page.getByRole("tab", { name }).click();
  await settled(page);
  return page.getByRole("tabpanel", { name });
}

test("an application comes in: what is known of the association, and whose record it is", async () => {
  const page = await visit(browser, demo.address);
  const refused = refusals(page);
  await signInByHand(page, "Sagsbehandler i Kultur og Fritid");
  await page.getByRole("combobox", { name: "Formål" }).filter({ visible: true }).selectOption("Tilskud");
  await settled(page);
  await search(page, "99100265", "1 forening");
  await open(page, "Lektiecaféen Nordbyen");
  const overview = page.getByRole("tabpanel");
  await overview.getByRole("heading", { name: "Sidst bekræftet" }).waitFor();
  await overview.getByText("Ingen har bekræftet oplysningerne endnu.").waitFor();
  const known = await tab(page, "Hvem kender den?");
  await known.getByRole("heading", { name: "Børn og Unge" }).waitFor();
  await known.getByRole("heading", { name: "Boligsocial helhedsplan Nordbyen" }).waitFor();
  await picture(page, "grants-known");
  const money = await tab(page, "Tilskud");
  const total = money.getByRole("table", { name: "Efter forvaltning" }).getByRole("row", { name: /^I alt/ });
  assert.match(await total.innerText(), /^I alt\s+3\s+2\s+1\s+91\.501\s+kr\.\s+55\.000\s+kr\.\s+0\s+kr\.$/);
  await money.getByText("Kan være den samme aktivitet").waitFor();
  const refusedOne = money.getByRole("table", { name: "Ansøgninger" }).getByRole("row").filter({ hasText: "Afslag" });
  await refusedOne.getByText("Social og Sundhed").waitFor();
  await picture(page, "grants-money");

  await go(page, "Gennemsyn");
  const asked = page.getByRole("heading", { level: 2, name: /^Er .+ den samme forening\?$/ });
  const [, left, right] = /^Er (.+) og (.+) den samme forening\?$/.exec(await asked.innerText());
  await page.getByRole("button", { name: "Afdeling af samme forening" }).click();
  await page.getByText("Hvilken er afdeling af hvilken?").waitFor();
  await picture(page, "grants-branch");
  await page.getByRole("button", { name: `${right} er en afdeling af ${left}` }).click();
  await page.getByRole("status").filter({ hasText: "den ene er en afdeling af den anden" }).waitFor();
  const [decision] = demo.json("identity", "decisions", "--all").decisions;
  assert.deepEqual([decision.kind, decision.maker], ["KIND_BRANCH_OF", "MAKER_PERSON"]);
  assert.match(decision.actor, /^user:/);
  const nameOf = (id) => demo.json("association", "get", id).officialName;
  assert.deepEqual([nameOf(decision.fromAssociationId), nameOf(decision.toAssociationId)], [right, left]);
  await tab(page, "Afgørelser");
  await page.getByRole("listitem").filter({ hasText: `${right} er en afdeling af ${left}` }).getByText("Afgjort af dig selv").waitFor();
  assert.deepEqual(refused, []);
  await page.context().close();
});

test("a volunteer centre finds who can run a homework café on Thursdays", async () => {
  const page = await visit(browser, demo.address);
  const refused = refusals(page);
  await signInByHand(page, "Frivilligcenter Fjordby");
  // Only those that agreed to it are there, and of what the municipality knows only that it does.
  await page.getByRole("status").filter({ hasText: "3 foreninger" }).waitFor();
  await search(page, "lektiecafé Nordbyen, torsdag?", "1 forening");
  await page.getByRole("combobox", { name: "Aktivitet" }).selectOption({ label: "Skole og lektier (1)" });
  const card = cardOf(page, "Lektiecaféen Nordbyen");
  await card.getByText("Børn og Unge").waitFor();
  await picture(page, "centre-search");
  await open(page, "Lektiecaféen Nordbyen");
  const overview = page.getByRole("tabpanel");
  await overview.getByText("For: børn").waitFor();
  await overview.getByText(/torsdag · Biblioteket i Nordbyen · plads til 25 · arabisk/).waitFor();
  await overview.getByRole("link", { name: "lektiecafe@fjordby-foreninger.example" }).waitFor();
  assert.deepEqual(await page.getByRole("tab").allInnerTexts(), ["Om foreningen", "Hvem kender den?", "Navne og kilder"]);
  for (const each of ["Rediger", "Nyt samarbejde"]) assert.equal(await page.getByRole("button", { name: each }).count(), 0);
  const known = await tab(page, "Hvem kender den?");
  await known.getByRole("heading", { name: "Børn og Unge" }).waitFor();
  await known.getByText("Forvaltningen kender foreningen. Spørg kollegaen om mere.").first().waitFor();
  const ask = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Børn og Unge" }) }).getByRole("link", { name: "Spørg kollegaen" });
  assert.match(await ask.getAttribute("href"), /^mailto:boern-unge@fjordby\.example\?subject=/);
  assert.equal(await page.getByRole("button", { name: "Skriv en kontakt ned" }).count(), 0);
  await picture(page, "centre-known");
  await tab(page, "Navne og kilder");
  await picture(page, "centre-names");
  await go(page, "Hvem kender hvem?");
  await page.getByRole("status").filter({ hasText: "3 af 3 foreninger vises" }).waitFor();
  assert.deepEqual(await page.getByRole("tab").allInnerTexts(), ["Tabel", "Brokort"]);
  await tab(page, "Brokort");
  await picture(page, "centre-bridge-map");
  assert.deepEqual(await page.getByRole("navigation", { name: "Hovedmenu" }).getByRole("link").allInnerTexts(),
                   ["Foreninger", "Hvem kender hvem?", "Forslag"]);
  await propose(page);
  assert.deepEqual(refused, []);
  // Others' collaborations are not for it, and it is told so where it goes there by address.
  await page.goto("/samarbejder");
  await page.getByRole("alert").filter({ hasText: "Det må du ikke" }).waitFor();
  assert.equal(await page.getByRole("button", { name: /samarbejde/ }).count(), 0);
  await page.context().close();
});

// Has an idea for the association that it found, and sees where that stands.
async function propose(page) {
  await go(page, "Forslag");
  await page.getByRole("heading", { name: "I har ikke foreslået noget endnu" }).waitFor();
  await picture(page, "centre-no-proposals");
  await page.getByRole("link", { name: "Find en forening" }).click();
  await search(page, "lektiecafé Nordbyen, torsdag?", "1 forening");
  await cardOf(page, "Lektiecaféen Nordbyen").getByRole("button", { name: "Foreslå samarbejde" }).waitFor();
  await picture(page, "centre-search-propose");
  await open(page, "Lektiecaféen Nordbyen");
  await page.getByRole("button", { name: "Foreslå samarbejde" }).click();
  await page.getByRole("button", { name: "Fjern Lektiecaféen Nordbyen" }).waitFor();
  assert.equal(await page.getByRole("textbox", { name: "Hvad hedder frivilligcentret?" }).inputValue(), "Frivilligcenter Fjordby");
  await page.getByRole("textbox", { name: "Hvad skal det hedde?" }).fill("Flere voksne i lektiecaféen");
  await page.getByRole("textbox", { name: "Hvad er det til?" }).fill("Frivillige fra centret hjælper med lektier om torsdagen");
  await page.getByRole("searchbox", { name: "Flere foreninger?" }).fill("crick");
  await page.getByRole("button", { name: /cricket/i }).click();
  await picture(page, "centre-propose");
  await page.getByRole("button", { name: "Send forslaget" }).click();
  await page.getByRole("status").filter({ hasText: "Forslaget er sendt" }).waitFor();
  const told = page.getByRole("main").getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Flere voksne i lektiecaféen" }) });
  await told.getByText("Idé", { exact: true }).waitFor();
  await told.getByText(/Lektiecaféen Nordbyen/).waitFor();
  await picture(page, "centre-proposed");
}

test("a case worker sees what the volunteer centre proposed", async () => {
  const page = await visit(browser, demo.address);
  const refused = refusals(page);
  await signInByHand(page, "Sagsbehandler i Kultur og Fritid");
  await go(page, "Samarbejder");
  const item = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Flere voksne i lektiecaféen" }) });
  await item.getByText("Frivilligcenter Fjordby fik idéen").waitFor();
  await picture(page, "proposal-listed");
  await item.getByRole("link", { name: "Flere voksne i lektiecaféen" }).click();
  await page.getByText("Frivilligcenter Fjordby fik idéen").waitFor();
  const parties = await tab(page, "Hvem er med");
  await parties.getByRole("listitem").filter({ hasText: "Frivilligcenter Fjordby" }).getByText("Frivilligcentret").waitFor();
  await picture(page, "proposal-parties");
  assert.deepEqual(refused, []);
  await page.context().close();
});

// Reads the advice, writes a contact down and closes the dialog.
async function writeContact(page, association, { how, about, summary }) {
  const dialog = page.getByRole("dialog", { name: `Tag kontakt til ${association}` });
  await dialog.getByText("Læs det her, før du ringer.").waitFor();
  await dialog.getByRole("heading", { name: "Undgå" }).waitFor();
  await picture(page, "contact-advice");
  await dialog.getByRole("button", { name: "Skriv kontakten ned" }).click();
  assert.match(await dialog.getByRole("combobox", { name: "Forvaltning" }).inputValue(), /^[0-9a-f-]{36}$/);
  await dialog.getByRole("combobox", { name: "Hvordan" }).selectOption(how);
  await dialog.getByRole("combobox", { name: "Hvad det handlede om" }).selectOption(about);
  await dialog.getByRole("textbox", { name: "Kort om kontakten" }).fill(summary);
  await picture(page, "contact-form");
  await dialog.getByRole("button", { name: "Gem kontakten" }).click();
  await dialog.getByRole("status").filter({ hasText: "Kontakten er skrevet ned" }).waitFor();
  await dialog.getByRole("button", { name: "Luk" }).last().click();
  await dialog.waitFor({ state: "detached" });
}

const contactsOf = (name) => demo.json("touchpoint", "list", "--association", name).touchpoints;

test("a department joins those who know an association, and is the first with another", async () => {
  const page = await visit(browser, demo.address);
  const refused = refusals(page);
  await signInByHand(page, "Sagsbehandler i Kultur og Fritid");
  await go(page, "Hvem kender hvem?");
  await page.getByRole("searchbox", { name: "Søg efter navn" }).fill("sprogcaféen");
  const row = page.getByRole("row").filter({ hasText: "Sprogcaféen på Havnen" });
  // The columns are the departments by name: culture and leisure is the fifth.
  const own = row.getByRole("gridcell").nth(4);
  await own.getByRole("button", { name: "Ingen kontakt endnu" }).click();
  const cell = page.getByRole("dialog", { name: "Kultur og Fritid og Sprogcaféen på Havnen" });
  await cell.getByRole("heading", { name: "De kender foreningen" }).waitFor();
  for (const each of ["Integration og Medborgerskab", "Jobcenter Fjordby"]) await cell.getByText(each).waitFor();
  await picture(page, "matrix-who-knows");
  await cell.getByRole("button", { name: "Tag kontakt" }).click();
  await writeContact(page, "Sprogcaféen på Havnen", { how: "Besøg", about: "Samarbejde", summary: "Vi så sprogcaféen og vil gerne være med" });
  await own.getByRole("button", { name: /Samarbejde.*i dag/ }).waitFor();
  await picture(page, "matrix-after");
  const contact = contactsOf("99100206").find((each) => each.departmentName === "Kultur og Fritid");
  assert.deepEqual([contact.channel, contact.purpose, contact.summary],
                   ["CONTACT_CHANNEL_VISIT", "CONTACT_PURPOSE_COLLABORATION", "Vi så sprogcaféen og vil gerne være med"]);
  assert.match(contact.recordedBy, /^user:/);

  // Nobody knows this one: the row is empty, and the first contact is begun from Getting started.
  const blank = "Aftenvandrerne Fjordby";
  await page.getByRole("searchbox", { name: "Søg efter navn" }).fill("aftenvandrerne");
  await page.getByRole("row").filter({ hasText: blank }).getByText("ingen", { exact: true }).waitFor();
  await go(page, "Kom godt i gang");
  const before = await page.getByRole("button", { name: /foreninger uden kontakt/ }).innerText();
  await page.getByRole("button", { name: `Tag kontakt til ${blank}` }).click();
  await writeContact(page, blank, { how: "Telefon", about: "Invitation", summary: "Inviteret til netværksdagen" });
  await page.getByRole("button", { name: `Tag kontakt til ${blank}` }).waitFor({ state: "detached" });
  assert.equal(parseInt(await page.getByRole("button", { name: /foreninger uden kontakt/ }).innerText(), 10), parseInt(before, 10) - 1);
  await picture(page, "getting-started-after");
  assert.equal(contactsOf("99100885").length, 1);
  assert.deepEqual(refused, []);
  await page.context().close();
});
