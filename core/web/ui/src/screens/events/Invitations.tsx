// Who is asked, what they answered, and whether they were there. Who was absent gets a call.
import { useState } from "preact/hooks";
import type { Invitation_StateJson, InvitationJson } from "../../gen/brobygger/event/v1/event_pb";
import { Button } from "../../parts/Button";
import { Day } from "../../parts/Day";
import { Empty } from "../../parts/Empty";
import { Field } from "../../parts/Field";
import { Link } from "../../parts/Link";
import { Name } from "../../parts/Name";
import { Select } from "../../parts/Select";
import { Tag, type Tone } from "../../parts/Tag";
import { TextInput } from "../../parts/TextInput";
import { Trouble } from "../../parts/Trouble";
import { requestId, useWrite } from "../../state/hooks";
import { session } from "../../state/session";
import { t } from "../../state/texts";
import type { PartProps } from "./One";
import { kStates, stateWord } from "./words";

const kTones: Record<string, Tone> = { STATE_REGISTERED: "good", STATE_ATTENDED: "good", STATE_ABSENT: "warn" };

function Mail({ invitation }: { invitation: InvitationJson }) {
  if (invitation.mailTrouble) return <p class="amber small">{t("event.mailTrouble")} {invitation.mailTrouble}</p>;
  if (invitation.mailWaiting) return <p class="muted small">{t("event.mailWaiting")}</p>;
  if (invitation.mailTime) return <p class="muted small">{t("event.mailSent")} <Day iso={invitation.mailTime} /></p>;
  return null;
}

function Told({ invitation }: { invitation: InvitationJson }) {
  return (
    <dl class="told">
      {invitation.canGive && <><dt>{t("event.give")}</dt><dd dir="auto">{invitation.canGive}</dd></>}
      {invitation.canGet && <><dt>{t("event.get")}</dt><dd dir="auto">{invitation.canGet}</dd></>}
      {invitation.followUpNote && <><dt>{t("event.callNote")}</dt><dd dir="auto">{invitation.followUpNote}</dd></>}
    </dl>
  );
}

type Write = (fields: { state?: Invitation_StateJson; headCount?: number; followUpNote?: string }) => Promise<boolean>;

function Answer({ invitation, busy, write }: { invitation: InvitationJson; busy: boolean; write: Write }) {
  const [people, setPeople] = useState(String(invitation.headCount || ""));
  const counts = invitation.state === "STATE_REGISTERED" || invitation.state === "STATE_ATTENDED";
  const name = invitation.officialName ?? "";
  return (
    <div class="row row-end">
      <Field label={<>{t("event.answer")}<span class="sr-only"> {name}</span></>}>
        <Select value={invitation.state ?? ""} disabled={busy} onValue={(state) => void write({ state: state as Invitation_StateJson })}
                options={kStates.map((value) => ({ value, label: stateWord(value) }))} />
      </Field>
      {counts && (
        <Field label={<>{t("event.headCount")}<span class="sr-only"> {name}</span></>}>
          <TextInput class="input-short" type="number" min="1" value={people} onValue={setPeople} disabled={busy}
                     onChange={() => Number(people) > 0 && void write({ headCount: Number(people) })} />
        </Field>
      )}
    </div>
  );
}

// Being absent is no mark against anybody: somebody calls and asks how they are.
function FollowUp({ busy, write }: { busy: boolean; write: Write }) {
  const [note, setNote] = useState("");
  const save = (event: Event) => {
    event.preventDefault();
    void write({ followUpNote: note });
  };
  return (
    <form class="follow-up" onSubmit={save}>
      <p class="amber">{t("event.call")}</p>
      <Field label={t("event.callNote")} hint={t("event.callHint")} wide>
        <TextInput value={note} onValue={setNote} maxLength={300} required />
      </Field>
      <Button type="submit" kind="secondary" busy={busy}>{t("event.called")}</Button>
    </form>
  );
}

function Item({ invitation, reload }: { invitation: InvitationJson; reload: () => void }) {
  const { run, busy, error } = useWrite("event.v1.EventService/RecordAttendance");
  const mayWrite = session.has("events.write");
  const write: Write = async (fields) => {
    const { eventId, associationId } = invitation;
    const answer = await run({ eventId, associationId, ...fields, requestId: requestId() });
    if (answer) reload();
    return Boolean(answer);
  };
  return (
    <li class="card invitation">
      <div>
        <h3><Link to={`/foreninger/${invitation.associationId}`}><Name>{invitation.officialName}</Name></Link></h3>
        {!mayWrite && <Tag tone={kTones[invitation.state ?? ""] ?? "neutral"}>{stateWord(invitation.state)}</Tag>}
        <Told invitation={invitation} />
        <Mail invitation={invitation} />
      </div>
      {mayWrite && <Answer invitation={invitation} busy={busy} write={write} />}
      <Trouble error={error} />
      {invitation.followUpOpen && mayWrite && <FollowUp busy={busy} write={write} />}
    </li>
  );
}

export function Invitations({ found, reload }: PartProps) {
  const invitations = found.invitations ?? [];
  return (
    <section class="section" aria-labelledby="invitations">
      <h2 id="invitations">{t("event.invitations")}</h2>
      {invitations.length === 0 && <Empty title={t("event.nobody")}>{t("event.nobodyHint")}</Empty>}
      <ul class="plain">{invitations.map((each) => <Item key={each.associationId} invitation={each} reload={reload} />)}</ul>
    </section>
  );
}
