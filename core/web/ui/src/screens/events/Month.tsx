// A month of events: a calendar where there is room, on a phone the days that have any.
import { useState } from "preact/hooks";
import type { EventJson } from "../../gen/brobygger/event/v1/event_pb";
import { Button } from "../../parts/Button";
import { dateOf, dayText, locale } from "../../parts/Day";
import { Icon } from "../../parts/Icon";
import { Link } from "../../parts/Link";
import { Name } from "../../parts/Name";
import { Trouble } from "../../parts/Trouble";
import { dayAfter, today } from "../../parts/today";
import { useCall } from "../../state/hooks";
import { t } from "../../state/texts";
import { firstDay, hoursText, lastDay } from "./words";

// More days of meeting than these no municipality has from one month on.
const kMost = 200;

const monthOf = (day: string): string => day.slice(0, 7);

function otherMonth(month: string, step: number): string {
  const date = dateOf(`${month}-01`);
  date.setMonth(date.getMonth() + step);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}`;
}

// Mondays to Sundays that hold the month.
function weeksOf(month: string): string[][] {
  const first = `${month}-01`;
  const before = (dateOf(first).getDay() + 6) % 7;
  const weeks: string[][] = [];
  for (let monday = dayAfter(first, -before); monthOf(monday) <= month; monday = dayAfter(monday, 7)) {
    weeks.push([0, 1, 2, 3, 4, 5, 6].map((i) => dayAfter(monday, i)));
  }
  return weeks;
}

const dayWord = (day: string, options: Intl.DateTimeFormatOptions): string => dateOf(day).toLocaleDateString(locale(), options);

function DayCell({ day, month, events }: { day: string; month: string; events: EventJson[] }) {
  const inside = monthOf(day) === month;
  const here = inside ? events.filter((each) => firstDay(each) <= day && day <= lastDay(each)) : [];
  const classes = ["month-day", !inside && "month-outside", here.length > 0 && "month-busy", day === today() && "month-today"];
  return (
    <td class={classes.filter(Boolean).join(" ")}>
      {inside && (
        <time dateTime={day}>
          <span class="month-number">{dateOf(day).getDate()}</span>
          <span class="month-date">{dayWord(day, { weekday: "long", day: "numeric", month: "long" })}</span>
        </time>
      )}
      {here.map((each) => (
        <Link key={each.id} class={each.cancelTime ? "month-event month-cancelled" : "month-event"} to={`/netvaerksdage/${each.id}`}>
          {hoursText(each) && <span class="small">{hoursText(each)} </span>}
          <Name>{each.title}</Name>
          {each.cancelTime && ` (${t("events.cancelled")})`}
        </Link>
      ))}
    </td>
  );
}

export function Month({ department }: { department?: string }) {
  const [month, setMonth] = useState(monthOf(today()));
  const { data, error, loading, reload } = useCall("event.v1.EventService/ListEvents",
                                                   { departmentId: department, fromDate: `${month}-01`, pageSize: kMost });
  const events = data?.events ?? [];
  const weeks = weeksOf(month);
  const title = dayWord(`${month}-01`, { month: "long", year: "numeric" });
  const next = events.find((each) => monthOf(firstDay(each)) > month);
  const any = events.some((each) => monthOf(firstDay(each)) <= month && monthOf(lastDay(each)) >= month);
  return (
    <>
      <div class="row row-between month-head">
        <Button kind="secondary" aria-label={t("events.before")} onClick={() => setMonth(otherMonth(month, -1))}>
          <Icon name="left" />{t("common.previous")}
        </Button>
        <h2 aria-live="polite">{title}</h2>
        <Button kind="secondary" aria-label={t("events.after")} onClick={() => setMonth(otherMonth(month, 1))}>
          {t("common.next")}<Icon name="right" />
        </Button>
      </div>
      <Trouble error={error} retry={reload} />
      {!any && !loading && (
        <p>
          {t("events.noneInMonth")}{" "}
          {next && (
            <button type="button" class="link-button" onClick={() => setMonth(monthOf(firstDay(next)))}>
              {t("events.toNext", { day: dayText(firstDay(next)) })}
            </button>
          )}
        </p>
      )}
      <table class="month">
        <caption class="sr-only">{title}</caption>
        <thead>
          <tr>{weeks[0]?.map((day) => <th key={day} scope="col">{dayWord(day, { weekday: "short" })}</th>)}</tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]}>{week.map((day) => <DayCell key={day} day={day} month={month} events={events} />)}</tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
