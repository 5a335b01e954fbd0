// "Hvem kender hvem?": departments against associations.
import { useEffect, useMemo, useState } from "preact/hooks";
import { Button } from "../../parts/Button";
import { Empty } from "../../parts/Empty";
import { Field } from "../../parts/Field";
import { Loading } from "../../parts/Loading";
import { numberText } from "../../parts/Number";
import { Page } from "../../parts/Page";
import { Select } from "../../parts/Select";
import { Tabs } from "../../parts/Tabs";
import { TextInput } from "../../parts/TextInput";
import { Trouble } from "../../parts/Trouble";
import { MunicipalityChoice, useMunicipality } from "../../parts/useMunicipality";
import { keepState, keptState } from "../../state/router";
import { session } from "../../state/session";
import { t } from "../../state/texts";
import { Balance } from "./Balance";
import { BridgeMap } from "./BridgeMap";
import { Cards } from "./Cards";
import { CellDialog } from "./CellDialog";
import { Grid } from "./Grid";
import { chosenRows, useMatrix, type Filter, type Matrix, type Order, type Row, type Show } from "./matrix";

const kShows: Show[] = ["all", "nobody", "one", "silent"];
const kOrders: Order[] = ["blank", "recent", "name"];
const kEmpty: Filter = { text: "", show: "all", department: "", order: "blank" };

interface Kept {
  filter: Filter;
  tab: string;
}

// Whether the window is as narrow as a phone's.
function useNarrow(): boolean {
  const [query] = useState(() => matchMedia("(width < 768px)"));
  const [narrow, setNarrow] = useState(query.matches);
  useEffect(() => {
    const look = () => setNarrow(query.matches);
    query.addEventListener("change", look);
    return () => query.removeEventListener("change", look);
  }, [query]);
  return narrow;
}

interface FiltersProps {
  matrix: Matrix;
  filter: Filter;
  set: (fields: Partial<Filter>) => void;
}

function Filters({ matrix, filter, set }: FiltersProps) {
  const departments = matrix.departments.map((each) => ({ value: each.id, label: each.name }));
  return (
    <form class="knows-filters no-print" role="search" onSubmit={(event) => event.preventDefault()}>
      <Field label={t("whoKnows.search")}>
        <TextInput type="search" value={filter.text} onValue={(text) => set({ text })} autocomplete="off" dir="auto" />
      </Field>
      <Field label={t("whoKnows.show")}>
        <Select value={filter.show} onValue={(show) => set({ show: show as Show })}
                options={kShows.map((value) => ({ value, label: t(`whoKnows.shows.${value}`) }))} />
      </Field>
      <Field label={t("whoKnows.knownBy")}>
        <Select value={filter.department} onValue={(department) => set({ department })}
                options={[{ value: "", label: t("whoKnows.anyDepartment") }, ...departments]} />
      </Field>
      <Field label={t("whoKnows.order")}>
        <Select value={filter.order} onValue={(order) => set({ order: order as Order })}
                options={kOrders.map((value) => ({ value, label: t(`whoKnows.orders.${value}`) }))} />
      </Field>
    </form>
  );
}

function Legend() {
  return (
    <ul class="plain knows-legend">
      {(["fresh", "half", "old", "none"] as const).map((age) => (
        <li key={age}><span class={`knows-swatch knows-${age}`} aria-hidden="true" />{t(`whoKnows.line.${age}`)}</li>
      ))}
    </ul>
  );
}

interface TableTabProps {
  matrix: Matrix;
  rows: Row[];
  filter: Filter;
  onOpen: (row: Row, column: number) => void;
}

function TableTab({ matrix, rows, filter, onOpen }: TableTabProps) {
  const narrow = useNarrow();
  return (
    <>
      <Legend />
      {narrow ? <Cards matrix={matrix} rows={rows} onOpen={onOpen} /> : <Grid matrix={matrix} rows={rows} filter={filter} onOpen={onOpen} />}
    </>
  );
}

interface ShownProps {
  code: string;
  matrix: Matrix;
  complete: boolean;
  reload: () => void;
}

function Shown({ code, matrix, complete, reload }: ShownProps) {
  const [kept, setKept] = useState<Kept>(() => keptState({ filter: kEmpty, tab: "table" }));
  const [open, setOpen] = useState<{ id: string; column: number }>();
  const { filter, tab } = kept;
  const change = (fields: Partial<Kept>) => {
    const next = { ...kept, ...fields };
    keepState(next);
    setKept(next);
  };
  const rows = useMemo(() => chosenRows(matrix, filter), [matrix, filter]);
  const nothing = !rows.length && (
    <Empty title={t("whoKnows.noRows")} action={<Button kind="secondary" onClick={() => change({ filter: kEmpty })}>{t("whoKnows.reset")}</Button>} />
  );
  const opened = open && matrix.rows.find((row) => row.id === open.id);
  const onOpen = (row: Row, column: number) => setOpen({ id: row.id, column });
  const blank = matrix.rows.filter((row) => !row.known).length;
  return (
    <>
      {tab !== "balance" && <Filters matrix={matrix} filter={filter} set={(fields) => change({ filter: { ...filter, ...fields } })} />}
      {tab !== "balance" && (
        <p role="status">
          {t("whoKnows.count", { shown: numberText(rows.length), all: numberText(matrix.rows.length), blank: numberText(blank) })}
          {!complete && ` ${t("whoKnows.fetching")}`}
        </p>
      )}
      <Tabs label={t("whoKnows.title")} selected={tab} onSelect={(key) => change({ tab: key })} tabs={[
        { key: "table", label: t("whoKnows.tabTable"), content: () => nothing || <TableTab matrix={matrix} rows={rows} filter={filter} onOpen={onOpen} /> },
        { key: "bridge", label: t("whoKnows.tabBridge"), content: () => nothing || <BridgeMap matrix={matrix} rows={rows} onMatrix={() => change({ tab: "table" })} /> },
        ...(session.seesInternal && session.hearsSummaries
          ? [{ key: "balance", label: t("whoKnows.tabBalance"), content: () => <Balance code={code} departments={matrix.departments} /> }] : []),
      ]} />
      {opened && <CellDialog code={code} matrix={matrix} row={opened} column={open.column} onClose={() => setOpen(undefined)} onChanged={reload} />}
    </>
  );
}

export default function WhoKnows() {
  const home = useMunicipality();
  const asked = useMatrix(home.code, home.departments);
  const { matrix } = asked;
  return (
    <Page title={t("whoKnows.title")} lead={t("whoKnows.lead")} wide>
      <MunicipalityChoice home={home} />
      <Trouble error={home.error ?? asked.error} retry={asked.reload} />
      {!matrix && !home.error && !asked.error && <Loading />}
      {matrix && home.code && matrix.rows.length > 0 && (
        <Shown key={home.code} code={home.code} matrix={matrix} complete={asked.complete} reload={asked.reload} />
      )}
      {matrix?.rows.length === 0 && <Empty title={t("whoKnows.empty")}>{t("whoKnows.emptyText")}</Empty>}
    </Page>
  );
}
