import { dateOf, dayText, locale } from "./Day";

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365 * 24 * 3600], ["month", 30 * 24 * 3600], ["week", 7 * 24 * 3600],
  ["day", 24 * 3600], ["hour", 3600], ["minute", 60],
];

// "for 3 uger siden". A day without a time is told in days at the least.
export function agoText(iso: string): string {
  const date = dateOf(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const day = iso.length === 10;
  const now = day ? new Date(new Date().toDateString()) : new Date();
  const seconds = (date.getTime() - now.getTime()) / 1000;
  const words = new Intl.RelativeTimeFormat(locale(), { numeric: "auto" });
  for (const [unit, length] of steps) {
    if (day && length < 24 * 3600) break;
    // A month and a half is told in weeks: "for 6 uger siden" says more than "last month".
    const from = unit === "month" ? 2 * length : length;
    if (Math.abs(seconds) >= from) return words.format(Math.trunc(seconds / length), unit);
  }
  return words.format(0, day ? "day" : "second");
}

// How long ago; the date itself when pointed at. Nothing where there is none.
export function Ago({ iso }: { iso: string | undefined }) {
  if (!iso) return null;
  return <time dateTime={iso} title={dayText(iso, iso.length > 10)}>{agoText(iso)}</time>;
}
