import type { ComponentChildren } from "preact";

export interface Row {
  key: string;
  // As many as there are headings; the first is the row's own heading.
  cells: ComponentChildren[];
  // Marks it with a bar: look here.
  warn?: boolean;
}

interface Props {
  caption: ComponentChildren;
  // The caption is for screen readers only, as under a heading that says the same.
  quiet?: boolean;
  head: string[];
  // Columns (from 0) of numbers.
  numeric?: number[];
  rows: Row[];
}

// A table. On a phone each row becomes a card, where each cell tells its heading.
export function Table({ caption, quiet, head, numeric = [], rows }: Props) {
  const aligned = (column: number) => (numeric.includes(column) ? "numeric" : undefined);
  return (
    <div class="table-frame">
      <table class="table table-cards">
        <caption class={quiet ? "sr-only" : undefined}>{caption}</caption>
        <thead>
          <tr>{head.map((text, i) => <th key={i} scope="col" class={aligned(i)}>{text}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key} class={row.warn ? "row-warn" : undefined}>
              {row.cells.map((cell, i) => i === 0
                ? <th key={i} scope="row" class={aligned(i)}>{cell}</th>
                : <td key={i} class={aligned(i)} data-title={head[i]}>{cell}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
