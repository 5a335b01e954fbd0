// Builds the page into the folder that is named (otherwise dist/): types from the protos, checks,
// bundle, a .gz beside each file; and fails when it has become too large for a phone on a poor line.
import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";

const ui = join(dirname(fileURLToPath(import.meta.url)), "..");
const out = resolve(process.argv[2] ?? join(ui, "dist"));

// Bytes after compression. What somebody fetches who comes to one screen in one language is what a
// phone on a poor line feels, and has the limit that was set for the page; the limit for all files
// together, every screen and both languages, is there so that the page does not grow unseen.
const kOneScreen = 70_000;
const budgets = { ".js": 168_000, ".css": 25_000 };

function fail(message) {
  console.error(message);
  process.exit(1);
}

function run(...command) {
  try {
    execFileSync(process.execPath, command, { cwd: ui, stdio: "inherit" });
  } catch {
    fail(`failed: node ${command.join(" ")}`);
  }
}

// The keys of every text, "errors.title".
function keysOf(texts, prefix = "") {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === "string" ? [prefix + key] : keysOf(value, `${prefix}${key}.`));
}

// Every text there is in both languages, and a sentence for every reason that the hub may tell.
function checkTexts() {
  const [da, en] = ["da", "en"].map((language) =>
    JSON.parse(readFileSync(join(ui, `texts/${language}.json`), "utf8")));
  const danish = new Set(keysOf(da));
  const english = new Set(keysOf(en));
  const missing = [
    ...[...danish].filter((key) => !english.has(key)).map((key) => `en.json lacks ${key}`),
    ...[...english].filter((key) => !danish.has(key)).map((key) => `da.json lacks ${key}`),
  ];
  const proto = readFileSync(join(ui, "../../../proto/brobygger/errors/v1/error_reason.proto"), "utf8");
  for (const [, reason] of proto.matchAll(/^ {2}ERROR_REASON_(\w+) = [1-9]/gm)) {
    if (!danish.has(`errors.reasons.${reason}`)) missing.push(`texts lack errors.reasons.${reason}`);
  }
  if (missing.length > 0) fail(missing.join("\n"));
}

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

// A .gz beside each file that becomes smaller by it; returns the bytes by file.
function compress() {
  const sizes = new Map();
  for (const path of filesIn(out)) {
    if (path.endsWith(".woff2")) continue;
    const packed = gzipSync(readFileSync(path), { level: 9 });
    writeFileSync(`${path}.gz`, packed);
    sizes.set(relative(out, path), packed.length);
  }
  return sizes;
}

// What somebody fetches who comes to a screen first: the page, that screen with all it imports,
// and one language. Returns the screen that needs most.
function heaviestScreen(chunks, sizes) {
  const byFile = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const withImports = (file, all = new Set()) => {
    if (all.has(file)) return all;
    all.add(file);
    for (const each of byFile.get(file).imports) withImports(each, all);
    return all;
  };
  const moduleOf = (chunk) => relative(ui, chunk.facadeModuleId ?? "");
  const page = chunks.find((chunk) => chunk.isEntry).fileName;
  const danish = chunks.find((chunk) => moduleOf(chunk) === "texts/da.json").fileName;
  const screens = chunks.filter((chunk) => /^src\/screens\/\w+\.tsx$/.test(moduleOf(chunk))).map((chunk) => {
    const files = new Set([page, danish, chunk.fileName].flatMap((file) => [...withImports(file)]));
    return { name: chunk.name, size: [...files].reduce((sum, file) => sum + sizes.get(file), 0) };
  });
  return screens.sort((a, b) => b.size - a.size)[0];
}

function totalOf(sizes, ending) {
  return [...sizes].reduce((sum, [file, size]) => (file.endsWith(ending) ? sum + size : sum), 0);
}

// What is too large is not handed on.
function refuse(what) {
  rmSync(join(out, "index.html"));
  fail(`more ${what} than the budget allows`);
}

checkTexts();
run("tools/generate.mjs");
run("node_modules/typescript/bin/tsc", "--noEmit");
const bundle = await build({ root: ui, logLevel: "warn", build: { outDir: out, emptyOutDir: true } });
// Licences that ask to go with each copy.
copyFileSync(join(ui, "NOTICE"), join(out, "NOTICE.txt"));
const sizes = compress();
const heaviest = heaviestScreen(bundle.output.filter((each) => each.type === "chunk"), sizes);
console.log(`.js that one screen needs in one language: ${heaviest.size} of ${kOneScreen} bytes, compressed (${heaviest.name})`);
if (heaviest.size > kOneScreen) refuse(".js for one screen");
for (const [ending, budget] of Object.entries(budgets)) {
  const size = totalOf(sizes, ending);
  console.log(`${ending}: ${size} of ${budget} bytes, compressed`);
  if (size > budget) refuse(ending);
}
