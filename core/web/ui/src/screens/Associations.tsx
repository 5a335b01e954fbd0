// "Foreninger": the list.
import { useMemo, useState } from "preact/hooks";
import { ApiError } from "../api/errors";
import { Alert } from "../parts/Alert";
import { Button } from "../parts/Button";
import { Empty } from "../parts/Empty";
import { Icon } from "../parts/Icon";
import { Loading } from "../parts/Loading";
import { numberText } from "../parts/Number";
import { Page } from "../parts/Page";
import { Pager } from "../parts/Pager";
import { Trouble } from "../parts/Trouble";
import { useMunicipality } from "../parts/useMunicipality";
import { useMunicipalityNames } from "../state/municipalities";
import { keepState, keptState } from "../state/router";
import { session } from "../state/session";
import { t } from "../state/texts";
import { Card } from "./associations/Card";
import { Chips, Filters } from "./associations/Filters";
import { kNoFilter, type Filter } from "./associations/query";
import { useHits, type Hits } from "./associations/use_hits";
import { useMatrix, type Matrix, type Row } from "./whoKnows/matrix";

function Export({ filter, matrix }: { filter: Filter; matrix: Matrix | undefined }) {
  const [busy, setBusy] = useState("");
  const [error, setError] = useState<ApiError>();
  const save = async (form: "csv" | "json") => {
    setBusy(form);
    setError(undefined);
    try {
      await (await import("./associations/export_list")).exportList(form, filter, matrix);
    } catch (trouble) {
      setError(trouble instanceof ApiError ? trouble : new ApiError("unknown", String(trouble)));
    }
    setBusy("");
  };
  return (
    <>
      {(["csv", "json"] as const).map((form) => (
        <Button key={form} kind="secondary" busy={busy === form} onClick={() => save(form)}>
          <Icon name="download" />{t("associations.export", { form: form.toUpperCase() })}
        </Button>
      ))}
      <Trouble error={error} />
    </>
  );
}

// How many there are, told as it changes.
function Count({ found }: { found: Hits }) {
  const total = found.total;
  return (
    <p role="status" class="strong">
      {total !== undefined ? t("associations.count", { n: total, count: numberText(total) }) : found.hits ? t("associations.countShown", { n: found.hits.length }) : ""}
    </p>
  );
}

// Nothing fits: what to do next.
function Nothing({ filter, set }: { filter: Filter; set: (fields: Partial<Filter>) => void }) {
  if (JSON.stringify(filter) === JSON.stringify(kNoFilter)) {
    return <Empty title={t("associations.none.title")}>{t("associations.none.text")}</Empty>;
  }
  const onlyBlank = filter.blank && JSON.stringify({ ...filter, blank: false }) === JSON.stringify(kNoFilter);
  return (
    <Empty title={t(onlyBlank ? "associations.noBlank.title" : "associations.noHit.title")}
           action={<Button kind="secondary" onClick={() => set(kNoFilter)}>{t("associations.chips.clear")}</Button>}>
      {t(onlyBlank ? "associations.noBlank.text" : "associations.noHit.text")}
    </Empty>
  );
}

export default function Associations() {
  const [filter, setFilter] = useState<Filter>({ ...kNoFilter, ...keptState<Partial<Filter>>({}) });
  const home = useMunicipality();
  const { matrix, complete } = useMatrix(home.code, home.departments);
  const rows = useMemo(() => new Map<string, Row>(matrix?.rows.map((row) => [row.id, row])), [matrix]);
  const found = useHits(filter, complete ? (id) => rows.get(id)?.known === 0 : undefined);
  const set = (fields: Partial<Filter>) => {
    const next = { ...filter, ...fields };
    setFilter(next);
    keepState(next);
  };
  const departments = matrix?.departments ?? [];
  const names = useMunicipalityNames();
  const elsewhere = (code = "") => (home.code && code !== home.code ? names?.get(code) ?? code : "");
  return (
    <Page title={t("nav.associations")} lead={t("associations.lead")} wide
          actions={session.has("registry.read") && <Export filter={filter} matrix={matrix} />}>
      <Filters filter={filter} set={set} told={found.told} departments={departments} mayBlank={Boolean(matrix) || filter.blank} />
      <Chips filter={filter} set={set} departments={departments} />
      <Trouble error={found.error} retry={found.reload} />
      {found.told?.catchingUp && <Alert tone="info">{t("associations.catchingUp")}</Alert>}
      {found.told?.relaxed && found.hits && found.hits.length > 0 && <Alert tone="info">{t("associations.relaxed")}</Alert>}
      <Count found={found} />
      {!found.hits && !found.error && <Loading />}
      {found.hits?.length === 0 && !found.loading && !found.told?.catchingUp && <Nothing filter={filter} set={set} />}
      <ol class="plain">
        {found.hits?.map((hit) => (
          <Card key={hit.associationId} hit={hit} row={rows.get(hit.associationId ?? "")} departments={departments} elsewhere={elsewhere(hit.municipalityCode)} />
        ))}
      </ol>
      <Pager pages={found} />
    </Page>
  );
}
