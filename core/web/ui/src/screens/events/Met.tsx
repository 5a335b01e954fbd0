// After the event: who met whom becomes contacts.
import { useState } from "preact/hooks";
import type { TouchpointJson } from "../../gen/brobygger/contact/v1/touchpoint_pb";
import { Button } from "../../parts/Button";
import { Name } from "../../parts/Name";
import { Table } from "../../parts/Table";
import { Trouble } from "../../parts/Trouble";
import { requestId, useWrite } from "../../state/hooks";
import { session } from "../../state/session";
import { t } from "../../state/texts";
import type { PartProps } from "./One";

export function Met({ found }: PartProps) {
  const { run, busy, error } = useWrite("event.v1.EventService/RecordMeetings");
  const [made, setMade] = useState<TouchpointJson[]>();
  const came = (found.invitations ?? []).filter((each) => each.state === "STATE_ATTENDED");
  const hosts = found.event?.hostNames ?? [];
  const record = async () => {
    const answer = await run({ eventId: found.event?.id, requestId: requestId() });
    if (answer) setMade(answer.touchpoints ?? []);
  };
  return (
    <section class="card card-brand section" aria-labelledby="met">
      <h2 id="met">{t("event.met")}</h2>
      {came.length === 0 ? <p>{t("event.metNobody")}</p> : (
        <>
          <p>{t("event.metHint")}</p>
          <Table quiet caption={t("event.met")} head={[t("event.metAssociation"), t("event.metWith")]}
                 rows={came.map((each) => ({ key: each.associationId ?? "", cells: [<Name>{each.officialName}</Name>, hosts.join(", ")] }))} />
          {session.has("contacts.write") && <Button busy={busy} onClick={() => void record()}>{t("event.metRecord")}</Button>}
        </>
      )}
      <Trouble error={error} />
      {made && <p role="status" class="strong">{made.length > 0 ? t("event.metDone", { n: made.length }) : t("event.metAlready")}</p>}
    </section>
  );
}
