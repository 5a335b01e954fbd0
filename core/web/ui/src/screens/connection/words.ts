// How connections, fields and diagnostics read.
import type { DiagnosticJson } from "../../gen/brobygger/plugin/v1/diagnostic_pb";
import type { ConnectionJson, ConnectionStatusJson, RunJson } from "../../gen/brobygger/sync/v1/connection_pb";
import { dayText } from "../../parts/Day";
import type { Tone } from "../../parts/Tag";
import { language, t, word } from "../../state/texts";

// The words behind a state of a connection, and how they are coloured.
export function stateOf(connection: ConnectionJson, status: ConnectionStatusJson): { text: string; tone: Tone } {
  if (connection.disabled) return { text: t("connections.state.paused"), tone: "neutral" };
  if (status.processState === "PROCESS_STATE_BROKEN") return { text: t("connections.state.broken"), tone: "bad" };
  if (status.processState === "PROCESS_STATE_BACKING_OFF") return { text: t("connections.state.again"), tone: "warn" };
  if (status.lastRun?.state === "STATE_RUNNING") return { text: t("connections.state.STATE_RUNNING"), tone: "brand" };
  if (status.waitingPlanId) return { text: t("connections.state.STATE_WAITING"), tone: "warn" };
  if (!status.lastRun) return { text: t("connections.state.never"), tone: "neutral" };
  return runState(status.lastRun);
}

const tones: Record<string, Tone> = { STATE_RUNNING: "brand", STATE_DONE: "good", STATE_WAITING: "warn", STATE_FAILED: "bad", STATE_REJECTED: "neutral" };

export function runState(run: RunJson): { text: string; tone: Tone } {
  if (run.undoTime) return { text: t("connections.state.undone"), tone: "neutral" };
  const state = run.state ?? "";
  return { text: word(`connections.state.${state}`, state), tone: tones[state] ?? "neutral" };
}

// Who began a run.
// The text of a key, with the numbers and quoted names of the hub's own sentence in {0}, {1} ...
function retold(key: string, sentence: string): string {
  const found = sentence.match(/'[^']*'|\d+/g) ?? [];
  return word(key, sentence).replace(/\{(\d)\}/g, (whole, i: string) => found[Number(i)] ?? whole);
}

// Some sentences of the hub come in English only, as what holds a plan: those that are known are
// told in the person's language.
export function sentenceText(sentence = ""): string {
  const bare = sentence.replace(/'[^']*'|\d+/g, "").toLowerCase();
  return retold(`connection.sentences.${bare.replace(/[^a-z]+/g, "_").replace(/^_|_$/g, "")}`, sentence);
}

// What a plugin, or the hub itself, says of trouble. The hub's own notes name commands to type, so
// they are told anew.
export function diagnosticText(diagnostic: DiagnosticJson): string {
  const { text = {}, code = "", path = "" } = diagnostic;
  if (code === "sync.held") return t("connection.heldNote", { reason: sentenceText(text.en) });
  const words = retold(`connection.notes.${code.replace(".", "_")}`, text[language.value] ?? text.en ?? text.da ?? code);
  return path ? `${path}: ${words}` : words;
}

// "purpose.da" is the field purpose; a CVR number has a name of its own.
export function fieldText(path = ""): string {
  const [first = "", second] = path.split(".");
  const name = first === "identifiers" || first === "hub" ? `${first}_${second?.replaceAll("-", "_")}` : first;
  return word(`connection.fields.${name}`, path);
}

function jsonText(value: unknown): string {
  if (Array.isArray(value)) return value.map(jsonText).join("; ");
  if (value && typeof value === "object") return Object.values(value).map(jsonText).filter(Boolean).join(", ");
  return String(value ?? "");
}

// A field's value in its text form, as people write it.
export function valueText(path = "", value = ""): string {
  if (!value) return t("connection.empty");
  if (path === "status" || path === "hub.status") return word(`review.status.${value.replace("ASSOCIATION_STATUS_", "")}`, value);
  if (path.endsWith("_date")) return dayText(value);
  if (!/^[[{]/.test(value)) return value;
  try {
    return jsonText(JSON.parse(value));
  } catch {
    return value;
  }
}

const kLists = ["phones", "emails", "websites", "language_codes"];

// What somebody typed, in the field's text form: a list is typed with commas between.
export function typedValue(path = "", typed: string): string {
  if (!kLists.includes(path) || !typed.trim()) return typed.trim();
  return JSON.stringify(typed.split(",").map((each) => each.trim()).filter(Boolean));
}

export const isError = (diagnostic: DiagnosticJson) =>
  diagnostic.severity !== "SEVERITY_WARNING" && diagnostic.severity !== "SEVERITY_INFO";

export const count = (value: string | number | undefined) => Number(value ?? 0);
