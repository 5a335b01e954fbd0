// A real login provider of tests/support for the page, and the hub that takes its word.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { root } from "./demo.mjs";

export class LoginProvider {
  // Answers come in the order of the questions, a line each; the first is the port.
  static async start() {
    const provider = new LoginProvider();
    provider.process = spawn("node", [join(root, "tests/support/login_provider.mjs"), "first"], { stdio: ["pipe", "pipe", "ignore"] });
    provider.lines = createInterface({ input: provider.process.stdout })[Symbol.asyncIterator]();
    provider.issuer = `http://127.0.0.1:${(await provider.lines.next()).value}`;
    return provider;
  }

  async ask(question) {
    this.process.stdin.write(`${question}\n`);
    return (await this.lines.next()).value;
  }

  // What the hub is told, in the place of the demo's people.
  access(state) {
    return `
[access]
socket = "${state}/run/people.sock"
group = ""
issuer = "${this.issuer}"
audience = "brobygger"
keys_url = "${this.issuer}/jwks"
keys_plain = true
web_client_id = "brobygger-web"
web_scope = "openid profile"
`;
  }

  stop() {
    this.process.stdin.end();
  }
}
