// After the event: who met whom becomes contacts. A department may have come as a guest, and one that
// held the day may have stayed away.
import { useState } from "preact/hooks";
import type { TouchpointJson } from "../../gen/brobygger/contact/v1/touchpoint_pb";
import type { EventJson } from "../../gen/brobygger/event/v1/event_pb";
import type { DepartmentJson } from "../../gen/brobygger/registry/v1/municipality_pb";
import { Button } from "../../parts/Button";
import { Name } from "../../parts/Name";
import { Table } from "../../parts/Table";
import { Trouble } from "../../parts/Trouble";
import { requestId, useWrite } from "../../state/hooks";
import { session } from "../../state/session";
import { t } from "../../state/texts";
import { Departments } from "./Departments";
import type { PartProps } from "./One";

// Those that can be chosen, and those that held the day, wherever they are.
function withHosts(departments: DepartmentJson[], { hostDepartmentIds = [], hostNames = [] }: EventJson): DepartmentJson[] {
  const others = hostDepartmentIds.map((id, i) => ({ id, officialName: hostNames[i] })).filter(({ id }) => !departments.some((each) => each.id === id));
  return [...others, ...departments];
}

export function Met({ found, departments }: PartProps & { departments: DepartmentJson[] }) {
  const { run, busy, error } = useWrite("event.v1.EventService/RecordMeetings");
  const [made, setMade] = useState<TouchpointJson[]>();
  const came = (found.invitations ?? []).filter((each) => each.state === "STATE_ATTENDED");
  const event = found.event ?? {};
  const all = withHosts(departments, event);
  const [there, setThere] = useState(event.hostDepartmentIds ?? []);
  const names = all.filter((each) => there.includes(each.id ?? "")).map((each) => each.officialName);
  const mayWrite = session.has("contacts.write");
  const record = async () => {
    const answer = await run({ eventId: event.id, departmentIds: there, requestId: requestId() });
    if (answer) setMade(answer.touchpoints ?? []);
  };
  return (
    <section class="card card-brand section" aria-labelledby="met">
      <h2 id="met">{t("event.met")}</h2>
      {came.length === 0 ? <p>{t("event.metNobody")}</p> : (
        <>
          <p>{t("event.metHint")}</p>
          {mayWrite && <Departments label={t("event.metThere")} departments={all} chosen={there} onChosen={setThere} />}
          <Table quiet caption={t("event.met")} head={[t("event.metAssociation"), t("event.metWith")]}
                 rows={came.map((each) => ({ key: each.associationId ?? "", cells: [<Name>{each.officialName}</Name>, names.join(", ")] }))} />
          {mayWrite && (
            <div class="row">
              <Button busy={busy} disabled={there.length === 0} onClick={() => void record()}>{t("event.metRecord")}</Button>
              {there.length === 0 && <span class="muted">{t("events.form.hostMissing")}</span>}
            </div>
          )}
        </>
      )}
      <Trouble error={error} />
      {made && <p role="status" class="strong">{made.length > 0 ? t("event.metDone", { n: made.length }) : t("event.metAlready")}</p>}
    </section>
  );
}
