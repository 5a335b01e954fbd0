import { language } from "../state/texts";

// "2026-11-23" is that day everywhere; an instant is shown in the browser's zone.
export function dateOf(iso: string): Date {
  const [year = 0, month = 1, day = 1] = iso.length === 10 ? iso.split("-").map(Number) : [];
  return iso.length === 10 ? new Date(year, month - 1, day) : new Date(iso);
}

export function locale(): string {
  return language.value === "da" ? "da-DK" : "en-GB";
}

export function dayText(iso: string, time = false): string {
  const date = dateOf(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return date.toLocaleString(locale(), { dateStyle: "medium", timeStyle: time ? "short" : undefined });
}

// A date, with the time of day if `time`. Nothing where there is none.
export function Day({ iso, time }: { iso: string | undefined; time?: boolean }) {
  if (!iso) return null;
  return <time dateTime={iso}>{dayText(iso, time)}</time>;
}
