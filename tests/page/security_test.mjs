// What somebody who means harm sends the web door, and what another page makes a browser send. Held
// over plain HTTP, and in the browser where the browser itself is the guard.
import assert from "node:assert/strict";
import { request } from "node:http";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { launch, show, visit } from "./browser.mjs";
import { Demo } from "./demo.mjs";

const kMethod = "/api/brobygger.access.v1.AccessService/WhoAmI";
const kJson = { "Content-Type": "application/json", "Connect-Protocol-Version": "1" };
// The door's patience with a request is 15 s, and the machine may be busy.
const kPatience = 40_000;

let demo;
let browser;
// As our own page sends it.
let ours;

before(async () => {
  demo = new Demo("empty");
  browser = await launch();
  ours = { Origin: demo.address, "Sec-Fetch-Site": "same-origin" };
});

after(async () => {
  await browser?.close();
  demo?.stop();
});

// One request as it is written here: fetch() would set Host, Origin and Sec-Fetch-Site itself.
function send(method, path, headers = {}, body = "") {
  return new Promise((resolve, reject) => {
    const asked = request(`${demo.address}${path}`, { method, headers: { "Content-Length": Buffer.byteLength(body), ...headers } }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(parts).toString() }));
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

const cookieOf = (answer) => answer.headers["set-cookie"]?.find((each) => each.startsWith("brobygger="));

async function signIn(headers = ours) {
  return send("POST", "/session/demo", { ...kJson, ...headers }, JSON.stringify({ person: "caseworker" }));
}

async function session() {
  const cookie = cookieOf(await signIn());
  assert.ok(cookie);
  return cookie.split(";")[0];
}

const whoAmI = (headers) => send("POST", kMethod, { ...kJson, ...headers }, "{}");
const isSignedIn = async (headers) => JSON.parse((await send("GET", "/session", headers)).text).signedIn;

const elsewhere = [
  ["another origin", { Origin: "http://elsewhere.example" }],
  ["another port", { Origin: "http://127.0.0.1:1" }],
  ["another scheme", () => ({ Origin: demo.address.replace("http", "https") })],
  ["no origin that may be told", { Origin: "null" }],
  ["no origin at all", {}],
  ["another site by Sec-Fetch-Site", () => ({ Origin: demo.address, "Sec-Fetch-Site": "cross-site" })],
  ["another part of the site", () => ({ Origin: demo.address, "Sec-Fetch-Site": "same-site" })],
  ["an address typed by hand", { "Sec-Fetch-Site": "none" }],
];

for (const [what, told] of elsewhere) {
  test(`a session cannot be begun, used or ended by ${what}`, async () => {
    const headers = typeof told === "function" ? told() : told;
    const refused = await signIn(headers);
    assert.equal(refused.status, 403);
    assert.equal(cookieOf(refused), undefined);
    const cookie = await session();
    const used = await whoAmI({ Cookie: cookie, ...headers });
    assert.equal(used.status, 403, used.text);
    assert.match(used.text, /NOT_ALLOWED/);
    assert.equal((await send("POST", "/session/end", { ...kJson, Cookie: cookie, ...headers }, "{}")).status, 403);
    assert.equal((await whoAmI({ Cookie: cookie, ...ours })).status, 200);
  });
}

test("what a form of another page could send is not taken", async () => {
  const cookie = await session();
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json; charset=utf-8"]) {
    assert.equal((await send("POST", "/session/demo", { ...ours, "Content-Type": type }, '{"person":"caseworker"}')).status, 403, type);
  }
  for (const type of ["text/plain", "application/x-www-form-urlencoded", ""]) {
    const answer = await send("POST", kMethod, { ...ours, Cookie: cookie, "Content-Type": type }, "{}");
    assert.ok([400, 415].includes(answer.status), `${type}: ${answer.status}`);
  }
  const { status } = await send("POST", kMethod, { ...ours, Cookie: cookie, "Content-Type": "application/json" }, "{}");
  assert.equal(status, 400, "without the protocol's version");
});

test("a cookie that is forged, foreign or given twice stands for nobody", async () => {
  const cookie = await session();
  const wrong = [
    "brobygger=", `brobygger=${"A".repeat(43)}`, `${cookie}x`, cookie.slice(0, -1), cookie.replace("brobygger=", "Brobygger="),
    `${cookie}; ${cookie}`, `brobygger=guess; ${cookie}`, `__Host-${cookie}`, "brobygger=../../etc/passwd", `brobygger=${"%00".repeat(20)}`,
  ];
  for (const each of wrong) {
    assert.equal((await whoAmI({ Cookie: each, ...ours })).status, 401, each);
    assert.equal(await isSignedIn({ Cookie: each }), false, each);
  }
  assert.equal((await whoAmI({ Cookie: `theirs=1; ${cookie}; more=2`, ...ours })).status, 200);
});

test("the session's cookie is new at each sign-in, and no script and no other page gets it", async () => {
  const planted = `brobygger=${"B".repeat(43)}`;
  const first = await signIn({ ...ours, Cookie: planted });
  const cookie = cookieOf(first);
  assert.match(cookie, /; HttpOnly/);
  assert.match(cookie, /; SameSite=Lax/);
  assert.match(cookie, /; Path=\//);
  assert.doesNotMatch(cookie, /Domain=|Max-Age=|Expires=/i);
  assert.notEqual(cookie.split(";")[0], planted);
  assert.equal((await whoAmI({ Cookie: planted, ...ours })).status, 401);
  const second = await signIn({ ...ours, Cookie: cookie.split(";")[0] });
  assert.notEqual(cookieOf(second), cookie);
  assert.equal((await whoAmI({ Cookie: cookie.split(";")[0], ...ours })).status, 401, "the one before is over");
});

test("nobody is signed in with a cookie after it was signed out", async () => {
  const cookie = await session();
  const ended = await send("POST", "/session/end", { ...kJson, ...ours, Cookie: cookie }, "{}");
  assert.equal(ended.status, 200);
  assert.match(cookieOf(ended), /^brobygger=;.*Max-Age=0/);
  assert.equal((await whoAmI({ Cookie: cookie, ...ours })).status, 401);
  assert.equal(await isSignedIn({ Cookie: cookie }), false);
});

test("a name that is pointed at this machine is not ours", async () => {
  const cookie = await session();
  for (const host of ["elsewhere.example", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.elsewhere.example", "elsewhere.example@127.0.0.1"]) {
    const headers = { Host: host, Origin: `http://${host}`, "Sec-Fetch-Site": "same-origin" };
    assert.equal((await send("GET", "/", headers)).status, 421, host);
    assert.equal((await send("GET", "/session", headers)).status, 421, host);
    assert.equal((await signIn(headers)).status, 421, host);
    assert.equal((await whoAmI({ ...headers, Cookie: cookie })).status, 403, host);
  }
});

test("a call is only taken by POST, and other methods by nothing", async () => {
  const cookie = await session();
  const read = await send("GET", `${kMethod}?encoding=json&message=%7B%7D&connect=v1`, { ...ours, Cookie: cookie });
  assert.equal(read.status, 405);
  assert.equal(read.headers.allow, "POST");
  for (const method of ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"]) {
    assert.equal((await send(method, kMethod, { ...ours, Cookie: cookie })).status, 405, method);
  }
  assert.equal((await send("POST", "/foreninger", ours)).status, 405);
  assert.equal((await send("GET", "/session/end", { ...ours, Cookie: cookie })).status, 404);
  assert.equal((await whoAmI({ Cookie: cookie, ...ours })).status, 200);
});

// What the door answers, and when it closed; the rest of what is sent may be refused by then.
function raw(text, more = () => undefined) {
  const { hostname, port } = new URL(demo.address);
  const begun = Date.now();
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(Number(port), hostname, () => {
      socket.write(text);
      more(socket);
    });
    socket.on("data", (part) => { answer += part; });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve({ status: Number(answer.split(" ")[1] ?? 0), answer, milliseconds: Date.now() - begun }));
  });
}

const head = (...fields) => `POST ${kMethod} HTTP/1.1\r\nHost: ${new URL(demo.address).host}\r\n${fields.map((each) => `${each}\r\n`).join("")}\r\n`;

test("what is too large, unsaid or ambiguous is refused and closed", async () => {
  assert.equal((await raw(head("Content-Type: application/json", `Content-Length: ${5 << 20}`))).status, 413);
  assert.equal((await raw(head("Content-Type: application/json", "Content-Length: 99999999999999999999"))).status, 400);
  assert.equal((await raw(head(`X-Long: ${"a".repeat(20_000)}`))).status, 431);
  assert.equal((await raw(`${head("Transfer-Encoding: chunked")}2\r\n{}\r\n0\r\n\r\n`)).status, 411);
  assert.ok([400, 411].includes((await raw(`${head("Content-Length: 2", "Transfer-Encoding: chunked")}0\r\n\r\n`)).status));
  assert.equal((await raw(head("Content-Length: 2", "Content-Length: 3"))).status, 400);
  assert.equal((await raw("POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n")).status, 400, "no host");
  const answers = await raw(`GET /${"a".repeat(30_000)} HTTP/1.1\r\nHost: x\r\n\r\n`);
  assert.ok([414, 431].includes(answers.status), String(answers.status));
});

test("a body that never ends is closed within the patience, and others are served meanwhile", async () => {
  let dripping;
  const slow = raw(head("Content-Type: application/json", "Connect-Protocol-Version: 1", "Content-Length: 100000"), (socket) => {
    dripping = setInterval(() => socket.write(" "), 500);
  });
  const headless = raw("GET / HTTP/1.1\r\nHost: ");
  try {
    assert.equal((await send("GET", "/")).status, 200);
    for (const each of await Promise.all([slow, headless])) assert.ok(each.milliseconds < kPatience, `${each.milliseconds} ms`);
  } finally {
    clearInterval(dripping);
  }
});

test("every page and file says what may be loaded, and nothing of it in a frame", async () => {
  const file = (await send("GET", "/")).text.match(/\/assets\/[^"]+\.js/)[0];
  for (const path of ["/", "/foreninger", "/foreninger/x", "/findes-ikke", "/privatliv", "/session/done", file, "/assets/none.js", "/..%2fetc"]) {
    const { headers } = await send("GET", path);
    assert.match(headers["content-security-policy"], /default-src 'self'.*frame-ancestors 'none'/, path);
    assert.doesNotMatch(headers["content-security-policy"], /unsafe|\*|data:/, path);
    assert.equal(headers["x-content-type-options"], "nosniff", path);
    assert.equal(headers["referrer-policy"], "no-referrer", path);
  }
  const told = await whoAmI({ Cookie: await session(), ...ours });
  assert.equal(told.headers["x-content-type-options"], "nosniff");
  assert.equal(told.headers["cache-control"], "no-store");
  assert.equal(told.headers["access-control-allow-origin"], undefined);
});

test("no way out of the folder of files", async () => {
  const ways = ["/../hub.toml", "/%2e%2e/hub.toml", "/assets/../../hub.toml", "/assets/%2e%2e%2f%2e%2e%2fhub.toml", "//etc/passwd", "/assets/..\\..\\hub.toml"];
  for (const path of ways) {
    const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: ${new URL(demo.address).host}\r\nConnection: close\r\n\r\n`);
    assert.doesNotMatch(answer.answer, /data_dir|root:/, path);
  }
});

test("no script that is written into the page runs, and none of another server", async () => {
  const page = await visit(browser, demo.address, { as: "caseworker" });
  await show(page, "/foreninger");
  await assert.rejects(page.addScriptTag({ content: "window.ran = 1" }), /Content Security Policy|Failed|violates/i);
  await assert.rejects(page.addScriptTag({ url: "http://127.0.0.1:1/x.js" }), /Failed|Content Security Policy|violates/i);
  const refused = await page.evaluate(async () => {
    const refused = [];
    const all = new Promise((resolve) => document.addEventListener("securitypolicyviolation", (event) => {
      refused.push(event.effectiveDirective);
      if (refused.length === 3) resolve();
    }));
    const inside = document.createElement("div");
    inside.innerHTML = '<img src="/none.png" onerror="window.ran = 1"><a href="javascript:window.ran = 1">x</a>' +
      '<form action="http://127.0.0.1:1/"><button>y</button></form>';
    document.body.append(inside);
    inside.querySelector("a").click();
    inside.querySelector("button").click();
    await all;
    return refused.sort();
  });
  assert.deepEqual(refused, ["form-action", "script-src-attr", "script-src-elem"]);
  assert.equal(await page.evaluate(() => window.ran), undefined);
  assert.equal(new URL(page.url()).origin, demo.address);
  assert.equal(await page.evaluate(() => document.cookie), "");
  await page.context().close();
});
