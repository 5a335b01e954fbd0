// The form for an event: a new one, or changes to one there is.
import { useState } from "preact/hooks";
import type { EventJson, EventKindJson } from "../../gen/brobygger/event/v1/event_pb";
import type { DepartmentJson } from "../../gen/brobygger/registry/v1/municipality_pb";
import { call } from "../../api/client";
import { Button } from "../../parts/Button";
import { Checkbox } from "../../parts/Checkbox";
import { Conflict, type ConflictRow } from "../../parts/Conflict";
import { Field } from "../../parts/Field";
import { FormHeading } from "../../parts/FormHeading";
import { Select } from "../../parts/Select";
import { TextArea } from "../../parts/TextArea";
import { TextInput } from "../../parts/TextInput";
import { clockOf, instantOf, today } from "../../parts/today";
import { Trouble } from "../../parts/Trouble";
import { useDraft, type Draft } from "../../parts/use_draft";
import { requestId, useWrite } from "../../state/hooks";
import { navigate } from "../../state/router";
import { session } from "../../state/session";
import { t, type TextKey } from "../../state/texts";
import { Departments } from "./Departments";
import { Suggest } from "./Suggest";
import { firstDay, kindWord, kKinds, lastDay, whenText } from "./words";

interface Typed {
  kind: EventKindJson;
  title: string;
  theme: string;
  description: string;
  place: string;
  url: string;
  hosts: string[];
  wholeDays: boolean;
  day: string;
  lastDay: string;
  from: string;
  to: string;
}

function typedOf(event: EventJson | undefined): Typed {
  const own = session.me.value?.departmentId;
  return {
    kind: event?.kind ?? "EVENT_KIND_NETWORK_DAY", title: event?.title ?? "", theme: event?.theme ?? "", description: event?.description ?? "",
    place: event?.place ?? "", url: event?.url ?? "", hosts: event?.hostDepartmentIds ?? (own ? [own] : []),
    wholeDays: Boolean(event?.startDate), day: event ? firstDay(event) : "", lastDay: event ? lastDay(event) : "",
    from: event?.startTime ? clockOf(new Date(event.startTime)) : "16:00", to: event?.endTime ? clockOf(new Date(event.endTime)) : "19:00",
  };
}

function eventOf(typed: Typed): EventJson {
  const { kind, title, theme, description, place, url, hosts } = typed;
  const last = typed.lastDay > typed.day ? typed.lastDay : typed.day;
  const when = typed.wholeDays ? { startDate: typed.day, endDate: last }
    : { startTime: instantOf(typed.day, typed.from), endTime: instantOf(typed.day, typed.to) };
  return { kind, title, theme, description, place, url, hostDepartmentIds: hosts, ...when };
}

const kFields = ["kind", "title", "theme", "description", "place", "url", "hostDepartmentIds"] as const;
const kTimes = ["startTime", "endTime", "startDate", "endDate"] as const;

// What was typed anew; the times go together. What somebody else changed meanwhile stays.
function changedFields(typed: Typed, before: Typed): string[] {
  const [mine, was] = [eventOf(typed), eventOf(before)];
  const differs = (name: (typeof kFields)[number] | (typeof kTimes)[number]) => JSON.stringify(mine[name]) !== JSON.stringify(was[name]);
  return [...kFields.filter(differs), ...(kTimes.some(differs) ? kTimes : [])];
}

function When({ value, set }: Draft<Typed>) {
  const [suggesting, setSuggesting] = useState(false);
  return (
    <>
      <div class="row row-end">
        <Field label={t(value.wholeDays ? "events.form.firstDay" : "events.form.day")}>
          <TextInput type="date" value={value.day} onValue={(day) => set({ day })} required />
        </Field>
        {value.wholeDays ? (
          <Field label={t("events.form.lastDay")} optional>
            <TextInput type="date" value={value.lastDay} min={value.day} onValue={(to) => set({ lastDay: to })} />
          </Field>
        ) : (
          <>
            <Field label={t("events.form.from")}>
              <TextInput type="time" value={value.from} onValue={(from) => set({ from })} required />
            </Field>
            <Field label={t("events.form.to")}>
              <TextInput type="time" value={value.to} min={value.from} onValue={(to) => set({ to })} required />
            </Field>
          </>
        )}
      </div>
      <Checkbox label={t("events.form.wholeDays")} checked={value.wholeDays} onValue={(wholeDays) => set({ wholeDays })} />
      {suggesting ? <Suggest from={value.day || today()} onDay={(day) => set({ day, lastDay: day })} />
        : <Button kind="tertiary" onClick={() => setSuggesting(true)}>{t("events.suggest.open")}</Button>}
    </>
  );
}

function What({ value, set }: Draft<Typed>) {
  return (
    <>
      <Field label={t("events.form.title")}>
        <TextInput value={value.title} onValue={(title) => set({ title })} required maxLength={200} />
      </Field>
      <Field label={t("events.form.kind")}>
        <Select value={value.kind} onValue={(kind) => set({ kind: kind as EventKindJson })}
                options={kKinds.map((each) => ({ value: each, label: kindWord(each) }))} />
      </Field>
      <Field label={t("events.form.theme")} hint={t("events.form.themeHint")} optional>
        <TextInput value={value.theme} onValue={(theme) => set({ theme })} maxLength={100} />
      </Field>
      <Field label={t("events.form.description")} hint={t("events.form.descriptionHint")} optional>
        <TextArea value={value.description} onValue={(description) => set({ description })} maxLength={2000} />
      </Field>
      <Field label={t("events.form.place")} optional>
        <TextInput value={value.place} onValue={(place) => set({ place })} maxLength={200} />
      </Field>
    </>
  );
}

// What differs between what somebody else saved and what was typed.
function rowsOf(theirs: EventJson, mine: EventJson): ConflictRow[] {
  const rows: [TextKey, (event: EventJson) => string | undefined][] = [
    ["events.form.title", (of) => of.title], ["events.form.kind", (of) => kindWord(of.kind)], ["events.form.theme", (of) => of.theme],
    ["events.form.description", (of) => of.description], ["events.form.place", (of) => of.place], ["event.when", whenText],
  ];
  return rows.map(([label, read]) => ({ label: t(label), theirs: read(theirs) ?? "", mine: read(mine) ?? "" }))
    .filter((row) => row.theirs !== row.mine);
}

// `event`: the one that is changed; `onSaved` then.
export function EventForm({ event, departments, onClose, onSaved }: {
  event?: EventJson; departments: DepartmentJson[]; onClose: () => void; onSaved?: () => void;
}) {
  const [before] = useState(() => typedOf(event));
  const draft = useDraft(before);
  const create = useWrite("event.v1.EventService/CreateEvent");
  const update = useWrite("event.v1.EventService/UpdateEvent");
  const [theirs, setTheirs] = useState<EventJson>();
  const done = () => {
    draft.reset();
    onSaved?.();
  };
  const change = async (over: EventJson) => {
    const changed = changedFields(draft.value, before);
    if (changed.length === 0) return done();
    const answer = await update.run({
      event: { ...eventOf(draft.value), id: over.id, etag: over.etag }, updateMask: changed.join(","), requestId: requestId(),
    });
    if (answer) return done();
    // Where somebody else saved first, both are shown.
    const now = await call("event.v1.EventService/GetEvent", { eventId: over.id }).catch(() => undefined);
    setTheirs(now?.event?.etag === over.etag ? undefined : now?.event);
  };
  const save = async (submitted: Event) => {
    submitted.preventDefault();
    if (event) return change(event);
    const answer = await create.run({ event: eventOf(draft.value), requestId: requestId() });
    if (!answer) return;
    draft.reset();
    // Once the draft no longer asks before leaving.
    setTimeout(() => navigate(`/netvaerksdage/${answer.event?.id}`));
  };
  return (
    <form class="card card-brand form-card" onSubmit={save}>
      <FormHeading>{t(event ? "events.form.change" : "events.create")}</FormHeading>
      <What {...draft} />
      <When {...draft} />
      <Departments label={t("events.form.hosts")} departments={departments} chosen={draft.value.hosts} onChosen={(hosts) => draft.set({ hosts })} />
      {theirs ? (
        <Conflict rows={rowsOf(theirs, eventOf(draft.value))} busy={update.busy} onMine={() => void change(theirs)} onTheirs={done}
                  onClose={() => setTheirs(undefined)} />
      ) : <Trouble error={create.error ?? update.error} />}
      <div class="row">
        <Button type="submit" busy={create.busy || update.busy} disabled={draft.value.hosts.length === 0}>
          {t(event ? "common.save" : "events.form.save")}
        </Button>
        <Button kind="tertiary" onClick={onClose}>{t("common.cancel")}</Button>
        {draft.value.hosts.length === 0 && <span class="muted">{t("events.form.hostMissing")}</span>}
      </div>
    </form>
  );
}
