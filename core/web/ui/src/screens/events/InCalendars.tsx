// The calendars an event stands in, and putting it into one more.
import { useEffect, useState } from "preact/hooks";
import type { PublicationJson } from "../../gen/brobygger/event/v1/event_pb";
import { Button } from "../../parts/Button";
import { Field } from "../../parts/Field";
import { Loading } from "../../parts/Loading";
import { Select } from "../../parts/Select";
import { Tag, type Tone } from "../../parts/Tag";
import { Trouble } from "../../parts/Trouble";
import { requestId, useCall, useWrite } from "../../state/hooks";
import { session } from "../../state/session";
import { t, word } from "../../state/texts";
import { askCalendars, silentText, type Calendars } from "./ask_calendars";
import type { PartProps } from "./One";

const kTones: Record<string, Tone> = { PUBLISHED: "good", REMOVED_THERE: "warn", REFUSED: "bad" };
// The hub writes within seconds; where the calendar is away, later.
const kPause = 2_000;
const kLooks = 5;

const stateOf = ({ state }: PublicationJson): string => (state ?? "").slice("STATE_".length);

// Of one that stands there already, that what is new is not there yet; of one that was refused, what.
function stateText(publication: PublicationJson): string {
  const state = stateOf(publication);
  const more = state === "WAITING" && publication.externalId ? "_AGAIN" : state === "REFUSED" && publication.withdrawing ? "_OUT" : "";
  return word(`event.calendars.state.${state}${more}`, state);
}

// The hub keeps the calendar's answer in English: those that are known are told in the person's language.
function troubleText(trouble: string): string {
  return word(`event.calendars.trouble.${trouble.toLowerCase().replace(/[^a-z]+/g, "_").slice(0, 30)}`, trouble);
}

type Write = (publication: PublicationJson, withdraw?: boolean) => void;

function Item({ publication, titleOf, mayPut, busy, write }: {
  publication: PublicationJson; titleOf: (connectionId: string) => string; mayPut: boolean; busy: boolean; write: Write;
}) {
  const { calendar, connectionId = "", withdrawing } = publication;
  const state = stateOf(publication);
  const again = mayPut && (state === "REMOVED_THERE" || state === "WITHDRAWING" || (state === "REFUSED" && !withdrawing));
  const out = session.has("events.write") && ["WAITING", "PUBLISHED", "REFUSED"].includes(state);
  return (
    <li class="card row row-between">
      <div>
        <strong>{calendar}</strong> <span class="muted">{titleOf(connectionId)}</span>
        <div><Tag tone={kTones[state] ?? "neutral"}>{stateText(publication)}</Tag></div>
        {publication.trouble && <p class="small">{troubleText(publication.trouble)}</p>}
      </div>
      <div class="row">
        {again && <Button kind="secondary" disabled={busy} onClick={() => write(publication)}>{t("event.calendars.again")}</Button>}
        {out && <Button kind="secondary" disabled={busy} onClick={() => write(publication, true)}>{t("event.calendars.takeOut")}</Button>}
      </div>
    </li>
  );
}

// Only the calendars themselves tell everybody their names, so they are asked.
function Put({ taken, busy, write }: { taken: PublicationJson[]; busy: boolean; write: Write }) {
  const [calendars, setCalendars] = useState<Calendars>();
  const [error, setError] = useState<Parameters<typeof Trouble>[0]["error"]>();
  const [chosen, setChosen] = useState("");
  useEffect(() => {
    const abort = new AbortController();
    askCalendars(abort.signal).then(setCalendars, (trouble) => !abort.signal.aborted && setError(trouble));
    return () => abort.abort();
  }, []);
  if (error) return <Trouble error={error} />;
  if (!calendars) return <Loading what={t("events.suggest.asking")} />;
  const isTaken = (one: PublicationJson) => taken.some((each) => each.connectionId === one.connectionId && each.calendar === one.calendar);
  const free = calendars.told.flatMap(({ source, calendars: names }) =>
    names.map((calendar) => ({ connectionId: source.connectionId, calendar, label: `${calendar} (${source.title})` }))).filter((each) => !isTaken(each));
  const put = (event: Event) => {
    event.preventDefault();
    const one = free[Number(chosen)];
    if (one) write(one);
  };
  return (
    <>
      {calendars.silent.length > 0 && <p class="small">{t("event.calendars.silent", { who: silentText(calendars) })}</p>}
      {free.length === 0 ? <p>{t("event.calendars.none")}</p> : (
        <form class="row row-end" onSubmit={put}>
          <Field label={t("event.calendars.which")}>
            <Select value={chosen} onValue={setChosen} required
                    options={[{ value: "", label: t("collaborations.pick.choose") }, ...free.map(({ label }, i) => ({ value: String(i), label }))]} />
          </Field>
          <Button type="submit" busy={busy}>{t("event.calendars.put")}</Button>
        </form>
      )}
    </>
  );
}

// Looks again for a while where something is on its way.
function useLooks(publications: PublicationJson[], reload: () => void): void {
  const [looks, setLooks] = useState(0);
  const onItsWay = publications.some((each) => ["WAITING", "WITHDRAWING"].includes(stateOf(each)));
  useEffect(() => {
    if (!onItsWay) return setLooks(0);
    if (looks >= kLooks) return;
    const timer = setTimeout(() => {
      setLooks(looks + 1);
      reload();
    }, kPause);
    return () => clearTimeout(timer);
  }, [onItsWay, looks]);
}

export function InCalendars({ found, reload, mayPut }: PartProps & { mayPut: boolean }) {
  const publications = found.publications ?? [];
  const { sources = [] } = useCall("sync.v1.SyncService/ListSources", {}).data ?? {};
  const [putting, setPutting] = useState(false);
  const { run, busy, error } = useWrite("event.v1.EventService/PublishEvent");
  useLooks(publications, reload);
  const canPut = mayPut && sources.some((each) => each.hasCalendars);
  if (publications.length === 0 && !canPut) return null;
  const titleOf = (id: string) => sources.find((each) => each.connectionId === id)?.title || id;
  const write: Write = async ({ connectionId, calendar }, withdraw) => {
    if (!(await run({ eventId: found.event?.id, connectionId, calendar, withdraw, requestId: requestId() }))) return;
    setPutting(false);
    reload();
  };
  return (
    <section class="section stack" aria-labelledby="calendars">
      <h2 id="calendars">{t("event.calendars.title")}</h2>
      {publications.length === 0 && <p>{t("event.calendars.nowhere")}</p>}
      <ul class="plain">
        {publications.map((each) => (
          <Item key={`${each.connectionId}/${each.calendar}`} publication={each} titleOf={titleOf} mayPut={mayPut} busy={busy} write={write} />
        ))}
      </ul>
      <Trouble error={error} />
      {canPut && (putting ? <Put taken={publications} busy={busy} write={write} />
        : <Button kind="secondary" onClick={() => setPutting(true)}>{t("event.calendars.put")}</Button>)}
    </section>
  );
}
