// Makes src/gen/: the JSON types of the hub's messages, and methods.ts, which says what each
// method takes and answers. Not committed; the protos are the source.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

const ui = join(dirname(fileURLToPath(import.meta.url)), "..");
const protos = join(ui, "../../../proto");
const gen = join(ui, "src/gen");

function protoFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return protoFiles(path);
    return entry.name.endsWith(".proto") ? [relative(protos, path)] : [];
  });
}

// "brobygger.registry.v1" -> "registry_v1"
const aliasOf = (pkg) => pkg.replace(/^brobygger\./, "").replaceAll(".", "_");
const localOf = (typeName, pkg) => `${typeName.slice(pkg.length + 2).replaceAll(".", "_")}Json`;

rmSync(gen, { recursive: true, force: true });
mkdirSync(gen, { recursive: true });
const files = protoFiles(protos);
const set = join(gen, "all.binpb");
execFileSync("protoc", [
  `-I${protos}`,
  `--descriptor_set_out=${set}`,
  "--include_imports",
  `--plugin=protoc-gen-es=${join(ui, "node_modules/.bin/protoc-gen-es")}`,
  `--es_out=${gen}`,
  "--es_opt=target=ts,json_types=true,import_extension=none",
  ...files,
]);

const all = fromBinary(FileDescriptorSetSchema, readFileSync(set)).file;
rmSync(set);
const home = new Map();
for (const file of all) {
  for (const message of file.messageType) home.set(`.${file.package}.${message.name}`, file);
}
const lines = [];
const imports = new Set();
for (const file of all) {
  for (const service of file.service) {
    for (const method of service.method) {
      const types = [method.inputType, method.outputType].map((type) => {
        const from = home.get(type);
        imports.add(from.name);
        return `${aliasOf(from.package)}_${from.name.split("/").pop().replace(".proto", "")}.${localOf(type, from.package)}`;
      });
      const name = `${file.package.replace(/^brobygger\./, "")}.${service.name}/${method.name}`;
      lines.push(`  "${name}": { in: ${types[0]}; out: ${types[1]}; streams: ${method.serverStreaming} };`);
    }
  }
}
const importLines = [...imports].sort().map((name) => {
  const file = all.find((each) => each.name === name);
  const alias = `${aliasOf(file.package)}_${name.split("/").pop().replace(".proto", "")}`;
  return `import type * as ${alias} from "./${name.replace(".proto", "_pb")}";`;
});
writeFileSync(
  join(gen, "methods.ts"),
  `${importLines.join("\n")}\n\nexport interface Methods {\n${lines.sort().join("\n")}\n}\n`,
);
