// The list as a file: what is filtered now, every page of it, with all that the registry holds of
// each and who said it.
import { call } from "../../api/client";
import type { AssociationJson } from "../../gen/brobygger/registry/v1/association_pb";
import { inLanguage } from "../../parts/in_language";
import { t } from "../../state/texts";
import type { Matrix } from "../whoKnows/matrix";
import type { Filter } from "./query";
import { allHits } from "./use_hits";
import { languageText, statusText } from "./words";

async function associationsOf(ids: ReadonlySet<string>): Promise<AssociationJson[]> {
  const found: AssociationJson[] = [];
  const request = { pageSize: 500, pageToken: "" };
  do {
    const page = await call("registry.v1.RegistryService/ListAssociations", request);
    found.push(...(page.associations ?? []).filter((each) => ids.has(each.id ?? "")));
    request.pageToken = page.nextPageToken ?? "";
  } while (request.pageToken && found.length < ids.size);
  return found;
}

// A cell that a spreadsheet must not take for a formula begins with an apostrophe; a telephone
// number is none.
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^\+[\d ]+$/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

// Danish spreadsheets want semicolons, and a byte order mark to see that it is UTF-8.
function csvOf(associations: AssociationJson[], knownBy: (id: string) => string): string {
  const columns: [string, (each: AssociationJson) => string][] = [
    [t("associations.columns.name"), (each) => each.officialName ?? ""],
    [t("associations.columns.otherNames"), (each) => (each.otherNames ?? []).map((name) => name.text).join(", ")],
    ["CVR", (each) => each.identifiers?.find((number) => number.scheme === "DK-CVR")?.value ?? ""],
    [t("associations.columns.municipality"), (each) => each.municipalityCode ?? ""],
    [t("associations.area"), (each) => each.coverageArea || each.addresses?.[0]?.postalDistrict || ""],
    [t("associations.columns.status"), (each) => statusText(each.status)],
    [t("associations.columns.purpose"), (each) => inLanguage(each.purpose)],
    [t("associations.columns.languages"), (each) => (each.languageCodes ?? []).map(languageText).join(", ")],
    [t("associations.columns.activities"), (each) => (each.activities ?? []).map((one) => one.title).join(", ")],
    [t("associations.columns.email"), (each) => (each.emails ?? []).join(", ")],
    [t("associations.columns.phone"), (each) => (each.phones ?? []).join(", ")],
    [t("associations.knownBy"), (each) => knownBy(each.id ?? "")],
  ];
  const lines = associations.map((each) => columns.map(([, value]) => cell(value(each))).join(";"));
  return `\uFEFF${[columns.map(([title]) => cell(title)).join(";"), ...lines].join("\r\n")}\r\n`;
}

function save(text: string, type: string, name: string) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

export async function exportList(form: "csv" | "json", filter: Filter, matrix: Matrix | undefined): Promise<void> {
  const rows = new Map(matrix?.rows.map((row) => [row.id, row]));
  const hits = (await allHits(filter)).hits.filter((hit) => !filter.blank || rows.get(hit.associationId ?? "")?.known === 0);
  const associations = await associationsOf(new Set(hits.map((hit) => hit.associationId ?? "")));
  const knownBy = (id: string) =>
    (matrix?.departments ?? []).filter((_, place) => rows.get(id)?.pairs[place]).map((each) => each.name).join(", ");
  const name = `${t("associations.file")}-${new Date().toISOString().slice(0, 10)}.${form}`;
  if (form === "csv") save(csvOf(associations, knownBy), "text/csv;charset=utf-8", name);
  else save(JSON.stringify({ associations }, undefined, 2), "application/json", name);
}
