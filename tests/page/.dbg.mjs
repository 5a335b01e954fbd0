import { launch, visit, show } from "./browser.mjs";
const b = await launch();
try {
const page = await visit(b, "http://127.0.0.1:36801", { as: "caseworker" });
await show(page, "/foreninger/1baa241b-dc30-4947-ade6-cb55b9b0071a");
await page.getByRole("button", { name: "Rediger" }).click();
await page.getByRole("textbox", { name: "Formål" }).fill("x" + Date.now());
  await page.route("**/*UpdateAssociation", async (route) => {
    console.log("route");
    const r = await route.fetch().catch(e => console.log(String(e))); console.log(r?.status(), await r?.text());
    await route.abort("connectionreset"); console.log("aborted");
  });
await page.getByRole("button", { name: "Gem", exact: true }).click();
await new Promise(r => setTimeout(r, 3000));
console.log(await page.evaluate(() => document.querySelector("dialog").innerText));
} finally { await b.close(); }
