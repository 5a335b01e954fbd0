// Who in the municipality knows the association, and whom to ask.
import { lazy, Suspense } from "preact/compat";
import { useState } from "preact/hooks";
import type { AcquaintanceJson } from "../../gen/brobygger/discovery/v1/discovery_service_pb";
import { Ago } from "../../parts/Ago";
import { Button } from "../../parts/Button";
import { Day } from "../../parts/Day";
import { Empty } from "../../parts/Empty";
import { Loading } from "../../parts/Loading";
import { Name } from "../../parts/Name";
import { Trouble } from "../../parts/Trouble";
import { useMunicipality } from "../../parts/useMunicipality";
import { useCall } from "../../state/hooks";
import { session } from "../../state/session";
import { t } from "../../state/texts";
import { AskColleague } from "../whoKnows/CellDialog";
import { channelText, gradeText, purposeText } from "../whoKnows/words";

const TakeContact = lazy(() => import("../gettingStarted/TakeContact"));

const kTouchpoints = 5;

function Acquaintance({ told, association }: { told: AcquaintanceJson; association: string }) {
  const known = told.familiarity;
  const department = { id: told.departmentId ?? "", name: told.departmentName ?? "", email: told.contactEmail ?? "" };
  const facts: [string, preact.ComponentChildren][] = [
    [t("whoKnows.gradeLabel"), gradeText(known?.grade)],
    [t("whoKnows.last"), known?.lastDate && <><Day iso={known.lastDate} /> (<Ago iso={known.lastDate} />)</>],
    [t("whoKnows.next"), known?.nextDate && <Day iso={known.nextDate} />],
    [t("whoKnows.since"), known?.firstDate && <Day iso={known.firstDate} />],
    [t("whoKnows.about"), (known?.purposes ?? []).map((each) => purposeText(each)).filter(Boolean).join(", ")],
    [t("association.known.roles"), (told.ourRoles ?? []).join(", ")],
  ];
  const touchpoints = (told.touchpoints ?? []).slice(0, kTouchpoints);
  return (
    <li class="card card-brand">
      <div class="row row-between">
        <h2><Name>{department.name}</Name></h2>
        <AskColleague department={department} association={association} />
      </div>
      {known ? (
        <dl class="facts">
          {facts.filter(([, value]) => value).map(([label, value]) => [<dt key={label}>{label}</dt>, <dd key={`${label}.`}>{value}</dd>])}
        </dl>
      ) : <p>{t("whoKnows.onlyExistence")}</p>}
      {touchpoints.length > 0 && (
        <details>
          <summary>{t("association.known.newest", { n: touchpoints.length })}</summary>
          <ul>
            {touchpoints.map((each) => (
              <li key={each.id}>
                <Day iso={each.date} />: {[channelText(each.channel ?? ""), purposeText(each.purpose ?? "")].filter(Boolean).join(", ")}
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}

export function Known({ id, name }: { id: string; name: string }) {
  const told = useCall("discovery.v1.DiscoveryService/WhoKnows", { associationId: id });
  const home = useMunicipality();
  const [contacting, setContacting] = useState(false);
  const acquaintances = told.data?.associations?.[0]?.acquaintances ?? [];
  const departments = (home.departments ?? []).map((each) => ({ id: each.id ?? "", name: each.officialName ?? "", email: each.contactEmail ?? "" }));
  const mayWrite = session.has("contacts.write") && home.code && departments.length > 0;
  const take = mayWrite && (
    <Button kind="secondary" onClick={() => setContacting(true)}>{t(acquaintances.length ? "whoKnows.writeDown" : "whoKnows.take")}</Button>
  );
  return (
    <>
      <Trouble error={told.error} retry={told.reload} />
      {!told.data && told.loading && <Loading />}
      {told.data && acquaintances.length === 0 && <Empty title={t("associations.noContact")} action={take}>{t("association.known.blank")}</Empty>}
      <ul class="plain">{acquaintances.map((each) => <Acquaintance key={each.departmentId} told={each} association={name} />)}</ul>
      {acquaintances.length > 0 && <p>{take}</p>}
      {contacting && home.code && (
        <Suspense fallback={<Loading />}>
          <TakeContact association={{ id, name }} code={home.code} departments={departments} departmentId={session.me.value?.departmentId}
                       onClose={() => setContacting(false)} onDone={told.reload} />
        </Suspense>
      )}
    </>
  );
}
