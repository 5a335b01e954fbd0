// Many associations at once, by a file that a connection reads: the fastest way into a hub.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const kMunicipality = "0998";

function connection(path, folder) {
  return `id = "mange"
title = "Mange foreninger"
plugin = "files.csv"
family = "files"
default_municipality_code = "${kMunicipality}"

[config]
path = "${path}"
id_column = "Nr"
stable_for_ms = 100

[config.columns]
"Navn" = { field = "navn", required = true }
"CVR-nr." = "cvr"
"Beskrivelse" = "beskrivelse"

[jail]
read_paths = ["${folder}"]

[[mapping]]
source = "navn"
target = "official_name"

[[mapping]]
source = "cvr"
target = "cvr"

[[mapping]]
source = "beskrivelse"
target = "purpose.da"
`;
}

const kSyllables = ["ba", "de", "fi", "go", "hu", "ja", "ke", "li", "mo", "nu", "pa", "re", "si", "to", "vu", "dra", "kle", "sti", "flo", "gru"];
const kKinds = ["Kulturforening", "Idrætsforening", "Kvindeforening", "Ungdomsforening", "Venskabsforening"];

// Weights of a CVR number's digits, whose sum 11 divides.
const kWeights = [2, 7, 6, 5, 4, 3, 2];

// As many CVR numbers that no other has, so that the hub takes no two of them for one.
function cvrNumbers(count) {
  const numbers = [];
  for (let stem = 1_000_000; numbers.length < count; ++stem) {
    const sum = [...String(stem)].reduce((all, digit, i) => all + Number(digit) * kWeights[i], 0);
    const check = (11 - (sum % 11)) % 11;
    if (check < 10) numbers.push(`${stem}${check}`);
  }
  return numbers;
}

// A made-up word that no other number has.
function ownWord(number) {
  let left = (number * 7919) % kSyllables.length ** 4;
  let word = "";
  for (let i = 0; i < 4; ++i) {
    word += kSyllables[left % kSyllables.length];
    left = Math.floor(left / kSyllables.length);
  }
  return word[0].toUpperCase() + word.slice(1);
}

export const nameOf = (number) => `${ownWord(number)} ${kKinds[Math.floor(number / 5) % kKinds.length]}`;

// Puts `count` associations into the hub of an empty demo.
export function fill(demo, count) {
  const folder = join(demo.state, "sources");
  const path = join(folder, "mange.csv");
  const rows = cvrNumbers(count).map((cvr, i) => `${i};${nameOf(i)};${cvr};Mad, musik og lektiehjælp i kvarter ${i % 40}`);
  writeFileSync(path, ["Nr;Navn;CVR-nr.;Beskrivelse", ...rows, ""].join("\n"));
  writeFileSync(join(demo.state, "mange.toml"), connection(path, folder));
  demo.command("connection", "create", "--file", join(demo.state, "mange.toml"));
  demo.command("--timeout", "110", "--yes", "sync", "run", "mange");
}
