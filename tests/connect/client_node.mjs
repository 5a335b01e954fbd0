// Runs client_checks.mjs with Node's fetch. Usage: node client_node.mjs BASE GEN
import { pathToFileURL } from "node:url";
import { runChecks } from "./client_checks.mjs";

const [base, gen] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await runChecks(base, pathToFileURL(gen).href)));
// A call that was given up may still hold a connection.
process.exit(0);
