// Chromium for tests of the page.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { build } from "./demo.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const screenshots = join(build, "screenshots");
export const sizes = { small: { width: 320, height: 700 }, phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } };

export function launch() {
  mkdirSync(screenshots, { recursive: true });
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    // As root there is no sandbox; the rest keeps the browser from talking to anybody else.
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
           "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"],
  });
}

// A new browser profile at the page, in this language. Errors of the page's scripts are kept.
export async function visit(browser, address, { language = "da", size = sizes.desktop, as = undefined } = {}) {
  const context = await browser.newContext({ viewport: size, baseURL: address, locale: language === "da" ? "da-DK" : "en-GB" });
  await context.addInitScript((wanted) => {
    if (!localStorage.getItem("language")) localStorage.setItem("language", wanted);
  }, language);
  const page = await context.newPage();
  page.troubles = [];
  page.on("pageerror", (error) => page.troubles.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) page.troubles.push(message.text());
  });
  page.setDefaultTimeout(20_000);
  if (as) await signIn(page, as);
  return page;
}

// Signs in as one of the demo's people, by the door's own address and without the screen.
export async function signIn(page, person) {
  await page.goto("/tilgaengelighed");
  const status = await page.evaluate(async (key) => {
    const response = await fetch("/session/demo", {
      method: "POST", headers: { "Content-Type": "application/json", "Connect-Protocol-Version": "1" },
      body: JSON.stringify({ person: key }),
    });
    return response.status;
  }, person);
  if (status !== 200) throw new Error(`signing in as ${person} answers ${status}`);
}

// Shows a screen and waits until it has its data.
export async function show(page, path) {
  await page.goto(path);
  await settled(page);
}

export async function settled(page) {
  await page.waitForSelector("main h1");
  await page.waitForFunction(() => document.querySelectorAll("[aria-busy=true], .spinner").length === 0);
}

// What no automatic reader of markup sees: sideways overflow, text of drawings outside their box,
// and lines of drawings that are too pale. WCAG 2.1, success criteria 1.4.10 and 1.4.11.
function looks() {
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth) {
    const wide = [...document.querySelectorAll("body *")].filter((each) => each.getBoundingClientRect().right > innerWidth + 1);
    found.push(`sideways overflow: ${document.documentElement.scrollWidth} > ${innerWidth}: ${wide.slice(0, 3).map((each) => `${each.tagName}.${each.getAttribute("class")}`)}`);
  }
  for (const text of document.querySelectorAll("svg text")) {
    const box = text.ownerSVGElement.getBoundingClientRect();
    const own = text.getBoundingClientRect();
    if (own.width === 0) continue;
    if (own.left < box.left - 1 || own.right > box.right + 1 || own.top < box.top - 1 || own.bottom > box.bottom + 1) {
      found.push(`text outside its drawing: ${text.textContent}`);
    }
  }
  const channel = (value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * channel(r / 255) + 0.7152 * channel(g / 255) + 0.0722 * channel(b / 255);
  const rgb = (text) => (text.match(/[\d.]+/g) ?? []).map(Number);
  const ratio = (a, b) => {
    const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (light + 0.05) / (dark + 0.05);
  };
  const ground = (element) => {
    for (let at = element.ownerSVGElement; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour.slice(0, 3);
    }
    return [255, 255, 255];
  };
  // Every line that carries data; helping lines say so by their class.
  for (const line of document.querySelectorAll("svg[role=img] path, svg[role=img] polygon, svg[role=img] polyline, svg[role=img] rect")) {
    if (line.closest("[class*=grid], [class*=ring], [class*=axis], [class*=rim], [class*=ground], [class*=dim], defs")) continue;
    const style = getComputedStyle(line);
    const colour = style.stroke !== "none" ? style.stroke : style.fill;
    const parts = rgb(colour);
    if (parts.length < 3 || parts[3] === 0) continue;
    const contrast = ratio(parts.slice(0, 3), ground(line));
    if (contrast < 3) found.push(`a drawing's ${line.tagName}.${line.getAttribute("class")} has contrast ${contrast.toFixed(2)}`);
  }
  return found;
}

// What the page itself says went wrong.
function complaints() {
  return [...document.querySelectorAll(".alert-error")].map((each) => `the page says: ${each.textContent}`);
}

// All that is wrong with what the page shows now, in words; empty if nothing is.
export async function faults(page) {
  await page.evaluate(axe);
  const result = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] }));
  const words = result.violations.map((each) => `axe ${each.id}: ${each.nodes.length} x, ${each.nodes[0].html.slice(0, 200)}`);
  return [...words, ...(await page.evaluate(looks)), ...(await page.evaluate(complaints)), ...page.troubles];
}
