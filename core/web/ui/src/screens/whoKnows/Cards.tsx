// The matrix on a phone: a card for each association, some at a time.
import { useEffect, useState } from "preact/hooks";
import { Button } from "../../parts/Button";
import { Link } from "../../parts/Link";
import { Name } from "../../parts/Name";
import { t } from "../../state/texts";
import { mayContact } from "./CellDialog";
import type { Matrix, Row } from "./matrix";
import { ageOf, kindText, whenText } from "./words";

const kMore = 30;

interface Props {
  matrix: Matrix;
  rows: Row[];
  onOpen: (row: Row, column: number) => void;
}

function Card({ matrix, row, onOpen }: { matrix: Matrix; row: Row; onOpen: Props["onOpen"] }) {
  const first = matrix.departments.findIndex((each) => mayContact(each.id));
  return (
    <li class={row.known ? "card knows-card" : "card card-amber knows-card"}>
      <h2><Link to={`/foreninger/${row.id}`}><Name>{row.name}</Name></Link></h2>
      {row.known === 0 && <p class="amber">{t("whoKnows.none")}</p>}
      <ul class="plain">
        {matrix.departments.map((department, i) => {
          const pair = row.pairs[i];
          return pair && (
            <li key={department.id}>
              <button type="button" class={`knows-cell knows-${ageOf(pair)}`} onClick={() => onOpen(row, i)}>
                <span class="knows-kind"><Name>{department.name}</Name></span>
                <span class="knows-when">{kindText(pair.familiarity)} · {whenText(pair)}</span>
              </button>
            </li>
          );
        })}
      </ul>
      {row.known === 0 && first >= 0 && <Button kind="secondary" onClick={() => onOpen(row, first)}>{t("whoKnows.take")}</Button>}
    </li>
  );
}

export function Cards({ matrix, rows, onOpen }: Props) {
  const [shown, setShown] = useState(kMore);
  useEffect(() => setShown(kMore), [rows]);
  return (
    <>
      <ul class="plain knows-cards">
        {rows.slice(0, shown).map((row) => <Card key={row.id} matrix={matrix} row={row} onOpen={onOpen} />)}
      </ul>
      {shown < rows.length && (
        <div class="pager"><Button kind="secondary" onClick={() => setShown(shown + kMore)}>{t("whoKnows.more", { n: rows.length - shown })}</Button></div>
      )}
    </>
  );
}
