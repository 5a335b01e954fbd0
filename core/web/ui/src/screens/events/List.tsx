// Days on which departments and associations meet: as a list and month by month.
import { useState } from "preact/hooks";
import type { EventJson } from "../../gen/brobygger/event/v1/event_pb";
import { Button } from "../../parts/Button";
import { Checkbox } from "../../parts/Checkbox";
import { dateOf, locale } from "../../parts/Day";
import { Empty } from "../../parts/Empty";
import { Field } from "../../parts/Field";
import { Link } from "../../parts/Link";
import { Loading } from "../../parts/Loading";
import { Name } from "../../parts/Name";
import { Page } from "../../parts/Page";
import { Pager } from "../../parts/Pager";
import { Select } from "../../parts/Select";
import { Tabs } from "../../parts/Tabs";
import { Tag } from "../../parts/Tag";
import { Trouble } from "../../parts/Trouble";
import { dayAfter, today } from "../../parts/today";
import { departmentOptions } from "../../parts/use_departments";
import { useMunicipality } from "../../parts/useMunicipality";
import { usePages } from "../../parts/use_pages";
import { keepState, keptState } from "../../state/router";
import { session } from "../../state/session";
import { t } from "../../state/texts";
import { Feed } from "./Feed";
import { EventForm } from "./Form";
import { Month } from "./Month";
import { asked, firstDay, hoursText, kindWord, lastDay, weekdayText } from "./words";

interface Kept {
  department?: string;
  past?: boolean;
  tab?: string;
}

const kYear = 365;

// The day as a leaf of a calendar.
function DayLeaf({ event }: { event: EventJson }) {
  const day = dateOf(firstDay(event));
  const part = (options: Intl.DateTimeFormatOptions) => day.toLocaleDateString(locale(), options);
  return (
    <time class="day-leaf" dateTime={firstDay(event)}>
      <span class="day-leaf-month">{part({ month: "short" }).replace(".", "")}</span>
      <span class="day-leaf-day">{day.getDate()}</span>
      <span class="day-leaf-year">{day.getFullYear()}</span>
    </time>
  );
}

function Item({ event }: { event: EventJson }) {
  const several = firstDay(event) !== lastDay(event);
  const hours = hoursText(event);
  const toCall = event.followUpCount ?? 0;
  return (
    <li class="card event-item">
      <DayLeaf event={event} />
      <div class="event-about">
        <h2><Link to={`/netvaerksdage/${event.id}`}><Name>{event.title}</Name></Link></h2>
        <p>
          {weekdayText(firstDay(event))}
          {several && ` – ${weekdayText(lastDay(event))} ${dateOf(lastDay(event)).toLocaleDateString(locale(), { day: "numeric", month: "long" })}`}
          {hours && ` ${hours}`}
          {event.place && <> · <Name>{event.place}</Name></>}
        </p>
        {event.theme && <p class="strong"><Name>{event.theme}</Name></p>}
        {event.description && <p class="prose event-description">{event.description}</p>}
        <p class="muted">{asked(event, today())}</p>
        <div class="labels">
          <Tag>{kindWord(event.kind)}</Tag>
          {event.cancelTime && <Tag tone="bad">{t("events.cancelled")}</Tag>}
          {toCall > 0 && <Tag tone="warn">{t("events.toCall", { n: toCall })}</Tag>}
          {(event.hostNames ?? []).map((host) => <Tag key={host} tone="neutral">{host}</Tag>)}
        </div>
      </div>
    </li>
  );
}

interface ListProps {
  department?: string;
  past?: boolean;
  // Only those after which somebody has to be called, whenever they were.
  toCall?: boolean;
  // Begins a new day; undefined where the caller may not, or has begun.
  onCreate?: () => void;
}

function List({ department, past, toCall, onCreate }: ListProps) {
  const fromDate = past ? dayAfter(today(), -kYear) : undefined;
  const list = usePages("event.v1.EventService/ListEvents", { departmentId: department, fromDate, followUpOpen: toCall, pageSize: 20 });
  const found = list.data?.events ?? [];
  return (
    <>
      <Trouble error={list.error} retry={list.reload} />
      {list.loading && !list.data && <Loading />}
      {list.data && found.length === 0 && (toCall ? <Empty title={t("events.noCalls")}>{t("events.noCallsHint")}</Empty> : (
        <Empty title={t("events.none")} action={onCreate && <Button onClick={onCreate}>{t("events.plan")}</Button>}>{t("events.noneHint")}</Empty>
      ))}
      <ul class="plain">{found.map((each) => <Item key={each.id} event={each} />)}</ul>
      <Pager pages={list} />
    </>
  );
}

export function Events() {
  const { departments = [] } = useMunicipality();
  const [kept, setKept] = useState(() => keptState<Kept>({}));
  const [creating, setCreating] = useState(false);
  const keep = (to: Kept) => {
    setKept(to);
    keepState(to);
  };
  const create = session.has("events.write") && !creating ? () => setCreating(true) : undefined;
  const past = (
    <div class="events-past">
      <Checkbox label={t("events.past")} checked={kept.past ?? false} onValue={(to) => keep({ ...kept, past: to })} />
    </div>
  );
  const tabs = [
    { key: "list", label: t("events.list"), content: () => <>{past}<List department={kept.department} past={kept.past} onCreate={create} /></> },
    { key: "month", label: t("events.month"), content: () => <Month department={kept.department} /> },
    { key: "calls", label: t("events.calls"), content: () => <List key="calls" department={kept.department} toCall /> },
    { key: "feed", label: t("events.feed.title"), content: () => <Feed departments={departments} /> },
  ];
  return (
    <Page title={t("events.title")} lead={t("events.lead")} wide
          actions={create && <Button onClick={create}>{t("events.create")}</Button>}>
      {creating && <EventForm departments={departments} onClose={() => setCreating(false)} />}
      <div class="list-filters">
        <Field label={t("events.department")}>
          <Select value={kept.department ?? ""} onValue={(department) => keep({ ...kept, department })}
                  options={departmentOptions(departments, t("common.all"))} />
        </Field>
      </div>
      <Tabs label={t("events.views")} tabs={tabs} selected={kept.tab ?? "list"} onSelect={(tab) => keep({ ...kept, tab })} />
    </Page>
  );
}
