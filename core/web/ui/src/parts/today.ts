// Days as ISO 8601 text, as they are in Denmark, wherever the browser is.
const kZone = "Europe/Copenhagen";

export function dayOf(time: Date): string {
  return time.toLocaleDateString("sv-SE", { timeZone: kZone });
}

export const today = (): string => dayOf(new Date());

// "16:00" of an instant.
export function clockOf(time: Date): string {
  return time.toLocaleTimeString("sv-SE", { timeZone: kZone, hour: "2-digit", minute: "2-digit" });
}

// The instant of a day and a time of day in Denmark, as the hub takes it.
export function instantOf(day: string, clock: string): string {
  const asIfUtc = new Date(`${day}T${clock}:00Z`);
  const shown = new Date(`${dayOf(asIfUtc)}T${clockOf(asIfUtc)}:00Z`);
  return new Date(2 * asIfUtc.getTime() - shown.getTime()).toISOString();
}

// "2026-11-30" and 3 is "2026-12-03".
export function dayAfter(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}
