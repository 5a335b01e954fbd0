// One event: when and where, who is asked and what came of it.
import { useState } from "preact/hooks";
import type { GetEventResponseJson } from "../../gen/brobygger/event/v1/event_service_pb";
import { Alert } from "../../parts/Alert";
import { Button } from "../../parts/Button";
import { Link } from "../../parts/Link";
import { Loading } from "../../parts/Loading";
import { Name } from "../../parts/Name";
import { Page } from "../../parts/Page";
import { Tag } from "../../parts/Tag";
import { today } from "../../parts/today";
import { Trouble } from "../../parts/Trouble";
import { useMunicipality } from "../../parts/useMunicipality";
import { requestId, useCall, useWrite } from "../../state/hooks";
import { session } from "../../state/session";
import { t } from "../../state/texts";
import { InCalendars } from "./InCalendars";
import { EventForm } from "./Form";
import { Invitations } from "./Invitations";
import { Invite } from "./Invite";
import { Met } from "./Met";
import { countsOf, isOver, kindWord, whenText } from "./words";

export interface PartProps {
  found: GetEventResponseJson;
  reload: () => void;
}

function Counts({ found }: Pick<PartProps, "found">) {
  const counts = countsOf(found.invitations ?? []);
  const over = isOver(found.event ?? {}, today());
  const figures: [number, string][] = [
    [counts.invited, t("event.invited", { n: counts.invited })],
    [counts.answered, t("event.answered")],
    over ? [counts.came, t("event.came")] : [counts.coming, t("event.coming")],
  ];
  return (
    <ul class="plain figures">
      {figures.map(([number, label]) => <li key={label} class="figure"><span class="figure-number">{number}</span>{label}</li>)}
      {counts.people > 0 && <li class="figure"><span class="figure-number">{counts.people}</span>{t("event.people", { n: counts.people })}</li>}
    </ul>
  );
}

function Facts({ found }: Pick<PartProps, "found">) {
  const event = found.event ?? {};
  const hosts = event.hostNames ?? [];
  return (
    <>
      <div class="labels event-labels">
        <Tag>{kindWord(event.kind)}</Tag>
        {event.cancelTime && <Tag tone="bad">{t("events.cancelled")}</Tag>}
      </div>
      <dl class="facts">
        <dt>{t("event.when")}</dt><dd>{whenText(event)}</dd>
        {event.place && <><dt>{t("event.where")}</dt><dd><Name>{event.place}</Name></dd></>}
        {event.theme && <><dt>{t("events.form.theme")}</dt><dd><Name>{event.theme}</Name></dd></>}
        {event.description && <><dt>{t("events.form.description")}</dt><dd><span class="prose">{event.description}</span></dd></>}
        {hosts.length > 0 && <><dt>{t("events.form.hosts")}</dt><dd>{hosts.join(", ")}</dd></>}
        {event.url && <><dt>{t("event.url")}</dt><dd><a href={event.url} rel="noreferrer">{event.url}</a></dd></>}
      </dl>
    </>
  );
}

function Shown(part: PartProps) {
  const { departments = [] } = useMunicipality();
  const [editing, setEditing] = useState(false);
  const cancel = useWrite("event.v1.EventService/CancelEvent");
  const event = part.found.event ?? {};
  const mayWrite = session.has("events.write");
  const callOff = async () => {
    if (!confirm(t("event.cancelAsk", { title: event.title ?? "" }))) return;
    if (await cancel.run({ eventId: event.id, requestId: requestId() })) part.reload();
  };
  const saved = () => {
    setEditing(false);
    part.reload();
  };
  const over = isOver(event, today());
  const actions = mayWrite && !event.cancelTime && !over && (
    <>
      <Button kind="secondary" onClick={() => setEditing(true)}>{t("common.edit")}</Button>
      <Button kind="danger" busy={cancel.busy} onClick={() => void callOff()}>{t("event.cancel")}</Button>
    </>
  );
  return (
    <Page title={event.title ?? ""} heading={<Name>{event.title}</Name>} actions={actions} wide>
      <Trouble error={cancel.error} />
      {event.cancelTime && <Alert tone="warning">{t("event.isCancelled")}</Alert>}
      {editing ? <EventForm event={event} departments={departments} onClose={() => setEditing(false)} onSaved={saved} /> : <Facts found={part.found} />}
      <Counts found={part.found} />
      <Invitations {...part} />
      {mayWrite && !event.cancelTime && !over && <Invite {...part} />}
      {over && !event.cancelTime && <Met {...part} departments={departments} />}
      <InCalendars {...part} mayPut={mayWrite && !event.cancelTime && !over} />
    </Page>
  );
}

export function EventPage({ id }: { id: string }) {
  const answer = useCall("event.v1.EventService/GetEvent", { eventId: id });
  const back = <p><Link to="/netvaerksdage">{t("event.back")}</Link></p>;
  if (answer.data) return <>{back}<Trouble error={answer.error} retry={answer.reload} /><Shown found={answer.data} reload={answer.reload} /></>;
  return (
    <Page title={t("events.title")}>
      {answer.loading && <Loading />}
      <Trouble error={answer.error} retry={answer.reload} />
      {back}
    </Page>
  );
}
