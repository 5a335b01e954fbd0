// Codes of the registry in words.
import { language, t, word } from "../../state/texts";

// "THEME_SCHOOL_AND_HOMEWORK" or, as queries name it, "school-and-homework".
export function themeText(theme: string): string {
  const key = theme.replace(/^THEME_/, "").replaceAll("-", "_").toUpperCase();
  return word(`associations.themes.${key}`, theme);
}

// "AUDIENCE_OLDER_PEOPLE".
export const audienceText = (audience: string): string => word(`associations.audiences.${audience.replace("AUDIENCE_", "")}`, "");

// "AGE_BAND_0_12" and "AGE_BAND_65_PLUS".
export function ageText(band: string): string {
  const [from = "", to = ""] = band.replace("AGE_BAND_", "").split("_");
  if (to === "PLUS") return t("associations.ageFrom", { from });
  return to ? t("associations.age", { from, to }) : "";
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
