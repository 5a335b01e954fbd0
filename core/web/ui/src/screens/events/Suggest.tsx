// Days on which the connected calendars are free, the freest first.
import { useEffect, useState } from "preact/hooks";
import type { ApiError } from "../../api/errors";
import { Alert } from "../../parts/Alert";
import { Button } from "../../parts/Button";
import { dateOf, dayText } from "../../parts/Day";
import { Loading } from "../../parts/Loading";
import { numberText } from "../../parts/Number";
import { Trouble } from "../../parts/Trouble";
import { dayAfter, today } from "../../parts/today";
import { t } from "../../state/texts";
import { askCalendars, silentText, type Calendars } from "./ask_calendars";
import { weekdayText } from "./words";

const kDays = 60;
const kMostDays = 90; // as far as calendars tell
const kCount = 8;

interface Day {
  date: string;
  minutes: number;
  // Calendars that are not free.
  taken: string[];
}

function busyDays({ told }: Calendars): Map<string, Day> {
  const busy = new Map<string, Day>();
  for (const { date = "", calendar = "", busyMinutes = 0 } of told.flatMap((each) => each.days)) {
    if (busyMinutes === 0) continue;
    const day = busy.get(date) ?? { date, minutes: 0, taken: [] };
    busy.set(date, { date, minutes: day.minutes + busyMinutes, taken: [...day.taken, calendar] });
  }
  return busy;
}

// Working days from `from` on, the freest first, and of equally free ones the earliest.
function rank(from: string, busy: Map<string, Day>): Day[] {
  const tomorrow = dayAfter(today(), 1);
  const first = from > tomorrow ? from : tomorrow;
  const days: Day[] = [];
  for (let i = 0; i < kDays; ++i) {
    const date = dayAfter(first, i);
    const weekday = dateOf(date).getDay();
    if (weekday === 0 || weekday === 6 || date > dayAfter(today(), kMostDays)) continue;
    days.push(busy.get(date) ?? { date, minutes: 0, taken: [] });
  }
  return days.sort((a, b) => a.minutes - b.minutes || a.date.localeCompare(b.date)).slice(0, kCount);
}

// Where somebody did not answer no day is free: only those that answered are.
function takenText(day: Day, allTold: boolean): string {
  if (day.minutes === 0) return t(allTold ? "events.suggest.free" : "events.suggest.freeOfTold");
  const hours = Math.round(day.minutes / 30) / 2;
  return t("events.suggest.taken", { hours: numberText(hours), who: day.taken.join(", ") });
}

function Days({ from, calendars, onDay }: { from: string; calendars: Calendars; onDay: (day: string) => void }) {
  const n = calendars.told.flatMap((each) => each.calendars).length;
  if (n === 0) return null;
  return (
    <>
      <h3>{t("events.suggest.title")}</h3>
      <p class="muted small">{t("events.suggest.hint", { n })}</p>
      <ul class="plain">
        {rank(from, busyDays(calendars)).map((day) => (
          <li key={day.date} class="row suggest-day">
            <Button kind="tertiary" onClick={() => onDay(day.date)}>{weekdayText(day.date)} {dayText(day.date)}</Button>
            <span class={day.minutes === 0 ? undefined : "muted"}>{takenText(day, calendars.silent.length === 0)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

export function Suggest({ from, onDay }: { from: string; onDay: (day: string) => void }) {
  const [calendars, setCalendars] = useState<Calendars>();
  const [error, setError] = useState<ApiError>();
  const [round, setRound] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    setCalendars(undefined);
    askCalendars(abort.signal).then(setCalendars, (trouble) => !abort.signal.aborted && setError(trouble as ApiError));
    return () => abort.abort();
  }, [round]);
  if (error) return <Trouble error={error} />;
  if (!calendars) return <Loading what={t("events.suggest.asking")} />;
  if (calendars.told.length + calendars.silent.length === 0) return <p class="muted">{t("events.suggest.noCalendars")}</p>;
  return (
    <div class="suggest">
      {calendars.silent.length > 0 && (
        <Alert tone="warning" announce>
          <p>{t("events.suggest.unknown", { who: silentText(calendars) })}</p>
          <Button kind="secondary" onClick={() => setRound(round + 1)}>{t("common.retry")}</Button>
        </Alert>
      )}
      <Days from={from} calendars={calendars} onDay={onDay} />
    </div>
  );
}
