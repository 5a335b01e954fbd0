// connect-node with the hub's protos, on 127.0.0.1: what the door is held against.
//
// Usage: node oracle.mjs GEN, where GEN is the folder with what protoc-gen-es made. Writes its port, and
// ends with its input.
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { behaviourOf } from "./behaviour.mjs";

const [gen] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(`${gen}/${file}_pb.js`));
const schemas = Object.assign({}, ...await Promise.all([
  "brobygger/feed/v1/feed_service", "brobygger/identity/v1/identity_service",
  "brobygger/registry/v1/association", "brobygger/registry/v1/registry_service", "google/rpc/status",
].map(load)));

const { updateAssociation, useModel, followChanges } = behaviourOf(schemas);
// What goes wrong in a call is for who asked; the test says what it expects.
console.error = () => {};
const server = createServer(connectNodeAdapter({
  requestPathPrefix: "/api",
  grpc: false,
  grpcWeb: false,
  readMaxBytes: 4 << 20, // as the door has it
  routes: (router) => {
    router.service(schemas.RegistryService, { updateAssociation });
    router.service(schemas.IdentityService, { useModel });
    router.service(schemas.FeedService, { followChanges });
  },
}));
server.listen(0, "127.0.0.1", () => process.stdout.write(`${server.address().port}\n`));
process.stdin.on("end", () => process.exit(0)).resume();
