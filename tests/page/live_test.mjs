// What moves while one looks: a source that is read and written down, step by step, a plan that is
// rejected, and a collaboration from the idea to the answers of the municipality.
import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, settled, show, sizes, visit } from "./browser.mjs";
import { Demo } from "./demo.mjs";
import { go, picture, refusals, signInByHand } from "./person.mjs";
import { da } from "./words.mjs";

const kNew = 600;

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

// Keeps every line that the page shows meanwhile.
async function watch(page) {
  await page.evaluate(() => {
    const main = document.querySelector("main");
    globalThis.seen = [];
    new MutationObserver(() => {
      for (const line of main.innerText.split("\n")) if (!globalThis.seen.includes(line)) globalThis.seen.push(line);
    }).observe(main, { subtree: true, childList: true, characterData: true });
  });
  return (pattern) => page.evaluate(({ source }) => globalThis.seen.filter((line) => new RegExp(source).test(line)), { source: pattern.source });
}

test("a source is read and its plan done while one sees it move", async () => {
  const rows = Array.from({ length: kNew }, (_, i) => `${9000 + i};Forening nummer ${9000 + i};;9998;Fjordby;;;;da;1,0;;`);
  appendFileSync(join(demo.state, "sources/frivillige.csv"), `${rows.join("\r\n")}\r\n`, "latin1");
  const page = await visit(browser, demo.address);
  const refused = refusals(page);
  await signInByHand(page, "Driftsansvarlig for forbindelserne");
  await go(page, "Forbindelser");
  await page.getByRole("link", { name: "Frivilligcenter Fjordby" }).click();
  await page.getByRole("button", { name: "Læs kilden, og lav en plan" }).waitFor();
  const seen = await watch(page);
  await page.getByRole("button", { name: "Læs kilden, og lav en plan" }).click();
  const plan = page.getByRole("region", { name: "Planen", exact: true });
  await plan.waitFor({ timeout: 120_000 });
  assert.ok((await seen(/^Læser kilden$/)).length === 1);
  assert.ok((await seen(/^[1-9]\d* poster?$/)).length >= 1, "how far it has come is told");
  await settled(page);
  await picture(page, "live-plan");
  await plan.getByRole("button", { name: "Udfør planen" }).click();
  const done = page.getByRole("status").filter({ hasText: "Planen er udført" });
  await done.waitFor({ timeout: 120_000 });
  assert.ok((await seen(/^Skriver til registret og kilden$/)).length === 1);
  assert.ok((await seen(/^[\d.]+ af [\d.]+$/)).length >= 1, "how much of it is done is told");
  await picture(page, "live-done");
  const [run] = demo.json("sync", "log", "frivilligcenter").runs;
  assert.equal(run.state, "STATE_DONE");
  assert.ok(Number(run.createdCount) > kNew / 2);
  assert.match(await done.innerText(), new RegExp(`${run.createdCount}\\s+nye foreninger`));
  assert.deepEqual(refused, []);
  await page.context().close();
});

const planOf = (page) => page.getByRole("region", { name: da.connection.plan, exact: true });

// The plan that the guard holds, which two people look at.
async function openHeldPlan(size) {
  const page = await visit(browser, demo.address, { as: "operator", size });
  await show(page, "/forbindelser/boligsocial");
  await page.getByRole("button", { name: da.connection.showPlan }).click();
  await planOf(page).waitFor();
  await settled(page);
  return page;
}

test("a plan is rejected: what follows is said first, nothing is done, and it does not come again by itself", async () => {
  const page = await openHeldPlan(sizes.desktop);
  const late = await openHeldPlan(sizes.phone);
  const refused = refusals(page);
  await planOf(page).getByRole("button", { name: da.connection.reject }).click();
  const ask = page.getByRole("dialog", { name: da.connection.rejectTitle });
  for (const each of ["rejectText", "rejectAgain", "rejectBack"]) await ask.getByText(da.connection[each]).waitFor();
  await picture(page, "plan-reject");
  await ask.getByRole("button", { name: da.common.cancel }).click();
  await ask.waitFor({ state: "detached" });
  await planOf(page).getByRole("button", { name: da.connection.reject }).click();
  await ask.getByRole("button", { name: da.connection.rejectYes }).click();
  await page.getByRole("status").filter({ hasText: da.connection.rejected }).waitFor();
  await planOf(page).waitFor({ state: "detached" });
  await page.getByText("Afvist af dig selv").waitFor();
  await picture(page, "plan-rejected");
  const [run] = demo.json("sync", "log", "boligsocial").runs;
  assert.equal(run.state, "STATE_REJECTED");
  await page.getByRole("tab", { name: da.connection.tab.runs }).click();
  await page.getByRole("tabpanel").getByRole("listitem").first().getByText(da.connections.state.STATE_REJECTED).waitFor();
  await page.getByRole("tabpanel").getByRole("listitem").first().getByText("Afvist af dig selv").waitFor();
  await picture(page, "plan-rejected-runs");
  await go(page, da.nav.connections);
  const card = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Boligsocial helhedsplan Nordbyen" }) });
  await card.getByText(da.connections.state.STATE_REJECTED).waitFor();
  assert.equal(await card.getByText(da.connections.waits.waitingPlan).count(), 0);
  await picture(page, "connections-rejected");
  assert.deepEqual(refused, []);
  await page.context().close();

  // Whoever has it open still, and has it done, is told that somebody rejected it.
  await planOf(late).getByRole("button", { name: da.connection.approve }).click();
  await late.getByRole("button", { name: da.connection.approveYes }).click();
  await late.getByText(da.connection.staleBecause.rejected).waitFor();
  await picture(late, "plan-rejected-late");
  // Asked for anew it is there again.
  await late.getByRole("button", { name: da.connection.newPlan }).click();
  await planOf(late).getByRole("button", { name: da.connection.reject }).waitFor();
  await late.context().close();
});

const moveOn = (page) => page.getByRole("region", { name: "Næste skridt" });

test("a collaboration goes from the idea to the municipality's answers, and no further than it may", async () => {
  const page = await visit(browser, demo.address, { as: "caseworker" });
  const refused = refusals(page);
  await show(page, `/foreninger/${demo.associationId("99100818")}`);
  await page.getByRole("button", { name: "Nyt samarbejde" }).click();
  await page.getByRole("button", { name: "Fjern Fjordby Pigefodbold" }).waitFor();
  await page.getByRole("textbox", { name: /Hvad skal det hedde/ }).fill("Fodbold for alle");
  assert.ok(await page.getByRole("checkbox", { name: "Kultur og Fritid" }).isChecked());
  await picture(page, "collaboration-new");
  await page.getByRole("button", { name: "Gem idéen" }).click();
  await page.getByRole("heading", { level: 1, name: "Fodbold for alle" }).waitFor();
  await moveOn(page).getByRole("button", { name: "Gå til afklaring" }).click();

  // What is missing is said before it is tried, and again when it is.
  await moveOn(page).getByText("Der står ikke, hvad I vil opnå sammen.").waitFor();
  await moveOn(page).getByRole("button", { name: "Gå til forventningsafstemning" }).click();
  await moveOn(page).getByRole("alert").filter({ hasText: "Det kan ikke lade sig gøre endnu" }).waitFor();
  await picture(page, "collaboration-refused");
  assert.deepEqual(refused.splice(0), ["400 CollaborationService/MoveCollaboration"]);
  await moveOn(page).getByRole("button", { name: "Gør det nu" }).click();
  await page.getByRole("textbox", { name: /Hvad vil I opnå sammen/ }).fill("Flere piger spiller fodbold i Nordbyen");
  await page.getByRole("button", { name: "Gem", exact: true }).click();
  await moveOn(page).getByText("Alt er klar til").waitFor();
  await moveOn(page).getByRole("button", { name: "Gå til forventningsafstemning" }).click();

  await page.getByRole("button", { name: "Begynd forventningsafstemning" }).click();
  await page.getByText("Ingen ser den andens svar, før begge har svaret.").waitFor();
  await page.getByRole("button", { name: "Svar nu" }).click();
  const statements = page.getByRole("main").getByRole("group");
  const count = await statements.count();
  assert.ok(count >= 10);
  for (let i = 0; i < count; ++i) await statements.nth(i).getByText("Lidt enig", { exact: true }).click();
  await page.getByText(`${count} af ${count} er besvaret.`).waitFor();
  await picture(page, "collaboration-answers");
  await page.getByRole("button", { name: "Gem svarene" }).click();
  await page.getByText("Kommunen har svaret. Nu svarer foreningen").waitFor();
  await moveOn(page).getByRole("button", { name: "Det er aftalt" }).click();
  await moveOn(page).getByText("Forventningerne er ikke afstemt").waitFor();
  await moveOn(page).getByRole("alert").waitFor();
  await picture(page, "collaboration-answered");
  const work = demo.json("collaboration", "list").collaborations.find((each) => each.title === "Fodbold for alle");
  assert.equal(work.state, "COLLABORATION_STATE_ALIGNING");
  await page.context().close();

  // The association sees that the municipality has answered, and not what.
  const other = await visit(browser, demo.address, { size: sizes.phone });
  await other.goto("/");
  await other.getByRole("textbox", { name: "Kode fra invitationen" }).fill(demo.json("association", "invite", "99100818").code);
  await other.getByRole("button", { name: "Log ind", exact: true }).click();
  await other.getByRole("button", { name: "Vi har gemt den" }).click();
  await other.getByRole("heading", { level: 1, name: "Jeres side" }).waitFor();
  await go(other, "Samarbejder");
  await other.getByRole("link", { name: "Fodbold for alle" }).click();
  await other.getByText("Skjult, til begge har svaret").first().waitFor();
  assert.equal(await other.getByText("Lidt enig", { exact: true }).count(), 0);
  await picture(other, "collaboration-association");
  await other.context().close();
});
