// Days on which the connected calendars are free, the freest first.
import { useEffect, useState } from "preact/hooks";
import { call } from "../../api/client";
import { ApiError } from "../../api/errors";
import { Button } from "../../parts/Button";
import { dateOf, dayText } from "../../parts/Day";
import { Loading } from "../../parts/Loading";
import { numberText } from "../../parts/Number";
import { Trouble } from "../../parts/Trouble";
import { dayAfter, today } from "../../parts/today";
import { t } from "../../state/texts";
import { weekdayText } from "./words";

const kDays = 60;
const kMostDays = 90; // as far as calendars tell
const kCount = 8;
const kPatience = 120_000; // a calendar that is asked may be slow

interface Day {
  date: string;
  minutes: number;
  // Calendars that are not free.
  taken: string[];
}

interface Calendars {
  names: string[];
  busy: Map<string, Day>;
}

// Asks every source that has calendars.
async function ask(signal: AbortSignal): Promise<Calendars> {
  const { sources = [] } = await call("sync.v1.SyncService/ListSources", {}, { signal });
  const all: Calendars = { names: [], busy: new Map() };
  for (const { connectionId, hasCalendars } of sources) {
    if (!hasCalendars) continue;
    const told = await call("sync.v1.SyncService/ListBusyDays", { connectionId }, { signal, timeout: kPatience });
    all.names.push(...(told.calendars ?? []));
    for (const { date = "", calendar = "", busyMinutes = 0 } of told.days ?? []) {
      if (busyMinutes === 0) continue;
      const day = all.busy.get(date) ?? { date, minutes: 0, taken: [] };
      all.busy.set(date, { date, minutes: day.minutes + busyMinutes, taken: [...day.taken, calendar] });
    }
  }
  return all;
}

// Working days from `from` on, the freest first, and of equally free ones the earliest.
function rank(from: string, calendars: Calendars): Day[] {
  const tomorrow = dayAfter(today(), 1);
  const first = from > tomorrow ? from : tomorrow;
  const days: Day[] = [];
  for (let i = 0; i < kDays; ++i) {
    const date = dayAfter(first, i);
    const weekday = dateOf(date).getDay();
    if (weekday === 0 || weekday === 6 || date > dayAfter(today(), kMostDays)) continue;
    days.push(calendars.busy.get(date) ?? { date, minutes: 0, taken: [] });
  }
  return days.sort((a, b) => a.minutes - b.minutes || a.date.localeCompare(b.date)).slice(0, kCount);
}

function takenText(day: Day): string {
  if (day.minutes === 0) return t("events.suggest.free");
  const hours = Math.round(day.minutes / 30) / 2;
  return t("events.suggest.taken", { hours: numberText(hours), who: day.taken.join(", ") });
}

export function Suggest({ from, onDay }: { from: string; onDay: (day: string) => void }) {
  const [calendars, setCalendars] = useState<Calendars>();
  const [error, setError] = useState<ApiError>();
  useEffect(() => {
    const abort = new AbortController();
    ask(abort.signal).then(setCalendars, (trouble) => !abort.signal.aborted && setError(trouble as ApiError));
    return () => abort.abort();
  }, []);
  if (error) return <Trouble error={error} />;
  if (!calendars) return <Loading what={t("events.suggest.asking")} />;
  if (calendars.names.length === 0) return <p class="muted">{t("events.suggest.noCalendars")}</p>;
  return (
    <div class="suggest">
      <h3>{t("events.suggest.title")}</h3>
      <p class="muted small">{t("events.suggest.hint", { n: calendars.names.length })}</p>
      <ul class="plain">
        {rank(from, calendars).map((day) => (
          <li key={day.date} class="row suggest-day">
            <Button kind="tertiary" onClick={() => onDay(day.date)}>{weekdayText(day.date)} {dayText(day.date)}</Button>
            <span class={day.minutes === 0 ? undefined : "muted"}>{takenText(day)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
