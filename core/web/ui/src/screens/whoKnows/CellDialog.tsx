// What is behind a cell: how the two know each other; or, where they do not, whom to ask and how to
// begin.
import { lazy, Suspense } from "preact/compat";
import { useState } from "preact/hooks";
import { Ago } from "../../parts/Ago";
import { Button } from "../../parts/Button";
import { Day } from "../../parts/Day";
import { Dialog } from "../../parts/Dialog";
import { Link } from "../../parts/Link";
import { Loading } from "../../parts/Loading";
import { Name } from "../../parts/Name";
import { session } from "../../state/session";
import { t } from "../../state/texts";
import type { Department, Matrix, Pair, Row } from "./matrix";
import { channelText, gradeText, kindText, purposeText, whenText } from "./words";

const TakeContact = lazy(() => import("../gettingStarted/TakeContact"));

// Whether this person writes contacts down for a department.
export function mayContact(departmentId: string): boolean {
  const own = session.me.value?.departmentId;
  return session.has("contacts.write") && (!own || own === departmentId);
}

// A mail to the mailbox of a function, begun. A mail's subject stays out of the page's addresses.
export function AskColleague({ department, association }: { department: Department; association: string }) {
  if (!department.email) return <span class="muted">{t("whoKnows.noMailbox")}</span>;
  const subject = encodeURIComponent(t("whoKnows.askSubject", { name: association }));
  return <a href={`mailto:${department.email}?subject=${subject}`}>{t("whoKnows.ask")}</a>;
}

// The departments that know an association, with whom to ask.
export function Knowers({ matrix, row }: { matrix: Matrix; row: Row }) {
  return (
    <ul class="plain knows-list">
      {matrix.departments.map((department, i) => {
        const pair = row.pairs[i];
        return pair && (
          <li key={department.id}>
            <Name>{department.name}</Name>
            <span class="muted">{kindText(pair.familiarity)} · {whenText(pair)}</span>
            <AskColleague department={department} association={row.name} />
          </li>
        );
      })}
    </ul>
  );
}

function Facts({ pair }: { pair: Pair }) {
  const known = pair.familiarity;
  if (!known) return <p>{t("whoKnows.onlyExistence")}</p>;
  const ways = (known.channels ?? []).map((each) => `${channelText(each.channel ?? "")} (${each.count ?? 0})`);
  const purposes = (known.purposes ?? []).map((each) => purposeText(each)).filter(Boolean);
  const facts: [string, preact.ComponentChildren][] = [
    [t("whoKnows.gradeLabel"), gradeText(known.grade)],
    [t("whoKnows.last"), known.lastDate && <><Day iso={known.lastDate} /> (<Ago iso={known.lastDate} />)</>],
    [t("whoKnows.next"), known.nextDate && <Day iso={known.nextDate} />],
    [t("whoKnows.since"), known.firstDate && <Day iso={known.firstDate} />],
    [t("whoKnows.year"), t("whoKnows.times", { n: known.yearCount ?? 0 })],
    [t("whoKnows.ways"), ways.join(", ")],
    [t("whoKnows.about"), purposes.join(", ")],
  ];
  return (
    <dl class="facts">
      {facts.filter(([, value]) => value).map(([label, value]) => [<dt key={label}>{label}</dt>, <dd key={`${label}.`}>{value}</dd>])}
    </dl>
  );
}

function Blank({ matrix, row, department }: { matrix: Matrix; row: Row; department: Department }) {
  return (
    <>
      <p>{t("whoKnows.blankText", { department: department.name })}</p>
      {row.known > 0 ? <><h3>{t("whoKnows.theyKnow")}</h3><Knowers matrix={matrix} row={row} /></> : <p>{t("whoKnows.blankRow")}</p>}
    </>
  );
}

interface Props {
  code: string;
  matrix: Matrix;
  row: Row;
  column: number;
  onClose: () => void;
  // A contact was written down: what is shown is out of date.
  onChanged: () => void;
}

export function CellDialog({ code, matrix, row, column, onClose, onChanged }: Props) {
  const [contacting, setContacting] = useState(false);
  const department = matrix.departments[column];
  if (!department) return null;
  if (contacting) {
    return (
      <Suspense fallback={<Loading />}>
        <TakeContact association={{ id: row.id, name: row.name }} code={code} departments={matrix.departments} departmentId={department.id}
                     onClose={onClose} onDone={onChanged} />
      </Suspense>
    );
  }
  const pair = row.pairs[column];
  return (
    <Dialog title={t("whoKnows.pairTitle", { association: row.name, department: department.name })} onClose={onClose} actions={
      <>
        {mayContact(department.id) && (
          <Button kind={pair ? "secondary" : "primary"} onClick={() => setContacting(true)}>{t(pair ? "whoKnows.writeDown" : "whoKnows.take")}</Button>
        )}
        <Link class="button button-secondary" to={`/foreninger/${row.id}`}>{t("whoKnows.open")}</Link>
      </>
    }>
      {pair ? <><Facts pair={pair} /><p><AskColleague department={department} association={row.name} /></p></>
            : <Blank matrix={matrix} row={row} department={department} />}
    </Dialog>
  );
}
