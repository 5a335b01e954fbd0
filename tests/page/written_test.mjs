// What people write down on one screen and read on another: what they will do next, what a day is
// about, words that may be quoted and the report they stand in, and who has looked at it all.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { launch, settled, show, sizes, visit } from "./browser.mjs";
import { Demo } from "./demo.mjs";
import { go, picture, refusals, signInByHand } from "./person.mjs";
import { da } from "./words.mjs";

const kHomework = "99100265";
const kFootball = "99100818";
const kNewcomers = "99100044";
const kCaseworker = "Sagsbehandler i Kultur og Fritid";
const kTopics = ["vision", "strategy", "action-plan", "fundraising", "leadership", "collaboration-plan", "budget", "monitoring"];

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

const daysFromNow = (n) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10);

// Calls the hub as whoever is signed in at the page.
function call(page, method, request) {
  return page.evaluate(async ([name, body]) => {
    const headers = { "Content-Type": "application/json", "Connect-Protocol-Version": "1", "Brobygger-Purpose": "collaboration" };
    const response = await fetch(`/api/brobygger.${name}`, { method: "POST", headers, body: JSON.stringify(body) });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${name}: ${JSON.stringify(answer)}`);
    return answer;
  }, [method, request]);
}

test("a resource check ends with what the association will do next, in its own words", async () => {
  const page = await visit(browser, demo.address, { as: "caseworker" });
  const refused = refusals(page);
  await show(page, `/ressourcetjek/${demo.associationId(kFootball)}`);
  for (const words of ["Vi finder en kasserer", "Vi laver et budget\nog søger en pulje"]) {
    await page.getByRole("button", { name: da.resourceCheck.record }).first().click();
    const form = page.getByRole("main").locator("form");
    await form.getByRole("group").first().getByText("På plads", { exact: true }).click();
    await form.getByRole("textbox", { name: da.resourceCheck.nextLabel }).fill(words);
    await form.getByRole("checkbox", { name: da.resourceCheck.agreed }).check();
    await picture(page, "resource-check-form");
    await form.getByRole("button", { name: da.resourceCheck.save }).click();
    await page.getByRole("region", { name: da.resourceCheck.next }).getByText(words.split("\n").at(-1)).first().waitFor();
  }
  const next = page.getByRole("region", { name: da.resourceCheck.next });
  await next.getByText("Det stod der før (1)").click();
  await next.getByText("Vi finder en kasserer").waitFor();
  await picture(page, "resource-check-next");
  const told = demo.json("resource-check", "show", "--association", kFootball).resourceChecks;
  assert.equal(told.at(-1).nextSteps, "Vi laver et budget\nog søger en pulje");
  assert.deepEqual(refused, []);
  await page.context().close();
});

test("a day has a theme, and the list says how many are asked, answered and came", async () => {
  const page = await visit(browser, demo.address);
  const refused = refusals(page);
  await signInByHand(page, kCaseworker);
  await go(page, da.nav.events);
  const item = (title) => page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: title }) });
  await item("Netværksdag i Nordbyen").getByText("4 inviterede · 2 har svaret", { exact: true }).waitFor();
  await page.getByRole("checkbox", { name: da.events.past }).check();
  await item("Samarbejdsdag: kvinder og sundhed").getByText("2 inviterede · 2 har svaret · 1 kom", { exact: true }).waitFor();
  await page.getByRole("checkbox", { name: da.events.past }).uncheck();

  // Where there are none, the way to the first one is there.
  await page.getByRole("combobox", { name: da.events.department }).selectOption({ label: "Jobcenter Fjordby" });
  await page.getByRole("heading", { name: da.events.none }).waitFor();
  await picture(page, "events-none");
  await page.getByRole("button", { name: da.events.plan }).click();
  await page.getByRole("textbox", { name: da.events.form.title }).fill("Byvandring");
  await page.getByRole("textbox", { name: da.events.form.theme }).fill("Sundhed og bevægelse");
  await page.getByRole("textbox", { name: da.events.form.description }).fill("Vi går rundt i Nordbyen og ser, hvad der er.");
  await page.getByLabel(da.events.form.day, { exact: true }).fill(daysFromNow(40));
  await page.getByRole("button", { name: da.events.suggest.open }).click();
  await page.getByText(da.events.suggest.noCalendars).waitFor();
  await picture(page, "event-form");
  await page.getByRole("button", { name: da.events.form.save }).click();
  await page.getByRole("heading", { level: 1, name: "Byvandring" }).waitFor();
  await page.getByRole("definition").filter({ hasText: "Sundhed og bevægelse" }).waitFor();
  await picture(page, "event-theme");
  await show(page, "/netvaerksdage");
  await item("Byvandring").getByText("Sundhed og bevægelse", { exact: true }).waitFor();
  await item("Byvandring").getByText(da.events.nobodyInvited).waitFor();
  await picture(page, "events-theme");
  assert.deepEqual(refused, []);
  await page.context().close();
});

// The sources are `answers`' keys; each answers with its days, or refuses with its reason.
async function fakeCalendars(page, answers) {
  const sources = Object.keys(answers).map((connectionId) => ({ connectionId, title: `Kalender ${connectionId}`, hasCalendars: true }));
  await page.route("**/*SyncService/ListSources", (route) => route.fulfill({ json: { sources } }));
  await page.route("**/*SyncService/ListBusyDays", (route) => {
    const { days, reason } = answers[route.request().postDataJSON().connectionId];
    if (days) return route.fulfill({ json: { calendars: ["integration"], days } });
    const details = [{ type: "google.rpc.ErrorInfo", value: "", debug: { reason, domain: "brobygger", metadata: {} } }];
    const code = reason === "SOURCE_UNAVAILABLE" ? "unavailable" : "failed_precondition";
    return route.fulfill({ status: code === "unavailable" ? 503 : 400, json: { code, message: reason, details } });
  });
}

// A working day: the first from the day after tomorrow on.
function workingDay() {
  return [2, 3, 4].map(daysFromNow).find((day) => ![0, 6].includes(new Date(day).getUTCDay()));
}

test("days are suggested by the calendars that answer, and who did not is told and never free", async () => {
  const page = await visit(browser, demo.address, { as: "caseworker" });
  const first = workingDay();
  const answers = { nord: { days: [{ calendar: "integration", date: first, busyMinutes: 90 }] }, syd: { reason: "CONNECTION_INVALID" } };
  await fakeCalendars(page, answers);
  const suggest = async () => {
    await show(page, "/netvaerksdage");
    await page.getByRole("button", { name: da.events.create }).click();
    await page.getByLabel(da.events.form.day, { exact: true }).fill(first);
    await page.getByRole("button", { name: da.events.suggest.open }).click();
    await settled(page);
  };
  await suggest();
  const days = page.locator(".suggest-day");
  await days.first().getByText(da.events.suggest.freeOfTold, { exact: true }).waitFor();
  assert.equal(await days.getByText(da.events.suggest.free, { exact: true }).count(), 0, "nobody knows that");
  const told = page.locator(".suggest").getByRole("status");
  await told.getByText(`Kalender syd (${da.events.silent.CONNECTION_INVALID})`, { exact: false }).waitFor();
  assert.doesNotMatch(await told.innerText(), /Kalender nord/);
  await picture(page, "suggest-one-silent");

  // Asked again, it answers.
  answers.syd = { days: [] };
  await told.getByRole("button", { name: da.common.retry }).click();
  await days.first().getByText(da.events.suggest.free, { exact: true }).waitFor();
  assert.equal(await told.count(), 0);

  // None answers: nothing is suggested. One that is away is not asked over and over.
  Object.assign(answers, { nord: { reason: "SOURCE_UNAVAILABLE" }, syd: { reason: "RUN_IN_PROGRESS" } });
  let asked = 0;
  page.on("request", (request) => (asked += request.url().endsWith("/ListBusyDays") ? 1 : 0));
  await suggest();
  await told.getByText(`Kalender nord (${da.events.silent.other}), Kalender syd (${da.events.silent.RUN_IN_PROGRESS})`, { exact: false }).waitFor();
  assert.equal(await days.count(), 0);
  assert.equal(asked, 2);
  await page.context().close();
});

test("whoever was absent is called, and a department that came as a guest has met who came", async () => {
  const page = await visit(browser, demo.address, { as: "caseworker" });
  const refused = refusals(page);
  await show(page, "/netvaerksdage");
  await page.getByRole("tab", { name: da.events.calls }).click();
  const item = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Samarbejdsdag: kvinder og sundhed" }) });
  await item.getByText("1 skal ringes op", { exact: true }).waitFor();
  assert.equal(await page.getByText("Netværksdag i Nordbyen").count(), 0);
  await picture(page, "events-calls");
  await item.getByRole("link").click();

  const met = page.getByRole("region", { name: da.event.met });
  const row = met.getByRole("row").last();
  await row.getByText("Social og Sundhed", { exact: true }).waitFor();
  await met.getByRole("checkbox", { name: "Kultur og Fritid" }).check();
  await met.getByRole("checkbox", { name: "Social og Sundhed" }).uncheck();
  await row.getByText("Kultur og Fritid", { exact: true }).waitFor();
  await met.getByRole("button", { name: da.event.metRecord }).click();
  await met.getByText("1 ny kontakt er skrevet ned.", { exact: true }).waitFor();
  await picture(page, "event-met");
  const [contact] = demo.json("touchpoint", "list", "--association", kNewcomers).touchpoints.filter((each) => each.basis === "BASIS_EVENT");
  assert.equal(contact.departmentName, "Kultur og Fritid");

  await page.getByRole("textbox", { name: da.event.callNote }).fill("De kommer gerne næste gang");
  await page.getByRole("button", { name: da.event.called }).click();
  await page.getByText("De kommer gerne næste gang", { exact: true }).waitFor();
  await show(page, "/netvaerksdage");
  await page.getByRole("tab", { name: da.events.calls }).click();
  await page.getByRole("heading", { name: da.events.noCalls }).waitFor();
  assert.deepEqual(refused, []);
  await page.context().close();
});

test("what was odd about meetings in calendars stands with the run in words, a new word as it is", async () => {
  const page = await visit(browser, demo.address, { as: "operator", size: sizes.phone });
  await page.route("**/*SyncService/ListRuns", async (route) => {
    const response = await route.fetch();
    const answer = await response.json();
    answer.runs[0].meetings = { oddities: [{ code: "unknown_zone", count: "1" }, { code: "dst_guess", count: "3" }] };
    await route.fulfill({ response, json: answer });
  });
  await show(page, "/forbindelser/tilskud");
  await page.getByRole("tab", { name: da.connection.tab.runs }).click();
  await page.getByText(`1 aftale: ${da.connection.remark.unknown_zone}`, { exact: true }).waitFor();
  await page.getByText("3 aftaler: dst_guess", { exact: true }).waitFor();
  await picture(page, "run-remarks");
  await page.context().close();
});

test("an event is put into a calendar and taken out again, and what a calendar refused is told", async () => {
  const page = await visit(browser, demo.address, { as: "caseworker" });
  await fakeCalendars(page, { nord: { days: [] }, syd: { reason: "CONNECTION_DISABLED" } });
  const publications = [];
  const asked = [];
  await page.route("**/*EventService/GetEvent", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), publications } });
  });
  await page.route("**/*EventService/PublishEvent", (route) => {
    const { connectionId, calendar, withdraw = false } = route.request().postDataJSON();
    asked.push([connectionId, calendar, withdraw]);
    publications.splice(0, 1, ...(withdraw ? [] : [{ connectionId, calendar, state: "STATE_WAITING" }]));
    return route.fulfill({ json: { publication: {} } });
  });
  await show(page, `/netvaerksdage/${demo.json("event", "list").events[0].id}`);
  const where = page.getByRole("region", { name: da.event.calendars.title });
  await where.getByText(da.event.calendars.nowhere).waitFor();
  await where.getByRole("button", { name: da.event.calendars.put }).click();
  await where.getByText(`Kalender syd (${da.events.silent.CONNECTION_DISABLED})`, { exact: false }).waitFor();
  await where.getByRole("combobox", { name: da.event.calendars.which }).selectOption({ label: "integration (Kalender nord)" });
  await where.getByRole("button", { name: da.event.calendars.put }).click();
  await where.getByText(da.event.calendars.state.WAITING).waitFor();
  // The page looks again by itself.
  const trouble = "The calendar may not be written to. Set its \"publish\" to true, or choose another.";
  publications.splice(0, 1, { connectionId: "nord", calendar: "integration", state: "STATE_REFUSED", trouble });
  await where.getByText(da.event.calendars.trouble.the_calendar_may_not_be_writte).waitFor();
  await picture(page, "event-calendar-refused");
  await where.getByRole("button", { name: da.event.calendars.takeOut }).click();
  await where.getByText(da.event.calendars.nowhere).waitFor();
  assert.deepEqual(asked, [["nord", "integration", false], ["nord", "integration", true]]);
  await page.context().close();
});

test("a meeting that may be somebody else's waits for a person, who may change the answer", async () => {
  const page = await visit(browser, demo.address, { as: "caseworker" });
  const meeting = { id: "m1", associationId: demo.associationId(kNewcomers), officialName: "Somalisk Kvindeforening Fjordby",
    departmentName: "Integration og Medborgerskab", date: daysFromNow(-3), basis: "BASIS_ADDRESS", state: "STATE_IN_REVIEW" };
  let waiting = [];
  const said = [];
  await page.route("**/*ContactService/ListTouchpoints", (route) => {
    assert.equal(route.request().postDataJSON().inReview, true);
    return route.fulfill({ json: { touchpoints: waiting, totalCount: String(waiting.length) } });
  });
  await page.route("**/*ContactService/ReviewTouchpoint", (route) => {
    said.push(route.request().postDataJSON());
    waiting = [];
    return route.fulfill({ json: { touchpoint: meeting } });
  });
  const asked = page.getByRole("region", { name: da.review.meetings.title });
  await show(page, "/gennemsyn");
  assert.equal(await asked.count(), 0, "nothing waits");
  waiting = [meeting];
  await show(page, "/gennemsyn");
  await asked.getByText(da.review.meetings.why.BASIS_ADDRESS).waitFor();
  await picture(page, "review-meetings");
  await asked.getByRole("button", { name: da.review.meetings.yes }).click();
  const told = asked.getByRole("status");
  await told.getByText(/^Skrevet ned: Integration og Medborgerskab og Somalisk/).waitFor();
  assert.equal(await asked.getByRole("listitem").count(), 0);
  await told.getByRole("button").click();
  await told.getByText(/var ikke med Somalisk/).waitFor();
  assert.deepEqual(said.map(({ touchpointId, confirmed }) => [touchpointId, confirmed]), [["m1", true], ["m1", false]]);
  await page.context().close();
});

// A collaboration that is over, of which both sides can say what came of it.
async function writeDownOld(page) {
  const [department] = (await call(page, "registry.v1.RegistryService/ListDepartments", { pageSize: 500 })).departments
    .filter((each) => each.officialName === "Kultur og Fritid");
  const parties = [
    { side: "COLLABORATION_SIDE_MUNICIPALITY", departmentId: department.id, roles: ["PARTY_ROLE_LEAD"] },
    { side: "COLLABORATION_SIDE_ASSOCIATION", associationId: demo.associationId(kNewcomers), roles: ["PARTY_ROLE_CONTRIBUTES"] },
  ];
  const collaboration = {
    title: "Madklub på biblioteket", aim: { byLanguage: { da: "Flere spiser sammen" } },
    startDate: daysFromNow(-90), endDate: daysFromNow(-5),
  };
  return (await call(page, "collab.v1.CollaborationService/CreateCollaboration", { collaboration, parties, recordedAfterwards: true })).collaboration.id;
}

async function sayWhatCame(page, side, words, label, quote) {
  const card = page.locator(".side-card").filter({ has: page.getByRole("heading", { name: `${side} siger` }) });
  await card.getByRole("button", { name: da.collaboration.outcome.write }).click();
  await card.getByRole("textbox", { name: da.collaboration.outcome.label }).fill(words);
  const may = card.getByRole("checkbox", { name: label });
  assert.equal(await may.isChecked(), false, "nobody agrees by having forgotten to say no");
  if (quote) await may.check();
  await picture(page, `outcome-${quote ? "quoted" : "unquoted"}`);
  await card.getByRole("button", { name: da.common.save }).click();
  await card.getByText(quote ? da.collaboration.outcome.quoted : da.collaboration.outcome.unquoted, { exact: true }).waitFor();
}

// Two rounds of checks by five associations: fewer are not told of.
function checkResources() {
  for (const association of [kHomework, kNewcomers, "99100869", "99100109", "99100303"]) {
    for (const [days, score] of [[200, 2], [10, 4]]) {
      const scores = kTopics.flatMap((topic) => ["--set", `${topic}-1=${score}`, "--set", `${topic}-2=${score}`]);
      demo.command("resource-check", "record", "--association", association, "--mode", "self", "--date", daysFromNow(-days), "--shared", ...scores);
    }
  }
}

async function downloaded(page, button) {
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: button }).click()]);
  return readFileSync(await file.path(), "utf8");
}

test("what both sides say stands in the report where they agreed, and so does what changed", async () => {
  const page = await visit(browser, demo.address, { as: "caseworker" });
  const refused = refusals(page);
  const id = await writeDownOld(page);
  checkResources();
  await show(page, `/samarbejder/${id}`);
  await page.getByRole("tab", { name: da.collaboration.tab.reached }).click();
  await sayWhatCame(page, "Kommunen", "Vi lærte hinanden at kende", da.collaboration.outcome.quote, false);
  await sayWhatCame(page, "Foreningen", "Vi laver mad sammen nu", da.collaboration.outcome.quoteForThem, true);
  await picture(page, "outcomes");

  await go(page, da.nav.report);
  const quote = page.locator("figure").filter({ hasText: "Vi laver mad sammen nu" });
  await quote.getByRole("link", { name: "Madklub på biblioteket" }).waitFor();
  await quote.getByText("Somalisk", { exact: false }).first().waitFor();
  assert.equal(await page.getByText("Vi lærte hinanden at kende").count(), 0);
  const row = page.getByRole("table", { name: da.report.change }).getByRole("row", { name: /^Fundraising/ });
  await row.waitFor();
  const [before, later, change] = await row.getByRole("cell").allInnerTexts();
  assert.match(before, /^\d,\d$/);
  assert.match(change, /^\+\d,\d$/);
  assert.ok(Number(later.replace(",", ".")) > Number(before.replace(",", ".")));
  await picture(page, "report-quotes");
  const csv = await downloaded(page, da.report.download);
  assert.match(csv, new RegExp(`"Fundraising";"";"";"${change.slice(1)}";"${before}";"${later.replace(",0", "")}"`));
  assert.match(csv, /"Vi laver mad sammen nu";"";"";"Madklub på biblioteket";"[^"]+";"\d{4}-\d{2}-\d{2}"/);
  await page.emulateMedia({ media: "print" });
  await quote.waitFor();
  await page.context().close();

  // On a phone the same.
  const phone = await visit(browser, demo.address, { as: "caseworker", size: sizes.phone });
  await show(phone, "/rapport");
  await phone.getByText("Vi laver mad sammen nu").waitFor();
  await picture(phone, "report-quotes-phone");
  assert.deepEqual(refused, []);
  await phone.context().close();
});

test("an agreement tells its days as people write them", async () => {
  const page = await visit(browser, demo.address, { as: "caseworker" });
  const work = demo.json("collaboration", "list").collaborations.find((each) => each.title.startsWith("Lektiecafé"));
  const collaboration = { id: work.id, startDate: "2031-02-03", title: "Lektiecafé, siden 2031-02-04" };
  await call(page, "collab.v1.CollaborationService/UpdateCollaboration", { collaboration, updateMask: "startDate,title" });
  for (const state of ["CLARIFYING", "ALIGNING"]) {
    if (work.state !== `COLLABORATION_STATE_${state}`) {
      await call(page, "collab.v1.CollaborationService/MoveCollaboration", { collaborationId: work.id, state: `COLLABORATION_STATE_${state}` });
    }
  }
  await call(page, "collab.v1.CollaborationService/StartAlignment", { collaborationId: work.id });
  await show(page, `/samarbejder/${work.id}`);
  await page.getByText(da.collaboration.agreement).click();
  const agreement = page.locator(".agreement-text .prose");
  await agreement.filter({ hasText: "fra 3. feb. 2031" }).waitFor();
  // What somebody wrote stays as they wrote it.
  assert.match(await agreement.innerText(), /siden 2031-02-04/);
  await page.context().close();
});

test("who has looked is told by department and role, and not by name", async () => {
  const first = await visit(browser, demo.address, { as: "caseworker" });
  await show(first, `/foreninger/${demo.associationId(kHomework)}`);
  await first.context().close();
  for (const size of ["desktop", "phone"]) {
    const page = await visit(browser, demo.address, { as: "operator", size: sizes[size] });
    const refused = refusals(page);
    await show(page, "/hvem-har-set");
    const row = page.getByRole("row").filter({ hasText: "foreningens oplysninger" }).filter({ hasText: "Kultur og Fritid" }).first();
    await row.getByText(da.accessLog.role.caseworker, { exact: true }).waitFor();
    await settled(page);
    await picture(page, `access-log-roles-${size}`);
    assert.deepEqual(refused, []);
    await page.context().close();
  }
});
