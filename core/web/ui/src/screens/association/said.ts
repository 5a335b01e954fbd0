// Who said what of an association's record.
import type { AssociationJson } from "../../gen/brobygger/registry/v1/association_pb";
import type { ProvenanceJson } from "../../gen/brobygger/registry/v1/common_pb";
import { useSources } from "../../parts/use_sources";
import { t } from "../../state/texts";

export interface Said {
  // Those whose word the record holds.
  by: string[];
  // Those who say something else, and what.
  others: { source: string; value: string }[];
}

export type SourceName = (provenance: ProvenanceJson) => string;

export function useSourceNames(): SourceName {
  const titleOf = useSources();
  return ({ connectionId }) => (connectionId ? titleOf(connectionId) : t("association.byPerson"));
}

const isUnder = (path: string, field: string) => path === field || path.startsWith(`${field}.`);

// Values of lists come as JSON.
function plain(value: string): string {
  if (!/^[[{]/.test(value)) return value;
  try {
    const list: unknown = JSON.parse(value);
    return Array.isArray(list) ? list.map((each) => (typeof each === "string" ? each : JSON.stringify(each))).join(", ") : value;
  } catch {
    return value;
  }
}

// `field` as the registry names it: "official_name", "purpose", "identifiers.DK-CVR".
export function whoSaid(association: AssociationJson, field: string, nameOf: SourceName): Said {
  const said: Said = { by: [], others: [] };
  for (const provenance of association.provenance ?? []) {
    const source = nameOf(provenance);
    if (provenance.paths?.some((path) => isUnder(path, field)) && !said.by.includes(source)) said.by.push(source);
    for (const [path, value] of Object.entries(provenance.otherValues ?? {})) {
      if (isUnder(path, field)) said.others.push({ source, value: plain(value) });
    }
  }
  return said;
}
