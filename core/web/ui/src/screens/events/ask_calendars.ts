// What departments' calendars say of the coming days. Each source is asked by itself: one that
// cannot answer keeps no other from being heard, and is told by name.
import { call } from "../../api/client";
import type { ApiError } from "../../api/errors";
import type { BusyDayJson } from "../../gen/brobygger/sync/v1/busy_days_pb";
import type { SourceJson } from "../../gen/brobygger/sync/v1/sync_answers_pb";
import { t, word } from "../../state/texts";

const kPatience = 120_000; // a calendar that is asked may be slow

export interface Calendars {
  told: {
    source: SourceJson;
    // The names of its calendars.
    calendars: string[];
    days: BusyDayJson[];
  }[];
  // Sources of which nothing is known now, and why: they are never taken for free.
  silent: { source: SourceJson; why: ApiError }[];
}

// Asks every source that has calendars.
export async function askCalendars(signal: AbortSignal): Promise<Calendars> {
  const { sources = [] } = await call("sync.v1.SyncService/ListSources", {}, { signal });
  const all: Calendars = { told: [], silent: [] };
  const asked = sources.filter((each) => each.hasCalendars).map((source) => ({
    source,
    answer: call("sync.v1.SyncService/ListBusyDays", { connectionId: source.connectionId }, { signal, timeout: kPatience, once: true }),
  }));
  const answers = await Promise.allSettled(asked.map((each) => each.answer));
  signal.throwIfAborted();
  asked.forEach(({ source }, i) => {
    const answer = answers[i];
    if (answer?.status === "fulfilled") all.told.push({ source, calendars: answer.value.calendars ?? [], days: answer.value.days ?? [] });
    else all.silent.push({ source, why: answer?.reason as ApiError });
  });
  return all;
}

// "Microsoft 365 (kan ikke fortælle, hvornår der er optaget)", of each.
export function silentText({ silent }: Calendars): string {
  return silent.map(({ source, why }) =>
    `${source.title} (${word(`events.silent.${why.reason}`, t("events.silent.other"))})`).join(", ");
}
