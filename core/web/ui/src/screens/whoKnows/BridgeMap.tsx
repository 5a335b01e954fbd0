// "Brokort": departments and associations as two banks, and the contacts as arches between them. A
// wide line is a fresh contact. The numbers stand in a table beside it.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Alert } from "../../parts/Alert";
import { Button } from "../../parts/Button";
import { Field } from "../../parts/Field";
import { Name } from "../../parts/Name";
import { Select } from "../../parts/Select";
import { Table } from "../../parts/Table";
import { t } from "../../state/texts";
import { draw, drawnRows, kLine, type Arc, type Drawing, type Label } from "./bridge";
import type { Matrix, Row } from "./matrix";
import type { Age } from "./words";
import { kindText, whenText } from "./words";

const kAges: Age[] = ["fresh", "half", "old", "planned", "told"];
// As in the stylesheet.
const kFont = '14px "IBM Plex Sans", system-ui, sans-serif';

function measure(): (text: string) => number {
  const pen = document.createElement("canvas").getContext("2d");
  if (!pen) return (text) => text.length * 8;
  pen.font = kFont;
  return (text) => pen.measureText(text).width;
}

function Legend() {
  return (
    <ul class="plain knows-legend">
      {kAges.map((age) => (
        <li key={age}>
          <svg width="44" height="12" viewBox="0 0 44 12" aria-hidden="true"><path class={`arc arc-${age}`} d="M0 6H44" /></svg>
          {t(`whoKnows.line.${age}`)}
        </li>
      ))}
    </ul>
  );
}

function Text({ label, x, end }: { label: Label; x: number; end: boolean }) {
  const top = label.y - ((label.lines.length - 1) * kLine) / 2;
  return (
    <text class={label.blank ? "bridge-label bridge-blank" : "bridge-label"} text-anchor={end ? "end" : "start"} dominant-baseline="central">
      {label.lines.map((line, i) => <tspan key={i} x={x} y={top + i * kLine}>{line}</tspan>)}
    </text>
  );
}

function Picture({ drawing, chosen }: { drawing: Drawing; chosen: string }) {
  const { width, height, left, right } = drawing;
  // Wide ones first, so that they hide none; what is chosen last, so that it lies on top.
  const isChosen = (arc: Arc) => !chosen || arc.department === chosen;
  const rank = (arc: Arc) => kAges.indexOf(arc.age) + (isChosen(arc) ? kAges.length : 0);
  const arcs = [...drawing.arcs].sort((one, other) => rank(one) - rank(other));
  return (
    <svg class="bridge" viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img"
         aria-label={t("whoKnows.bridgeLabel", { departments: drawing.departments.length, associations: drawing.associations.length, n: arcs.length })}>
      {arcs.map((arc) => [
        // A rim, so that one can see which arch goes over which.
        <path key={`${arc.key}.`} class={`arc arc-rim arc-${arc.age}`} d={arc.path} />,
        <path key={arc.key} class={`arc arc-${arc.age}${isChosen(arc) ? "" : " arc-dim"}`} d={arc.path} />,
      ])}
      {drawing.departments.map((label) => [
        <circle key={label.id} class="pier" cx={left} cy={label.y} r="5" />,
        <Text key={`${label.id}.`} label={label} x={left - 10} end />,
      ])}
      {drawing.associations.map((label) => [
        <circle key={label.id} class={label.blank ? "pier pier-blank" : "pier"} cx={right} cy={label.y} r="5" />,
        <Text key={`${label.id}.`} label={label} x={right + 10} end={false} />,
      ])}
    </svg>
  );
}

function Numbers({ matrix, drawing }: { matrix: Matrix; drawing: Drawing }) {
  const count = (department: string, age?: Age) =>
    drawing.arcs.filter((arc) => arc.department === department && (!age || arc.age === age)).length;
  const told = kAges.filter((age) => age === "fresh" || age === "half" || age === "old" || drawing.arcs.some((arc) => arc.age === age));
  return (
    <div class="table-frame knows-numbers" tabIndex={0} role="group" aria-label={t("whoKnows.numbers")}>
      <table class="table">
        <caption>{t("whoKnows.numbers")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("whoKnows.department")}</th>
            {told.map((age) => <th key={age} scope="col" class="numeric">{t(`whoKnows.line.${age}`)}</th>)}
            <th scope="col" class="numeric">{t("whoKnows.total")}</th>
          </tr>
        </thead>
        <tbody>
          {matrix.departments.map((each) => (
            <tr key={each.id}>
              <th scope="row"><Name>{each.name}</Name></th>
              {[...told, undefined].map((age) => <td key={age ?? ""} class="numeric">{count(each.id, age)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Pairs({ matrix, rows }: { matrix: Matrix; rows: Row[] }) {
  const told = (row: Row) => matrix.departments.flatMap((each, i) => {
    const pair = row.pairs[i];
    return pair ? [`${each.name}: ${kindText(pair.familiarity)}, ${whenText(pair)}`] : [];
  });
  return (
    <details>
      <summary>{t("whoKnows.allLines")}</summary>
      <Table caption={t("whoKnows.allLines")} quiet head={[t("whoKnows.association"), t("whoKnows.knownBy")]}
             rows={rows.map((row) => ({ key: row.id, cells: [<Name>{row.name}</Name>, told(row).join(" · ") || t("whoKnows.none")] }))} />
    </details>
  );
}

interface Props {
  matrix: Matrix;
  rows: Row[];
  onMatrix: () => void;
}

export function BridgeMap({ matrix, rows, onMatrix }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [chosen, setChosen] = useState("");
  useEffect(() => {
    const look = () => setWidth(Math.floor(box.current?.clientWidth ?? 0));
    look();
    const watch = new ResizeObserver(look);
    if (box.current) watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  const drawn = useMemo(() => drawnRows(rows, width), [rows, width]);
  const drawing = useMemo(() => (width ? draw(matrix, drawn, width, measure()) : undefined), [matrix, drawn, width]);
  const options = [{ value: "", label: t("whoKnows.allDepartments") }, ...matrix.departments.map((each) => ({ value: each.id, label: each.name }))];
  return (
    <div class="stack">
      {rows.length > drawn.length && (
        <Alert tone="info" title={t("whoKnows.tooMany", { n: drawn.length, all: rows.length })}>
          <p>{t("whoKnows.tooManyText")}</p>
          <Button kind="secondary" onClick={onMatrix}>{t("whoKnows.toMatrix")}</Button>
        </Alert>
      )}
      <div class="knows-bridge-head">
        <Field label={t("whoKnows.highlight")}><Select value={chosen} onValue={setChosen} options={options} /></Field>
        <Legend />
      </div>
      <div class="columns knows-bridge">
        <div ref={box}>{drawing && <Picture drawing={drawing} chosen={chosen} />}</div>
        {drawing && <Numbers matrix={matrix} drawing={drawing} />}
      </div>
      <Pairs matrix={matrix} rows={drawn} />
    </div>
  );
}
