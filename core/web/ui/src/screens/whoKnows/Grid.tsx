// The matrix as a grid: one stop for Tab, arrow keys from cell to cell, Enter to open one.
import { memo } from "preact/compat";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Link } from "../../parts/Link";
import { Name } from "../../parts/Name";
import { t } from "../../state/texts";
import type { Filter, Matrix, Pair, Row } from "./matrix";
import { useWindow } from "./use_window";
import { ageOf, kindText, whenText } from "./words";

export interface Place {
  row: number;
  // 0 is the association, 1 the first department.
  column: number;
}

function Cell({ pair, stop }: { pair?: Pair; stop: boolean }) {
  const tabIndex = stop ? 0 : -1;
  if (!pair) {
    return <button type="button" class="knows-cell knows-none" tabIndex={tabIndex} aria-label={t("whoKnows.none")} data-take={t("whoKnows.take")} />;
  }
  return (
    <button type="button" class={`knows-cell knows-${ageOf(pair)}`} tabIndex={tabIndex}>
      <span class="knows-kind">{kindText(pair.familiarity)}</span>
      <span class="knows-when">{whenText(pair)}</span>
    </button>
  );
}

interface LineProps {
  row: Row;
  index: number;
  // The column that Tab stops at; -1: another row's.
  stop: number;
}

const Line = memo(({ row, index, stop }: LineProps) => (
  <tr data-row={index} aria-rowindex={index + 2} class={row.known ? "" : "knows-blank"}>
    <th scope="row" data-column={0}>
      <div class="knows-name">
        <Link to={`/foreninger/${row.id}`} tabIndex={stop === 0 ? 0 : -1}><Name>{row.name}</Name></Link>
        <span class={row.known ? "knows-count" : "knows-count amber"}>{row.known || t("whoKnows.nobody")}</span>
      </div>
    </th>
    {row.pairs.map((pair, column) => (
      <td key={column} data-column={column + 1}><Cell pair={pair} stop={stop === column + 1} /></td>
    ))}
  </tr>
));

const kSteps: Record<string, [number, number]> = {
  ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-10, 0], PageDown: [10, 0],
};

const within = (value: number, most: number) => Math.max(0, Math.min(most, value));

// Where a key leads to; undefined: nowhere.
export function stepTo(at: Place, key: string, whole: boolean, last: Place): Place | undefined {
  if (key === "Home") return { row: whole ? 0 : at.row, column: 0 };
  if (key === "End") return { row: whole ? last.row : at.row, column: last.column };
  const step = kSteps[key];
  if (!step) return undefined;
  return { row: within(at.row + step[0], last.row), column: within(at.column + step[1], last.column) };
}

function placeOf(target: EventTarget | null): Place | undefined {
  const cell = (target as HTMLElement | null)?.closest<HTMLElement>("[data-column]");
  const line = cell?.closest<HTMLElement>("[data-row]");
  return cell && line ? { row: Number(line.dataset.row), column: Number(cell.dataset.column) } : undefined;
}

// Scrolls the box so that a cell is in sight, beside the column and under the row that stay.
function reveal(box: HTMLElement, place: Place, height: number): void {
  const head = box.querySelector("thead")?.offsetHeight ?? 0;
  const top = place.row * height;
  if (top < box.scrollTop) box.scrollTop = top;
  else if (top + height + head > box.scrollTop + box.clientHeight) box.scrollTop = top + height + head - box.clientHeight;
  const heading = box.querySelectorAll<HTMLElement>("thead th")[place.column];
  const first = box.querySelector<HTMLElement>("thead th")?.offsetWidth ?? 0;
  if (!heading || place.column === 0) return;
  if (heading.offsetLeft - first < box.scrollLeft) box.scrollLeft = heading.offsetLeft - first;
  const right = heading.offsetLeft + heading.offsetWidth;
  if (right > box.scrollLeft + box.clientWidth) box.scrollLeft = right - box.clientWidth;
}

// Takes the room of rows that are not drawn. An SVG attribute, since the page allows no styles.
function Gap({ rows, height, columns }: { rows: number; height: number; columns: number }) {
  if (rows <= 0) return null;
  return (
    <tr aria-hidden="true">
      <td colSpan={columns} class="knows-gap"><svg width="1" height={rows * height} /></td>
    </tr>
  );
}

interface GridProps {
  matrix: Matrix;
  rows: Row[];
  // What the rows were chosen by: when it changes, one begins at the top.
  filter: Filter;
  onOpen: (row: Row, column: number) => void;
}

export function Grid({ matrix, rows, filter, onOpen }: GridProps) {
  const box = useRef<HTMLDivElement>(null);
  const shown = useWindow(box, rows.length);
  const [at, setAt] = useState<Place>({ row: 0, column: 0 });
  const moved = useRef(false);
  const columns = matrix.departments.length + 1;
  const last = { row: rows.length - 1, column: columns - 1 };

  useEffect(() => {
    setAt({ row: 0, column: 0 });
    if (box.current) box.current.scrollTop = 0;
  }, [filter]);
  useLayoutEffect(() => {
    if (!moved.current) return;
    const cell = box.current?.querySelector<HTMLElement>(`[data-row="${at.row}"] [data-column="${at.column}"] :is(a,button)`);
    if (!cell) return;
    moved.current = false;
    cell.focus({ preventScroll: true });
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const next = stepTo(at, event.key, event.ctrlKey, last);
    if (!next || !box.current) return;
    event.preventDefault();
    moved.current = true;
    reveal(box.current, next, shown.height);
    setAt(next);
  };
  const onClick = (event: MouseEvent) => {
    const place = placeOf(event.target);
    const row = place && rows[place.row];
    if (!row) return;
    setAt(place);
    if (place.column > 0) onOpen(row, place.column - 1);
  };
  // The stop for Tab is always one that is drawn, also when the row it was at is scrolled away.
  const stopRow = Math.max(shown.from, Math.min(at.row, shown.to - 1));

  return (
    <div class="knows-box" ref={box} onScroll={shown.look} onKeyDown={onKeyDown} onClick={onClick}>
      <table class="knows-grid" role="grid" aria-rowcount={rows.length + 1} aria-colcount={columns} aria-label={t("whoKnows.gridLabel")}>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col">{t("whoKnows.association")}</th>
            {matrix.departments.map((each) => <th key={each.id} scope="col"><Name>{each.name}</Name></th>)}
          </tr>
        </thead>
        <tbody>
          <Gap rows={shown.from} height={shown.height} columns={columns} />
          {rows.slice(shown.from, shown.to).map((row, i) => (
            <Line key={row.id} row={row} index={shown.from + i} stop={shown.from + i === stopRow ? at.column : -1} />
          ))}
          <Gap rows={rows.length - shown.to} height={shown.height} columns={columns} />
        </tbody>
      </table>
    </div>
  );
}
