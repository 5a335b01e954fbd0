// Every screen, in both languages and at three sizes: nothing that a reader of markup objects to, and
// nothing cut off. The pictures are in the build's folder `screenshots`, to be looked at by a person.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { faults, launch, screenshots, show, sizes, visit } from "./browser.mjs";
import { Demo } from "./demo.mjs";

let demo;
let browser;
// Each screen: its name, who looks at it ("" nobody signed in), and its path.
let screens;

before(async () => {
  demo = new Demo();
  browser = await launch();
  const homework = demo.associationId("99100265");
  const work = demo.json("collaboration", "list").collaborations.find((each) => each.title.startsWith("Lektiecafé"));
  const [day] = demo.json("event", "list").events;
  screens = [
    ["sign-in", "", "/"],
    ["accessibility", "", "/tilgaengelighed"],
    ["privacy", "", "/privatliv"],
    ["not-found", "caseworker", "/findes-ikke"],
    ["associations", "caseworker", "/foreninger"],
    ["association", "caseworker", `/foreninger/${homework}`],
    ["who-knows", "caseworker", "/hvem-kender-hvem"],
    ["collaborations", "caseworker", "/samarbejder"],
    ["collaboration", "caseworker", `/samarbejder/${work.id}`],
    ["events", "caseworker", "/netvaerksdage"],
    ["event", "caseworker", `/netvaerksdage/${day.id}`],
    ["getting-started", "caseworker", "/kom-godt-i-gang"],
    ["review", "caseworker", "/gennemsyn"],
    ["report", "caseworker", "/rapport"],
    ["resource-check", "caseworker", `/ressourcetjek/${homework}`],
    ["associations-centre", "volunteer-centre", "/foreninger"],
    ["proposals", "volunteer-centre", "/forslag"],
    ["connections", "operator", "/forbindelser"],
    ["connection", "operator", "/forbindelser/boligsocial"],
    ["access-log", "operator", "/hvem-har-set"],
  ];
});

after(async () => {
  await browser?.close();
  demo?.stop();
});

for (const language of ["da", "en"]) {
  for (const [size, viewport] of Object.entries(sizes)) {
    test(`every screen reads well in ${language} at ${viewport.width} pixels`, async () => {
      const found = [];
      const pages = new Map();
      for (const [name, as, path] of screens) {
        if (!pages.has(as)) pages.set(as, await visit(browser, demo.address, { language, size: viewport, as }));
        const page = pages.get(as);
        await show(page, path);
        await page.screenshot({ path: join(screenshots, `${name}-${language}-${size}.png`), fullPage: true });
        for (const fault of await faults(page)) found.push(`${name}: ${fault}`);
        page.troubles = [];
      }
      for (const page of pages.values()) await page.context().close();
      assert.deepEqual(found, []);
    });
  }
}
