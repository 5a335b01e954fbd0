// A login provider (oidc-provider), and some that are out of order, on 127.0.0.1.
//
// Usage: node login_provider.mjs KID [PORT [TLS_KEY TLS_CERTIFICATE]]
//
// Makes new keys under the kid, writes its port, and ends with its input. Each line of
// that is a question, and gets a line for an answer: "token" for an access token, "asked"
// for how often its keys were asked for, "claims {...}" for other claims in the next tokens.
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { createInterface } from "node:readline";
import Provider from "oidc-provider";

const [kid, port = "0", tlsKey, tlsCertificate] = process.argv.slice(2);
// What the library says to whoever runs it is not an answer of ours.
console.info = console.warn = console.error;

let claims = { roles: ["caseworker"], municipality_code: "0615", department_ids: ["d-1"] };

function newKey() {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { ...privateKey.export({ format: "jwk" }), kid, use: "sig", alg: "ES256" };
}

function providerAt(issuer) {
  const resource = {
    scope: "registry contacts", audience: "brobygger", accessTokenFormat: "jwt", accessTokenTTL: 600,
    jwt: { sign: { alg: "ES256" } },
  };
  return new Provider(issuer, {
    jwks: { keys: [newKey()] },
    clients: [{
      client_id: "journal", client_secret: "a secret of the tests", grant_types: ["client_credentials"],
      redirect_uris: [], response_types: [], id_token_signed_response_alg: "ES256",
    }],
    extraTokenClaims: () => claims,
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true, defaultResource: () => "urn:brobygger", getResourceServerInfo: () => resource,
      },
    },
  });
}

async function token(issuer) {
  const answer = await fetch(`${issuer}/token`, {
    method: "POST",
    headers: {
      authorization: `Basic ${btoa("journal:a+secret+of+the+tests")}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: "grant_type=client_credentials&scope=registry",
  });
  return (await answer.json()).access_token;
}

const { d: _, ...otherKey } = newKey();
const goodSet = JSON.stringify({ keys: [otherKey] });
const outOfOrder = {
  "/wrong-keys": (answer) => answer.end(goodSet),
  "/silent": () => {},
  "/slow": (answer) => {
    answer.write("{");
    setInterval(() => answer.write(" "), 20).unref();
  },
  "/huge": (answer) => answer.end(Buffer.alloc(10_000_000, " ")),
  "/huge-in-parts": (answer) => {
    for (let part = 0; part < 1000; ++part) answer.write(Buffer.alloc(10_000, " "));
    answer.end();
  },
  "/long-headers": (answer) => {
    answer.socket.write("HTTP/1.1 200 OK\r\n");
    for (let line = 0; line < 2000; ++line) answer.socket.write(`x-${line}: ${"x".repeat(100)}\r\n`);
    answer.socket.end("\r\n");
  },
  "/elsewhere": (answer) => answer.writeHead(302, { location: "/wrong-keys" }).end(goodSet),
  "/down": (answer) => answer.writeHead(503).end(goodSet),
  "/page": (answer) => answer.end("<html><body>Welcome</body></html>"),
  "/cut": (answer) => {
    answer.writeHead(200, { "content-length": goodSet.length + 1 });
    answer.write(goodSet, () => answer.destroy());
  },
};

const server = tlsKey === undefined
  ? createServer()
  : createTlsServer({ key: readFileSync(tlsKey), cert: readFileSync(tlsCertificate) });
server.listen(Number(port), "127.0.0.1", () => {
  const issuer = `http${tlsKey === undefined ? "" : "s"}://127.0.0.1:${server.address().port}`;
  const serve = providerAt(issuer).callback();
  let asked = 0;
  server.on("request", (request, answer) => {
    asked += request.url === "/jwks" ? 1 : 0;
    (outOfOrder[request.url] ?? (() => serve(request, answer)))(answer);
  });
  const questions = createInterface({ input: process.stdin });
  questions.on("line", async (line) => {
    if (line.startsWith("claims ")) claims = JSON.parse(line.slice("claims ".length));
    process.stdout.write(`${line === "token" ? await token(issuer) : asked}\n`);
  });
  questions.on("close", () => process.exit(0));
  process.stdout.write(`${server.address().port}\n`);
});
