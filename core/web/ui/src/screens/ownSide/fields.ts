// What is recorded about an association, field by field, in words.
import type { AssociationJson } from "../../gen/brobygger/registry/v1/association_pb";
import { dayText, locale } from "../../parts/Day";
import { inLanguage } from "../../parts/in_language";
import { numberText } from "../../parts/Number";
import { t, word } from "../../state/texts";

// The parts of the record, each with its fields in the order of reading. All but "basic" can be
// confirmed.
export const kSections: Record<string, string[]> = {
  basic: [
    "official_name", "other_names", "identifiers", "municipality_code", "kind", "legal_form", "status", "founded_date", "dissolved_date",
    "minority", "approvals", "advertising_protected",
  ],
  purpose: ["purpose", "offers", "wishes", "statutes"],
  activities: ["activities", "language_codes", "coverage_area", "coverage_municipality_codes"],
  contact: ["addresses", "phones", "emails", "websites"],
  resources: ["resource_statements", "board_seats", "work_groups", "delegation", "digital_readiness", "collaboration_interests"],
};

export const fieldTitle = (path: string): string => word(`ownSide.field.${path.split(".")[0]}`, path);

// The word for a value of an enum: "DELEGATION_PARTLY".
export const valueWord = (value = ""): string => word(`ownSide.value.${value}`, value.toLowerCase().replaceAll("_", " "));

function languageName(code: string): string {
  return new Intl.DisplayNames([locale()], { type: "language", fallback: "code" }).of(code) ?? code;
}

const yesNo = (yes: boolean | undefined): string => t(yes ? "common.yes" : "common.no");
const joined = (parts: (string | undefined)[], between: string): string => parts.filter(Boolean).join(between);

type Reader = (association: AssociationJson) => (string | undefined)[] | undefined;

// Fields that are more than a text, a day, a word of an enum or a list of texts.
const kReaders: Record<string, Reader> = {
  status: (of) => [word(`associations.status.${of.status?.slice("ASSOCIATION_STATUS_".length)}`, "")],
  other_names: (of) => of.otherNames?.map((each) => each.text),
  identifiers: (of) => of.identifiers?.map((each) => `${each.scheme?.replace("DK-", "")} ${each.value}`),
  purpose: (of) => [inLanguage(of.purpose)],
  offers: (of) => [inLanguage(of.offers)],
  wishes: (of) => [inLanguage(of.wishes)],
  statutes: (of) => of.statutes && [of.statutes.documentUrl, of.statutes.adoptedDate && dayText(of.statutes.adoptedDate)],
  activities: (of) => of.activities?.map((each) => each.title),
  language_codes: (of) => of.languageCodes && [of.languageCodes.map(languageName).join(", ")],
  addresses: (of) => of.addresses?.map((each) => joined(
    [joined([each.street, each.houseNumber], " "), each.floorAndDoor, joined([each.postalCode, each.postalDistrict], " ")], ", ")),
  approvals: (of) => of.approvals?.map((each) => `${each.act}: ${valueWord(each.decision)}`),
  advertising_protected: (of) => (of.advertisingProtected === undefined ? undefined : [yesNo(of.advertisingProtected)]),
  minority: (of) => (of.minority?.isMinorityAssociation === undefined ? undefined
    : [`${yesNo(of.minority.isMinorityAssociation)} (${valueWord(of.minority.basis)})`]),
  digital_readiness: (of) => of.digitalReadiness && [
    ["Digital Post", of.digitalReadiness.digitalPost], ["NemKonto", of.digitalReadiness.nemkonto], ["MitID Erhverv", of.digitalReadiness.mitidErhverv],
  ].filter(([, has]) => has).map(([what, has]) => `${what}: ${yesNo(has === "TRISTATE_YES")}`),
  resource_statements: (of) => of.resourceStatements?.map((each) => joined([
    String(each.year),
    each.membersTotal === undefined ? "" : t("ownSide.members", { n: each.membersTotal }),
    each.volunteersActive === undefined ? "" : t("ownSide.volunteers", { n: each.volunteersActive }),
    each.membershipFeeOere === undefined ? "" : t("ownSide.fee", { amount: numberText(Number(each.membershipFeeOere) / 100) }),
  ], ", ")),
  board_seats: (of) => of.boardSeats && [t("ownSide.seats", { n: of.boardSeats.length })],
  work_groups: (of) => of.workGroups?.map((each) => each.title),
  collaboration_interests: (of) => of.collaborationInterests?.map((each) => joined([valueWord(each.perspective), inLanguage(each.motivation)], ": ")),
};

// What stands in a field, a line a value; none where nothing is recorded.
export function linesOf(association: AssociationJson, field: string, municipality: (code: string) => string): string[] {
  const reader = kReaders[field];
  if (reader) return (reader(association) ?? []).filter((each): each is string => Boolean(each));
  const camel = field.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const value = (association as Record<string, unknown>)[camel];
  const texts = Array.isArray(value) ? value.map(String) : typeof value === "string" && value ? [value] : [];
  if (field.includes("municipality_code")) return texts.map(municipality);
  if (field === "phones") return texts.map((each) => each.replace(/^\+45(..)(..)(..)(..)$/, "+45 $1 $2 $3 $4"));
  if (field.endsWith("_date")) return texts.map((each) => dayText(each));
  return /^[A-Z_]+$/.test(texts[0] ?? "") ? texts.map(valueWord) : texts;
}

export interface Saying {
  // The connection that told it; "" if a person did.
  source: string;
  time: string;
  // What it says instead of what stands there.
  other?: string;
}

function otherText(value: string): string {
  try {
    const told: unknown = JSON.parse(value);
    return Array.isArray(told) ? told.map((each) => (typeof each === "string" ? each : JSON.stringify(each))).join(", ") : value;
  } catch {
    return value;
  }
}

// Who says so, and who says something else.
export function sayingsOf(association: AssociationJson, field: string): Saying[] {
  const isOf = (path: string) => path.split(".")[0] === field;
  return (association.provenance ?? []).flatMap((each) => {
    const about = { source: each.connectionId ?? "", time: each.registeredTime ?? "" };
    const others = Object.entries(each.otherValues ?? {}).filter(([path]) => isOf(path)).map(([, value]) => ({ ...about, other: otherText(value) }));
    return each.paths?.some(isOf) ? [about, ...others] : others;
  });
}
