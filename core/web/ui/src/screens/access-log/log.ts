// The audit log as people read it: what somebody did on one day is one line.
import { call } from "../../api/client";
import type { EntryJson, LogRecordJson } from "../../gen/brobygger/audit/v1/log_record_pb";
import type { GetOwnViewResponseJson } from "../../gen/brobygger/people/v1/own_view_pb";
import { municipalityText } from "../../state/municipalities";
import { session } from "../../state/session";
import { t, word } from "../../state/texts";

// More than a person reads; who needs more takes a shorter time.
const kMost = 5000;
const kAtOnce = 500;

export interface Wanted {
  // Of everything that the caller may see the log of, if undefined.
  associationId?: string;
  actor?: string;
  days: number;
}

export interface Line {
  key: string;
  // The newest time of the line.
  time: string;
  who: string;
  actor: string;
  departmentId: string;
  // In words.
  roles: string;
  did: string;
  // What else it was about than an association: its title, or its id.
  about: string;
  // An association that can be opened.
  associationId?: string;
  fields: string;
  purpose: string;
  refused: boolean;
  times: number;
}

export interface Log {
  lines: Line[];
  // There is more than is shown.
  cut: boolean;
  // The log itself, or a part of it, cannot be read.
  damaged: boolean;
}

interface Known {
  ownKeys: Set<string>;
  municipalities: Record<string, string>;
  // The code of one's own.
  home?: string;
  // Titles of what an association takes part in, applied for and was given, by id.
  things: Record<string, string>;
  // All ids that the association had.
  ids: string[];
}

function thingsOf(own: GetOwnViewResponseJson): [string | undefined, string | undefined][] {
  return [
    ...(own.collaborations ?? []).map((each) => [each.collaborationId, each.title]),
    ...(own.courses ?? []).map((each) => [each.courseId, each.title]),
    ...(own.networks ?? []).map((each) => [each.networkId, each.title]),
    ...(own.grants ?? []).map((each) => [each.applicationId, each.title]),
    ...(own.premisesNeeds ?? []).map((each) => [each.premisesNeedId, each.title]),
    ...(own.premises ?? []).map((each) => [each.premisesId, each.place]),
  ] as [string | undefined, string | undefined][];
}

// What the caller may not be told is left out; the log itself is told all the same.
async function loadKnown(associationId: string | undefined): Promise<Known> {
  const [towns, own, keys] = await Promise.all([
    call("registry.v1.RegistryService/ListMunicipalities", {}).catch(() => undefined),
    associationId ? call("people.v1.PeopleService/GetOwnView", { associationId }).catch(() => undefined) : undefined,
    associationId ? call("access.v1.JoinService/ListAssociationKeys", { associationId }).catch(() => undefined) : undefined,
  ]);
  return {
    ownKeys: new Set((keys?.apiKeys ?? []).map((each) => `key:${each.id}`)),
    municipalities: Object.fromEntries((towns?.municipalities ?? []).map((each) => [each.code, each.officialName])),
    home: session.me.value?.associationId ? own?.association?.municipalityCode : session.me.value?.municipalityCode,
    things: Object.fromEntries(own ? thingsOf(own).filter(([id]) => id) : []),
    ids: own?.associationIds ?? (associationId ? [associationId] : []),
  };
}

interface Read {
  records: LogRecordJson[];
  cut: boolean;
  damaged: boolean;
}

// The hub tells the oldest first, so all of the time is read.
async function readLog(wanted: Wanted, objectId: string | undefined, into: Read, signal: AbortSignal): Promise<void> {
  const fromTime = new Date(Date.now() - wanted.days * 86_400_000).toISOString();
  let pageToken: string | undefined;
  do {
    const page = await call("audit.v1.AuditService/ListAccessLog", { objectId, actor: wanted.actor, fromTime, pageSize: kAtOnce, pageToken }, { signal });
    into.records.push(...(page.records ?? []));
    into.damaged ||= page.damaged ?? false;
    pageToken = page.nextPageToken || undefined;
  } while (pageToken && into.records.length < kMost);
  into.cut ||= pageToken !== undefined;
}

function whoOf(entry: EntryJson, known: Known): string {
  const { actor = "", municipalityCode = "" } = entry;
  const own = session.me.value?.associationId;
  if (known.ownKeys.has(actor)) return t(own ? "accessLog.who.yourselves" : "accessLog.who.itself");
  if (actor.startsWith("system:") || ["operator", "stranger", "several", "registry"].includes(actor)) {
    return word(`accessLog.who.${actor.split(":")[0]}`, actor).replace("{name}", actor.slice(7));
  }
  if (!municipalityCode) return t(actor.startsWith("user:") ? "accessLog.who.somebody" : "accessLog.who.association");
  const municipality = municipalityText(municipalityCode, known.municipalities[municipalityCode], known.home);
  return t(actor.startsWith("user:") ? "accessLog.who.employee" : "accessLog.who.program", { municipality });
}

const kReads = /\/(Get|List|Find|Search|Who|Explain|Suggest|Fit|Preview|Resolve|Follow|Check)/;

function didOf(entry: EntryJson): string {
  const { method = "" } = entry;
  const own = session.me.value?.associationId;
  const area = method.split(".")[1] ?? "";
  const what = word(`accessLog.about.${own ? "own" : "their"}.${area}`, word(`accessLog.about.both.${area}`, area));
  if (method.endsWith("/Join")) return t("accessLog.joined");
  return t(kReads.test(method) ? "accessLog.looked" : "accessLog.wrote", { what });
}

function lineOf(record: LogRecordJson, entry: EntryJson, known: Known): Line {
  const { actor = "", method = "", objectId = "" } = entry;
  const classes = entry.fieldClasses?.length ? entry.fieldClasses : [entry.dataClass ?? ""];
  const isAssociation = /Service\/(GetAssociation|UpdateAssociation|DeleteAssociation|ListAssociationHistory|GetOwnView|ListContactPoints)$/.test(method);
  const line = {
    time: record.recordTime ?? "",
    who: whoOf(entry, known),
    actor,
    departmentId: entry.departmentId ?? "",
    roles: (entry.roles ?? []).map((role) => word(`accessLog.role.${role}`, role)).join(", "),
    did: didOf(entry),
    about: known.things[objectId] ?? (known.ids.includes(objectId) || isAssociation ? "" : objectId.replace(/^(\w{8})-[\w-]{27}$/, "$1")),
    associationId: isAssociation && !known.ids.length ? objectId : undefined,
    fields: [...new Set(classes.map((each) => word(`accessLog.fields.${each}`, "")))].filter(Boolean).join(", "),
    purpose: entry.purpose ? word(`layout.purposes.${entry.purpose}`, entry.purpose) : "",
    refused: entry.decision === "DECISION_REFUSED" || /NOT_FOUND|FAILED/.test(entry.outcome ?? ""),
    times: Math.max(1, Number(entry.times ?? 0)),
  };
  const day = new Date(line.time).toDateString();
  return { ...line, key: [day, line.who, actor, line.departmentId, line.roles, line.did, line.about, line.associationId, line.fields, line.purpose, line.refused].join("|") };
}

// What the log has of an association under every id it had, and of what it takes part in; or all.
export async function loadLog(wanted: Wanted, signal: AbortSignal): Promise<Log> {
  const known = await loadKnown(wanted.associationId);
  const read: Read = { records: [], cut: false, damaged: false };
  const ids = wanted.associationId ? [...known.ids, ...Object.keys(known.things)] : [undefined];
  for (const id of ids) await readLog(wanted, id, read, signal);
  const newest = read.records.sort((one, other) => Number(other.sequence ?? 0) - Number(one.sequence ?? 0));
  const lines = new Map<string, Line>();
  for (const record of newest) {
    if (!record.entry) {
      read.damaged ||= Boolean(record.chainBreak);
      continue;
    }
    const line = lineOf(record, record.entry, known);
    const same = lines.get(line.key);
    if (same) same.times += line.times;
    else lines.set(line.key, line);
  }
  return { lines: [...lines.values()], cut: read.cut, damaged: read.damaged };
}
