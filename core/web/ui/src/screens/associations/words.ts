// Codes of the registry in words.
import { language, word } from "../../state/texts";

// "THEME_SCHOOL_AND_HOMEWORK" or, as queries name it, "school-and-homework".
export function themeText(theme: string): string {
  const key = theme.replace(/^THEME_/, "").replaceAll("-", "_").toUpperCase();
  return word(`associations.themes.${key}`, theme);
}

export function statusText(status: string | undefined): string {
  return word(`associations.status.${(status ?? "").replace("ASSOCIATION_STATUS_", "")}`, "");
}

let names: { of: string; display: Intl.DisplayNames } | undefined;

// The language of a BCP 47 tag: "kmr" is "nordkurdisk"; the tag where the browser knows none.
export function languageText(code: string): string {
  if (names?.of !== language.value) names = { of: language.value, display: new Intl.DisplayNames(language.value, { type: "language" }) };
  try {
    return names.display.of(code) ?? code;
  } catch {
    return code;
  }
}
