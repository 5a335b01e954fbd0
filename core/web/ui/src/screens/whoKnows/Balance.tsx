// Who reaches out, and what hangs on one role: about the municipality's habits, never about a
// person's.
import { useState } from "preact/hooks";
import { Button } from "../../parts/Button";
import { Field } from "../../parts/Field";
import { Link } from "../../parts/Link";
import { Loading } from "../../parts/Loading";
import { Name } from "../../parts/Name";
import { Select } from "../../parts/Select";
import { Table } from "../../parts/Table";
import { Trouble } from "../../parts/Trouble";
import { useCall } from "../../state/hooks";
import { t } from "../../state/texts";
import type { Department } from "./matrix";

function Initiative({ code, departments }: { code: string; departments: Department[] }) {
  const [department, setDepartment] = useState("");
  const asked = useCall("discovery.v1.DiscoveryService/GetInitiativeBalance", { municipalityCode: code, departmentId: department });
  const { municipalityCount: ours = 0, associationCount: theirs = 0, otherCount: others = 0, unknownCount: unknown = 0, oneSided } = asked.data ?? {};
  const known = ours + theirs + others;
  const options = [{ value: "", label: t("whoKnows.allDepartments") }, ...departments.map((each) => ({ value: each.id, label: each.name }))];
  return (
    <section>
      <h2>{t("whoKnows.initiative")}</h2>
      <Field label={t("whoKnows.department")}><Select value={department} onValue={setDepartment} options={options} /></Field>
      <Trouble error={asked.error} retry={asked.reload} />
      {!asked.data && asked.loading && <Loading />}
      {asked.data && (
        <div aria-live="polite">
          <p class="strong">
            {t(!known ? "whoKnows.initiativeNone" : !oneSided ? "whoKnows.initiativeBoth"
                : ours > theirs ? "whoKnows.initiativeOurs" : "whoKnows.initiativeTheirs")}
          </p>
          {known > 0 && <p>{t("whoKnows.initiativeText", { known, ours, theirs, others })}</p>}
          {unknown > 0 && <p class="muted">{t("whoKnows.initiativeUnknown", { n: unknown })}</p>}
          {oneSided && <p>{t(ours > theirs ? "whoKnows.initiativeListen" : "whoKnows.initiativeReach")}</p>}
        </div>
      )}
    </section>
  );
}

function Dependencies({ code }: { code: string }) {
  const [size, setSize] = useState(10);
  const asked = useCall("discovery.v1.DiscoveryService/ListOnePersonDependencies", { municipalityCode: code, pageSize: size });
  const { dependencies = [], totalCount = 0, knownCount = 0 } = asked.data ?? {};
  return (
    <section>
      <h2>{t("whoKnows.dependencies")}</h2>
      <p>{t("whoKnows.dependenciesLead")}</p>
      <Trouble error={asked.error} retry={asked.reload} />
      {!asked.data && asked.loading && <Loading />}
      {asked.data && <p class="strong">{t("whoKnows.dependenciesCount", { n: totalCount, known: knownCount })}</p>}
      {dependencies.length > 0 && (
        <Table caption={t("whoKnows.dependencies")} quiet head={[t("whoKnows.association"), t("whoKnows.department"), t("whoKnows.role")]}
               rows={dependencies.map(({ associationId = "", officialName, acquaintance }) => ({
                 key: associationId,
                 cells: [
                   <Link to={`/foreninger/${associationId}`}><Name>{officialName}</Name></Link>,
                   <Name>{acquaintance?.departmentName}</Name>,
                   acquaintance?.ourRoles?.join(", ") ?? "",
                 ],
               }))} />
      )}
      {size < totalCount && <Button kind="secondary" busy={asked.loading} onClick={() => setSize(size + 50)}>{t("whoKnows.more", { n: totalCount - size })}</Button>}
    </section>
  );
}

export function Balance({ code, departments }: { code: string; departments: Department[] }) {
  return (
    <div class="columns">
      <Initiative code={code} departments={departments} />
      <Dependencies code={code} />
    </div>
  );
}
