// What people of a municipality came for, from the sign-in screen to the end.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, settled, sizes, visit } from "./browser.mjs";
import { Demo } from "./demo.mjs";
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

// What a person decided between two associations, newest first.
const decided = (hub) => hub.json("identity", "decisions", "--all").decisions.filter((each) => each.maker === "MAKER_PERSON");

// Finds an association that nobody in the municipality knows, and sees on its page that it is so.
async function findBlankSpot(page, say) {
  await page.getByRole("checkbox", { name: say("associations.onlyBlank") }).check();
  const first = page.getByRole("main").getByRole("listitem").filter({ has: page.getByRole("heading") }).first();
  await first.getByText(say("associations.noContact")).waitFor();
  const name = await first.getByRole("heading").innerText();
  await first.getByRole("link", { name }).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
  await page.getByRole("tab", { name: say("association.tabs.known") }).click();
  await page.getByRole("tabpanel").getByText(say("whoKnows.blankRow")).waitFor();
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
  const told = page.getByRole("status").or(page.getByRole("alert")).filter({ hasText: say("review.kind.KIND_NOT_SAME") });
  await told.waitFor();
  assert.notEqual(await question.innerText(), asked);
  const [decision] = decided(demo);
  assert.equal(decision.kind, "KIND_NOT_SAME");
  await picture(page, `review-decided-${language}`);
  await told.getByRole("button", { name: say("review.undo") }).click();
  await page.getByRole("heading", { level: 2, name: asked }).waitFor();
}
