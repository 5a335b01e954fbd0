// What two records say, field by field, and how far they say the same.
import type { AssociationJson } from "../../gen/brobygger/registry/v1/association_pb";
import type { AddressJson } from "../../gen/brobygger/registry/v1/common_pb";
import { dayText } from "../../parts/Day";
import { t, word, type TextKey } from "../../state/texts";

export type Likeness = "same" | "near" | "partly" | "other" | "missing";

export interface PairRow {
  label: string;
  left: string[];
  right: string[];
  likeness: Likeness;
}

type Reader = (association: AssociationJson) => (string | undefined)[];

function addressText(address: AddressJson): string {
  const town = [address.postalCode, address.postalDistrict].filter(Boolean).join(" ");
  return [address.street, town].filter(Boolean).join(", ");
}

// In the order in which a person looks. Whom it is for, which languages it speaks and who is on the
// board are left out: they say nothing of whether it is the same.
const fields: [TextKey, Reader][] = [
  ["review.field.name", (a) => [a.officialName]],
  ["review.field.otherNames", (a) => (a.otherNames ?? []).map((each) => each.text)],
  ["review.field.cvr", (a) => (a.identifiers ?? []).filter((each) => each.scheme === "DK-CVR").map((each) => each.value)],
  ["review.field.address", (a) => (a.addresses ?? []).map(addressText)],
  ["review.field.phone", (a) => a.phones ?? []],
  ["review.field.email", (a) => a.emails ?? []],
  ["review.field.website", (a) => a.websites ?? []],
  ["review.field.founded", (a) => [a.foundedDate && dayText(a.foundedDate)]],
  ["review.field.purpose", (a) => Object.values(a.purpose?.byLanguage ?? {})],
  ["review.field.status", (a) => [a.status && word(`review.status.${a.status.replace("ASSOCIATION_STATUS_", "")}`, "")]],
];

// Without case, accents and signs: "Syrisk-Dansk" is "syrisk dansk".
const plain = (text: string) =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();

function likenessOf(left: string[], right: string[]): Likeness {
  if (!left.length || !right.length) return "missing";
  if ([...left].sort().join("\n") === [...right].sort().join("\n")) return "same";
  const shared = left.filter((each) => right.some((other) => plain(other) === plain(each))).length;
  if (shared === left.length && shared === right.length) return "near";
  return shared > 0 ? "partly" : "other";
}

// The rows in which at least one of the two says something.
export function pairRows(one: AssociationJson, other: AssociationJson): PairRow[] {
  return fields.flatMap(([label, read]) => {
    const [left, right] = [one, other].map((each) => read(each).filter((value): value is string => Boolean(value)));
    if (!left?.length && !right?.length) return [];
    return [{ label: t(label), left: left ?? [], right: right ?? [], likeness: likenessOf(left ?? [], right ?? []) }];
  });
}
