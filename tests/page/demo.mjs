// The demo of deploy/up for tests of the page: the hub, its sources and the web door, in a folder
// of its own and at a free port.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
export const build = process.env.BROBYGGER_BUILD ?? join(root, "build");
const fjordby = join(root, "deploy/demo/fjordby");
const brobygger = join(build, "bin/brobygger");
const kLimit = 120_000;

export class Demo {
  constructor(verb = "page") {
    // Short, since a Unix socket's path may have 107 bytes.
    this.state = mkdtempSync("/tmp/bb-");
    try {
      this.fjordby(verb);
      this.address = this.fjordby("address").trim();
    } catch (trouble) {
      this.stop();
      throw trouble;
    }
  }

  fjordby(verb, listen = "127.0.0.1:0") {
    const done = spawnSync(fjordby, [verb, this.state, build], {
      encoding: "utf8", timeout: kLimit, env: { ...process.env, BROBYGGER_DEMO_LISTEN: listen },
    });
    if (done.status !== 0) throw new Error(`fjordby ${verb}: ${done.stdout}${done.stderr}${this.log("hub")}`);
    return done.stdout;
  }

  log(which) {
    try {
      return readFileSync(join(this.state, `${which}.log`), "utf8").slice(-2000);
    } catch {
      return "";
    }
  }

  get server() {
    return `unix:${this.state}/run/hub.sock`;
  }

  // What a command of the operator prints.
  command(...words) {
    return execFileSync(brobygger, ["--server", this.server, "-q", ...words], { encoding: "utf8", timeout: kLimit });
  }

  json(...words) {
    return JSON.parse(this.command("-o", "json", ...words));
  }

  // The id of the association with this CVR number or name.
  associationId(which) {
    return this.json("association", "get", which).id;
  }

  pid(which) {
    return Number(readFileSync(join(this.state, "run", `${which}.pid`), "utf8"));
  }

  stop() {
    try {
      this.fjordby("stop");
    } finally {
      rmSync(this.state, { recursive: true, force: true });
    }
  }
}
