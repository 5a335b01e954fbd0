// What is said of a contact: kind, age, and the class that paints it.
import type { FamiliarityJson } from "../../gen/brobygger/discovery/v1/familiarity_pb";
import { language, t, word } from "../../state/texts";
import type { Pair } from "./matrix";

const kDay = 86_400_000;
const kYear = 365;
const kTwoMonths = 61;
// As the hub counts it in ListBlankSpots.
export const kHalfYear = 182;

// Without accents and case, so that "kobenhavn" finds "København".
export function foldName(name: string): string {
  return name.toLowerCase().replace(/ø/g, "o").replace(/æ/g, "ae").normalize("NFD").replace(/\p{M}/gu, "");
}

export function daysSince(date: string): number {
  return Math.floor((Date.now() - Date.parse(date)) / kDay);
}

const formats = new Map<string, Intl.NumberFormat>();

function inUnit(count: number, unit: "day" | "week" | "month" | "year"): string {
  const key = language.value + unit;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(language.value, { style: "unit", unit, unitDisplay: unit === "month" ? "short" : "long" });
    formats.set(key, format);
  }
  return format.format(count);
}

// "12 dage", "3 uger", "14 mdr.": short enough for a cell.
export function ageText(days: number): string {
  if (days <= 0) return t("whoKnows.today");
  if (days < 14) return inUnit(days, "day");
  if (days < kTwoMonths) return inUnit(Math.floor(days / 7), "week");
  if (days < 2 * kYear) return inUnit(Math.floor(days / 30.4), "month");
  return inUnit(Math.floor(days / kYear), "year");
}

// The end of an enum's value: "CONTACT_CHANNEL_VISIT" is "VISIT".
export function ending(value: string | undefined, prefix: string): string {
  return (value ?? "").slice(prefix.length);
}

export function purposeText(value: string): string {
  return word(`whoKnows.purpose.${ending(value, "CONTACT_PURPOSE_")}`, "");
}

export function channelText(value: string): string {
  return word(`whoKnows.channel.${ending(value, "CONTACT_CHANNEL_")}`, "");
}

export function gradeText(value: string | undefined): string {
  return word(`whoKnows.grade.${ending(value, "FAMILIARITY_GRADE_")}`, "");
}

// What the contact is about, in a word: working together before anything else, then its purpose,
// then the way it takes.
export function kindText(familiarity: FamiliarityJson | undefined): string {
  const purposes = (familiarity?.purposes ?? []) as string[];
  const first = purposes.includes("CONTACT_PURPOSE_COLLABORATION") ? "CONTACT_PURPOSE_COLLABORATION" : purposes[0];
  return (first && purposeText(first)) || channelText(familiarity?.channels?.[0]?.channel ?? "") || t("whoKnows.contact");
}

export type Age = "fresh" | "half" | "old" | "planned" | "told";

// How long ago it was: within two months, half a year, longer; only planned; or not told.
export function ageOf(pair: Pair): Age {
  const { lastDate, nextDate } = pair.familiarity ?? {};
  if (!lastDate) return nextDate ? "planned" : "told";
  const days = daysSince(lastDate);
  return days < kTwoMonths ? "fresh" : days <= kHalfYear ? "half" : "old";
}

// The second line of a cell.
export function whenText(pair: Pair): string {
  const age = ageOf(pair);
  if (age === "planned") return t("whoKnows.planned");
  if (age === "told") return t("whoKnows.askThem");
  return ageText(daysSince(pair.familiarity?.lastDate ?? ""));
}
