// What people of a municipality came for, from the sign-in screen to the end.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, settled, sizes, visit } from "./browser.mjs";
import { Demo, root } from "./demo.mjs";
import { go, picture, refusals, sayIn, signInByHand, signOut } from "./person.mjs";

const people = {
  da: { caseworker: "Sagsbehandler i Kultur og Fritid", operator: "Driftsansvarlig for forbindelserne" },
  en: { caseworker: "Case worker, culture and leisure", operator: "Whoever runs the connections" },
};

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

// What persons decided between two associations, the newest first.
const decided = () => demo.json("identity", "decisions", "--all").decisions.filter((each) => each.maker !== "MAKER_HUB");

// The list of the housing project loses half of its records, and the plan for that waits.
function holdPlan() {
  const list = readFileSync(join(root, "deploy/demo/boligsocial.csv"), "utf8");
  const source = join(demo.state, "sources/boligsocial.csv");
  writeFileSync(source, list);
  demo.command("sync", "run", "boligsocial", "--yes");
  writeFileSync(source, list.split("\n").slice(0, 6).join("\n"));
  demo.command("sync", "plan", "boligsocial");
}

// Finds an association that nobody in the municipality knows, and sees on its page that it is so.
async function findBlankSpot(page, say) {
  await page.getByRole("checkbox", { name: say("associations.onlyBlank") }).check();
  const first = page.getByRole("main").getByRole("listitem").filter({ has: page.getByRole("heading") }).first();
  await first.getByText(say("associations.noContact")).waitFor();
  const name = await first.getByRole("heading").innerText();
  await first.getByRole("link", { name }).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
  await page.getByRole("tab", { name: say("association.tabs.known") }).click();
  await page.getByRole("tabpanel").getByText(say("association.known.blank")).waitFor();
}

// Sees why two records may be one association, decides that they are not, and takes it back.
async function decideAndUndo(page, say, language) {
  await go(page, say("nav.review"));
  const question = page.getByRole("heading", { level: 2, name: language === "da" ? /^Er .+ den samme forening\?$/ : /^Are .+ the same association\?$/ });
  const asked = await question.innerText();
  const why = page.getByRole("region", { name: say("review.why") });
  await why.getByText(say("review.notCounted")).waitFor();
  assert.ok((await why.getByRole("listitem").count()) >= 3);
  await picture(page, `review-${language}`);
  await page.getByRole("button", { name: say("review.no") }).click();
  const told = page.getByRole("status").filter({ hasText: say("review.kind.KIND_NOT_SAME") });
  await told.waitFor();
  assert.notEqual(await question.innerText(), asked);
  assert.equal(decided()[0].kind, "KIND_NOT_SAME");
  await picture(page, `review-decided-${language}`);
  await told.getByRole("button", { name: say("review.undo") }).click();
  await page.getByRole("heading", { level: 2, name: asked }).waitFor();
}

// Sees which departments know the homework café, in the table or, on a phone, on its card.
async function seeWhoKnows(page, say, size) {
  await go(page, say("nav.whoKnows"));
  await page.getByRole("searchbox", { name: say("whoKnows.search") }).fill("lektiecafe");
  const cell = size === "phone"
    ? page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Lektiecaféen Nordbyen" }) }).getByRole("button", { name: "Børn og Unge" })
    : page.getByRole("row").filter({ hasText: "Lektiecaféen Nordbyen" }).getByRole("button", { name: say("whoKnows.purpose.COLLABORATION") }).last();
  await cell.click();
  const dialog = page.getByRole("dialog", { name: /Børn og Unge.*Lektiecaféen Nordbyen/ });
  await dialog.getByText(say("whoKnows.gradeLabel")).waitFor();
  await dialog.getByText(say("whoKnows.channel.MEETING"), { exact: false }).waitFor();
  await dialog.getByRole("button", { name: say("common.close") }).click();
  await dialog.waitFor({ state: "detached" });
}

// Looks at the plan that the guard holds, and has it done all the same.
async function approvePlan(page, say, language) {
  await go(page, say("nav.connections"));
  const card = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Boligsocial helhedsplan Nordbyen" }) });
  await card.getByText(say("connections.waits.waitingPlan")).waitFor();
  await picture(page, `connections-${language}`);
  await card.getByRole("link").click();
  await page.getByRole("button", { name: say("connection.showPlan") }).click();
  const plan = page.getByRole("region", { name: say("connection.plan"), exact: true });
  await plan.getByText(language === "da" ? /^7 af 12 poster er på én gang væk/ : /^7 of 12 records have vanished at once/).waitFor();
  await plan.getByText("Haverne ved Søen").waitFor();
  await settled(page);
  await picture(page, `plan-${language}`);
  await plan.getByRole("button", { name: say("connection.approve") }).click();
  const ask = page.getByRole("dialog", { name: say("connection.approveTitle") });
  await ask.getByRole("button", { name: say("connection.approveYes") }).click();
  await page.getByRole("status").filter({ hasText: say("connection.runDone") }).getByText(say("connections.figure.vanished")).waitFor();
  await page.getByText(say("connections.state.STATE_DONE"), { exact: true }).first().waitFor();
  await picture(page, `plan-done-${language}`);
}

for (const [language, size] of [["da", "desktop"], ["en", "phone"]]) {
  test(`a municipality finds, decides, sees and approves in ${language} on a ${size}`, async () => {
    holdPlan();
    const say = sayIn(language);
    const page = await visit(browser, demo.address, { language, size: sizes[size] });
    const refused = refusals(page);
    await page.goto("/");
    await picture(page, `sign-in-${language}`);
    await page.getByRole("contentinfo").getByRole("link", { name: say("nav.accessibility") }).click();
    await page.getByRole("heading", { level: 1, name: say("nav.accessibility") }).waitFor();

    await signInByHand(page, people[language].caseworker);
    await findBlankSpot(page, say);
    await picture(page, `blank-spot-${language}`);
    await decideAndUndo(page, say, language);
    await seeWhoKnows(page, say, size);
    await signOut(page, say("layout.signOut"));
    await page.getByRole("heading", { level: 1, name: say("signIn.title") }).waitFor();

    await signInByHand(page, people[language].operator);
    await approvePlan(page, say, language);
    const [run] = demo.json("sync", "log", "boligsocial").runs;
    assert.equal(run.state, "STATE_DONE");
    assert.equal(run.unlinkedCount, "7");
    assert.deepEqual(refused, []);
    await page.context().close();
  });
}
