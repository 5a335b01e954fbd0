import { locale } from "./Day";

// As RFC 5545 writes them, from Monday.
const kCodes = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

// 1 January 2024 was a Monday.
const nameIn = (language: string, at: number): string => new Date(2024, 0, 1 + at).toLocaleDateString(language, { weekday: "long" });

// The days of what is every week: "FREQ=WEEKLY;BYDAY=TH" is "torsdag". "" where it is another rule.
export function weekdaysText(rule: string | undefined): string {
  const codes = /^FREQ=WEEKLY;BYDAY=([A-Z]{2}(?:,[A-Z]{2})*)$/.exec(rule ?? "")?.[1]?.split(",") ?? [];
  return codes.map((code) => nameIn(locale(), kCodes.indexOf(code))).join(", ");
}

// Whether a word is the name of a weekday, in either of the page's languages.
export function isWeekday(text: string): boolean {
  return kCodes.some((_, at) => ["da", "en"].some((language) => nameIn(language, at).toLowerCase() === text.toLowerCase()));
}
