// A login provider (oidc-provider), and some that are out of order, on 127.0.0.1.
//
// Usage: node login_provider.mjs KID [PORT [TLS_KEY TLS_CERTIFICATE]]
//
// Makes new keys under the kid, writes its port, and ends with its input. Each line of
// that is a question, and gets a line for an answer: "token" for an access token, "asked"
// for how often its keys were asked for, "claims {...}" for other claims in the next tokens,
// "ttl N" for seconds that the next tokens live, "skew N" for seconds that its clock is ahead, "bound PEM" (percent-encoded) for a token
// that is bound to that client certificate (RFC 8705). People sign in at it with a browser, too, under
// whatever name, for the program "brobygger-cli" (device flow), and for the web page "brobygger-web" (authorization
// code, PKCE), or "brobygger-web-secret", which has a secret; both may come back to any port of this machine.
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { createInterface } from "node:readline";
import Provider from "oidc-provider";

const [kid, port = "0", tlsKey, tlsCertificate] = process.argv.slice(2);
// What the library says to whoever runs it is not an answer of ours.
console.info = console.warn = console.error;

const realNow = Date.now;
let ttl = 600;
let claims = { roles: ["caseworker"], municipality_code: "0615", department_ids: ["d-1"] };

function newKey() {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { ...privateKey.export({ format: "jwk" }), kid, use: "sig", alg: "ES256" };
}

// "native" lets the port be any (RFC 8252 section 7.3).
function webClient(more) {
  const hosts = ["127.0.0.1", "localhost", "[::1]"];
  return {
    application_type: "native", grant_types: ["authorization_code", "refresh_token"], response_types: ["code"],
    redirect_uris: hosts.map((host) => `http://${host}/session/callback`),
    post_logout_redirect_uris: hosts.map((host) => `http://${host}/`),
    id_token_signed_response_alg: "ES256", ...more,
  };
}

function providerAt(issuer) {
  const resource = () => ({
    scope: "registry contacts", audience: "brobygger", accessTokenFormat: "jwt", accessTokenTTL: ttl,
    jwt: { sign: { alg: "ES256" } },
  });
  return new Provider(issuer, {
    jwks: { keys: [newKey()] },
    clients: [{
      client_id: "journal", client_secret: "a secret of the tests", grant_types: ["client_credentials"],
      redirect_uris: [], response_types: [], id_token_signed_response_alg: "ES256",
    }, {
      client_id: "journal-bound", client_secret: "a secret of the tests", grant_types: ["client_credentials"],
      redirect_uris: [], response_types: [], id_token_signed_response_alg: "ES256",
      tls_client_certificate_bound_access_tokens: true,
    }, {
      client_id: "brobygger-cli", token_endpoint_auth_method: "none", application_type: "native",
      grant_types: ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"],
      redirect_uris: [], response_types: [], id_token_signed_response_alg: "ES256",
    }, webClient({ client_id: "brobygger-web", token_endpoint_auth_method: "none" }),
    webClient({ client_id: "brobygger-web-secret", client_secret: "a secret of the tests" })],
    // What somebody is called stands in the ID token, too.
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, name: `${id} fra Fjordby` }) }),
    claims: { profile: ["name"] },
    conformIdTokenClaims: false,
    cookies: { keys: ["a key of the tests"] },
    issueRefreshToken: (_, client) => client.grantTypeAllowed("refresh_token"),
    extraTokenClaims: () => claims,
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: true },
      deviceFlow: { enabled: true },
      revocation: { enabled: true },
      mTLS: {
        enabled: true, certificateBoundAccessTokens: true,
        getCertificate: (context) => decodeURIComponent(context.get("x-certificate")) || undefined,
      },
      resourceIndicators: {
        enabled: true, defaultResource: () => "urn:brobygger", getResourceServerInfo: resource,
        useGrantedResource: () => true,
      },
    },
  });
}

async function token(issuer, client = "journal", certificate = "") {
  const answer = await fetch(`${issuer}/token`, {
    method: "POST",
    headers: {
      authorization: `Basic ${btoa(`${client}:a+secret+of+the+tests`)}`,
      "x-certificate": certificate,
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
    if (line.startsWith("ttl ")) ttl = Number(line.slice("ttl ".length));
    if (line.startsWith("skew ")) Date.now = () => realNow() + 1000 * Number(line.slice("skew ".length));
    let said = asked;
    if (line === "token") said = await token(issuer);
    if (line.startsWith("bound ")) said = await token(issuer, "journal-bound", line.slice("bound ".length));
    process.stdout.write(`${said}\n`);
  });
  questions.on("close", () => process.exit(0));
  process.stdout.write(`${server.address().port}\n`);
});
