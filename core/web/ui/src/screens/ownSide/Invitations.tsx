// What the association is invited to and is still ahead: it says here whether it comes.
import { useRef, useState } from "preact/hooks";
import type { Invitation_StateJson } from "../../gen/brobygger/event/v1/event_pb";
import type { EventSummaryJson } from "../../gen/brobygger/people/v1/own_view_pb";
import { Button } from "../../parts/Button";
import { Field } from "../../parts/Field";
import { Name } from "../../parts/Name";
import { Tag, type Tone } from "../../parts/Tag";
import { TextInput } from "../../parts/TextInput";
import { today } from "../../parts/today";
import { Trouble } from "../../parts/Trouble";
import { requestId, useWrite } from "../../state/hooks";
import { session } from "../../state/session";
import { t, word } from "../../state/texts";
import { isOver, whenText } from "../events/words";

// The soonest first; what was cancelled stays among them until its day is over.
export function upcoming(events: EventSummaryJson[]): EventSummaryJson[] {
  return events.filter((each) => each.open || !isOver(each, today())).reverse();
}

const kTones: Record<string, Tone> = { STATE_INVITED: "warn", STATE_REGISTERED: "good" };

interface Props {
  event: EventSummaryJson;
  reload: () => void;
}

function Facts({ event }: Pick<Props, "event">) {
  const hosts = event.hostNames ?? [];
  return (
    <>
      <p class="strong capital">{whenText(event)}</p>
      {event.place && <p><Name>{event.place}</Name></p>}
      <dl class="told">
        {event.theme && <><dt>{t("ownSide.invited.theme")}</dt><dd dir="auto">{event.theme}</dd></>}
        {event.canGive && <><dt>{t("ownSide.invited.give")}</dt><dd dir="auto">{event.canGive}</dd></>}
        {event.canGet && <><dt>{t("ownSide.invited.get")}</dt><dd dir="auto">{event.canGet}</dd></>}
        {hosts.length > 0 && <><dt>{t("ownSide.invited.hosts")}</dt><dd>{hosts.join(", ")}</dd></>}
      </dl>
    </>
  );
}

// Whether they come, and how many: that may be left out.
function Answer({ event, reload, onCancel }: Props & { onCancel?: () => void }) {
  const [people, setPeople] = useState(String(event.headCount || ""));
  const { run, busy, error } = useWrite("event.v1.EventService/AnswerInvitation");
  const say = async (state: Invitation_StateJson) => {
    const headCount = state === "STATE_REGISTERED" ? Number(people) || 0 : 0;
    const { eventId, associationId } = event;
    if (await run({ eventId, associationId, state, headCount, requestId: requestId() })) reload();
  };
  const come = (submit: Event) => {
    submit.preventDefault();
    void say("STATE_REGISTERED");
  };
  return (
    <form onSubmit={come}>
      <Field label={t("ownSide.invited.people")} optional>
        <TextInput class="input-short" type="number" min="1" max="1000" value={people} onValue={setPeople} />
      </Field>
      <Trouble error={error} retry={error?.reason === "EVENT_OVER" ? reload : undefined} />
      <div class="row">
        <Button type="submit" busy={busy}>{t("ownSide.invited.comes")}</Button>
        <Button kind="secondary" disabled={busy} onClick={() => void say("STATE_DECLINED")}>{t("ownSide.invited.declines")}</Button>
        {onCancel && <Button kind="tertiary" onClick={onCancel}>{t("common.cancel")}</Button>}
      </div>
    </form>
  );
}

function answerText({ state, headCount = 0 }: EventSummaryJson): string {
  const said = word(`ownSide.invited.state.${(state ?? "").slice("STATE_".length)}`, "");
  return state === "STATE_REGISTERED" && headCount ? t("ownSide.invited.withPeople", { said, n: headCount }) : said;
}

function Card({ event, reload }: Props) {
  const [changing, setChanging] = useState(false);
  const open = event.open && session.has("invitations.answer");
  const answered = event.state !== "STATE_INVITED";
  const card = useRef<HTMLLIElement>(null);
  // What was pressed is gone then: the focus stays at the event.
  const close = () => {
    setChanging(false);
    card.current?.focus();
  };
  const done = () => {
    close();
    reload();
  };
  return (
    <li class="card card-brand own-invitation" ref={card} tabIndex={-1}>
      <div class="row row-between">
        <h3><Name>{event.title}</Name></h3>
        <span role="status">
          {event.cancelled ? <Tag tone="bad">{t("events.cancelled")}</Tag> : <Tag tone={kTones[event.state ?? ""] ?? "neutral"}>{answerText(event)}</Tag>}
        </span>
      </div>
      <Facts event={event} />
      {open && (!answered || changing) && <Answer event={event} reload={done} onCancel={answered ? close : undefined} />}
      {open && answered && !changing && <Button kind="secondary" onClick={() => setChanging(true)}>{t("ownSide.invited.change")}</Button>}
    </li>
  );
}

export function Invitations({ events, reload }: { events: EventSummaryJson[]; reload: () => void }) {
  if (events.length === 0) return null;
  return (
    <section class="own-invitations" aria-labelledby="own-invitations">
      <h2 id="own-invitations">{t("ownSide.section.invitations")}</h2>
      <p class="muted">{t("ownSide.invited.hint")}</p>
      <ul class="plain">
        {events.map((each) => <Card key={`${each.eventId}${each.associationId}`} event={each} reload={reload} />)}
      </ul>
    </section>
  );
}
