// Every text of the page, in Danish or English. The other language is fetched when it is wanted.
import type da from "../../texts/da.json";
import { Signal } from "./signal";

export type Language = "da" | "en";
type Leaves<T, P extends string = ""> = {
  [K in keyof T & string]: T[K] extends string ? `${P}${K}` : Leaves<T[K], `${P}${K}.`>;
}[keyof T & string];
export type TextKey = Leaves<typeof da>;

export const language = new Signal<Language>("da");
let texts: unknown;

export async function setLanguage(wanted: Language): Promise<void> {
  texts = (wanted === "en" ? await import("../../texts/en.json") : await import("../../texts/da.json")).default;
  localStorage.setItem("language", wanted);
  document.documentElement.lang = wanted;
  language.set(wanted);
}

export function storedLanguage(): Language {
  const kept = localStorage.getItem("language");
  if (kept === "da" || kept === "en") return kept;
  return navigator.languages.some((each) => each.startsWith("da")) || !navigator.language.startsWith("en") ? "da" : "en";
}

function find(key: string): string | undefined {
  let at: unknown = texts;
  for (const part of key.split(".")) at = (at as Record<string, unknown> | undefined)?.[part];
  return typeof at === "string" ? at : undefined;
}

// What is written from the right keeps its place among words that are not (Unicode's isolates do in
// a text what <bdi> does on the page).
function isolated(value: string | number): string {
  return /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(String(value)) ? `\u2068${value}\u2069` : String(value);
}

// The text, with {name} replaced. A text may have two forms, "one|many", by the number {n}.
export function t(key: TextKey, values: Record<string, string | number> = {}): string {
  const text = find(key) ?? key;
  const [one, many] = text.split("|");
  const form = (many !== undefined && values.n !== 1 ? many : one) ?? "";
  return form.replace(/\{(\w+)\}/g, (whole: string, name: string) => isolated(values[name] ?? whole));
}

// A text whose key is made at run time, as for a value of an enum; `otherwise` if there is none.
export function word(key: string, otherwise: string): string {
  return find(key) ?? otherwise;
}
