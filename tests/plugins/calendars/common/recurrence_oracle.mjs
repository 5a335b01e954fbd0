// Compares our expansion of recurrence rules with that of ical.js, over rules made at random.
//
// Usage: node recurrence_oracle.mjs EXPAND_RULES [COUNT [SEED]]
import { spawnSync } from "node:child_process";
import ICAL from "ical.js";

const [program, count = "1500", seedText = "20261126"] = process.argv.slice(2);
let state = Number(seedText);

// mulberry32: small, and the same everywhere.
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
}

const between = (low, high) => low + Math.floor(random() * (high - low + 1));
const pick = (list) => list[between(0, list.length - 1)];
const maybe = (text) => (random() < 0.5 ? text : "");
const WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

function some(low, high, most) {
  const chosen = new Set();
  for (let left = between(1, most); left > 0; --left) chosen.add(between(low, high));
  return [...chosen].sort((one, other) => one - other).join();
}

const someDays = (most) => some(0, 6, most).split(",").map((day) => WEEKDAYS[day]).join();
const nth = () => `${pick([1, 2, 3, 4, -1, -2])}${pick(WEEKDAYS)}`;

// What municipal calendars hold, and some that only a standard thinks of. Not here is what ical.js
// 2.2.1 itself gets wrong: BYWEEKNO with BYDAY, BYMONTH with WEEKLY, a number of two digits in a
// yearly BYDAY; recurrence_test.cc has those.
const SHAPES = [
  () => `FREQ=DAILY;INTERVAL=${between(1, 5)}`,
  () => `FREQ=DAILY;BYDAY=${someDays(5)}${maybe(`;BYMONTH=${some(1, 12, 4)}`)}`,
  () => `FREQ=DAILY;BYMONTHDAY=${some(1, 28, 5)}`,
  () => `FREQ=DAILY;BYHOUR=${some(0, 23, 3)}`,
  () => `FREQ=WEEKLY;INTERVAL=${between(1, 4)}`,
  () => `FREQ=WEEKLY;INTERVAL=${between(1, 4)};BYDAY=${someDays(4)};WKST=${pick(["MO", "SU"])}`,
  () => `FREQ=MONTHLY;INTERVAL=${between(1, 5)}`,
  () => `FREQ=MONTHLY;BYMONTHDAY=${some(1, 31, 3)}`,
  () => `FREQ=MONTHLY;BYMONTHDAY=${some(-28, -1, 3)}`,
  () => `FREQ=MONTHLY;INTERVAL=${between(1, 3)};BYDAY=${nth()}`,
  () => `FREQ=MONTHLY;BYDAY=${nth()},${nth()}`,
  () => `FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=${pick([1, 2, -1, -2])}`,
  () => `FREQ=MONTHLY;BYDAY=${someDays(3)};BYSETPOS=${pick([1, 2, -1])}`,
  () => `FREQ=MONTHLY;BYDAY=${pick(WEEKDAYS)};BYMONTHDAY=${some(1, 28, 10)}`,
  () => "FREQ=YEARLY",
  () => `FREQ=YEARLY;INTERVAL=${between(2, 4)}`,
  () => `FREQ=YEARLY;BYMONTH=${some(1, 12, 3)}`,
  () => `FREQ=YEARLY;BYMONTH=${some(1, 12, 3)};BYMONTHDAY=${some(1, 28, 3)}`,
  () => `FREQ=YEARLY;BYMONTH=${some(1, 12, 2)};BYDAY=${nth()}`,
  () => `FREQ=YEARLY;BYDAY=${pick([1, 2, 5, 9, -1, -9])}${pick(WEEKDAYS)}`,
  () => `FREQ=YEARLY;BYYEARDAY=${some(1, 365, 4)}`,
  () => `FREQ=YEARLY;BYYEARDAY=${some(-365, -1, 4)}`,
];

const two = (number) => String(number).padStart(2, "0");

function instant() {
  const month = between(1, 12);
  const day = random() < 0.2 ? new Date(Date.UTC(2024, month, 0)).getUTCDate() : between(1, 28);
  const year = month === 2 && day === 29 ? pick([2012, 2016, 2020, 2024]) : between(2010, 2026);
  return `${year}${two(month)}${two(day)}T${two(between(0, 23))}${two(pick([0, 15, 30]))}00Z`;
}

// ical.js makes the 1st of May of a 31st of April, and the 1st of March of a 29th of February.
const isWrongThere = (start, text) =>
  /^FREQ=YEARLY(;INTERVAL=\d+)?(;BYMONTH=[0-9,]*)?$/.test(text) && start.slice(6, 8) > "28";

function rule(start) {
  const ends = ["", "", `;COUNT=${between(1, 60)}`, `;UNTIL=${between(Number(start.slice(0, 4)), 2027)}${start.slice(4)}`];
  let end = pick(ends);
  // That day is not in every year.
  if (end.includes("0229")) end = "";
  let text = pick(SHAPES)();
  while (isWrongThere(start, text)) text = pick(SHAPES)();
  return text + (text.includes("BYSETPOS") && end.includes("COUNT") ? "" : end);
}

function toTime(text) {
  return ICAL.Time.fromDateTimeString(
    text.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6Z"));
}

function byIcalJs(start, text) {
  const iterator = ICAL.Recur.fromString(text).iterator(toTime(start));
  const instances = [];
  for (let next = iterator.next(); next && next.year < 2028; next = iterator.next()) {
    instances.push(next.toICALString());
  }
  // We tell the start whatever the rule says, and count it as the first.
  if (instances[0] !== start) {
    if (instances.length === Number(text.match(/COUNT=(\d+)/)?.[1])) instances.pop();
    instances.unshift(start);
  }
  return [...new Set(instances)].join(" ");
}

// With BYSETPOS, ical.js begins with a day that it does not choose: the first month is left out.
function compared(start, text, instances) {
  const all = instances.split(" ");
  return text.includes("BYSETPOS") ? all.filter((one) => one.slice(0, 6) > start.slice(0, 6)).join(" ") : instances;
}

const corpus = Array.from({ length: Number(count) }, () => {
  const start = instant();
  return [start, rule(start)];
});
const input = corpus.map((pair) => `${pair.join(" ")}\n`).join("");
const ours = spawnSync(program, { input, encoding: "utf8", maxBuffer: 1 << 30 });
if (ours.status !== 0) throw new Error(`${program} ended with ${ours.status}: ${ours.stderr}`);
const lines = ours.stdout.split("\n");
let different = 0;
corpus.forEach(([start, text], at) => {
  const theirs = compared(start, text, byIcalJs(start, text));
  const own = compared(start, text, lines[at]);
  if (theirs === own) return;
  if (++different <= 10) {
    console.log(`${start} ${text}\n  ical.js ${theirs.slice(0, 200)}\n  ours    ${own.slice(0, 200)}`);
  }
});
console.log(`${corpus.length} rules, seed ${seedText}: ${different} differ`);
process.exit(different === 0 ? 0 : 1);
