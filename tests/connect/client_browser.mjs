// Runs client_checks.mjs in Chromium, in a page whose server hands /api on to the door, as a server
// that speaks TLS in front of it would. Usage: node client_browser.mjs BASE GEN
import { readFile } from "node:fs/promises";
import { createServer, request as callDoor } from "node:http";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const [base, gen] = process.argv.slice(2);
const PATIENCE_MS = 100_000;
const HERE = fileURLToPath(new URL(".", import.meta.url));
const MODULES = fileURLToPath(new URL("../node_modules", import.meta.url));
const IMPORTS = Object.fromEntries([
  ...["connect", "connect-web"].map((part) => [`@connectrpc/${part}`, "index"]),
  ...["protocol", "protocol-connect", "protocol-grpc", "protocol-grpc-web"]
    .map((part) => [`@connectrpc/connect/${part}`, `${part}/index`]),
  ["@bufbuild/protobuf", "index"],
  ...["codegenv1", "codegenv2", "reflect", "wire", "wkt"]
    .map((part) => [`@bufbuild/protobuf/${part}`, `${part}/index`]),
].map(([name, file]) => [name, `/modules/${name.split("/").slice(0, 2).join("/")}/dist/esm/${file}.js`]));
const PAGE = `<!doctype html><title>checks</title>
<script type="importmap">${JSON.stringify({ imports: IMPORTS })}</script>
<script type="module">
  import { runChecks } from "/client_checks.mjs";
  runChecks(location.origin, "/gen").catch(String).then((told) => { window.told = told; });
</script>`;

function handOn(request, answer) {
  const { method, url: path, headers } = request;
  const { hostname: host, port } = new URL(base);
  const onward = callDoor({ host, port, method, path, headers, agent: false }, (told) => {
    answer.writeHead(told.statusCode, told.headers);
    told.pipe(answer);
    told.on("error", () => answer.destroy());
  });
  onward.on("error", () => answer.destroy());
  answer.on("close", () => onward.destroy());
  request.pipe(onward);
}

async function serveFile(path, answer) {
  const file = path.startsWith("/gen/") ? gen + path.slice("/gen".length)
    : path.startsWith("/modules/") ? MODULES + path.slice("/modules".length) : HERE + path.slice(1);
  const text = await readFile(file).catch(() => null);
  answer.writeHead(text === null ? 404 : 200, { "content-type": "text/javascript" }).end(text ?? "");
}

const server = createServer((request, answer) => {
  if (request.url.startsWith("/api/")) return handOn(request, answer);
  if (request.url === "/") return answer.writeHead(200, { "content-type": "text/html" }).end(PAGE);
  return serveFile(request.url, answer);
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
try {
  const page = await browser.newPage();
  page.on("pageerror", (error) => process.stderr.write(`${error.message}\n`));
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const told = await page.waitForFunction(() => window.told, null, { timeout: PATIENCE_MS });
  process.stdout.write(JSON.stringify(await told.jsonValue()));
} finally {
  await browser.close();
}
process.exit(0);
