// The matrix of departments and associations: fetched page by page, and put in the order in which
// it is of use.
import { useEffect, useMemo, useState } from "preact/hooks";
import { call } from "../../api/client";
import { ApiError } from "../../api/errors";
import type {
  GetContactMatrixResponseJson, MatrixCellJson, MatrixColumnJson,
} from "../../gen/brobygger/discovery/v1/discovery_service_pb";
import type { DepartmentJson } from "../../gen/brobygger/registry/v1/municipality_pb";
import { useAgainWhenBack } from "../../state/hooks";
import { daysSince, foldName, kHalfYear } from "./words";

export interface Department {
  id: string;
  name: string;
  email: string;
}

// That a department knows an association.
export type Pair = Pick<MatrixCellJson, "level" | "familiarity">;

export interface Row {
  id: string;
  name: string;
  folded: string;
  // By the place of the department; a hole where it knows nobody there.
  pairs: (Pair | undefined)[];
  known: number;
  // Days since anybody was in touch; Infinity if nobody ever was.
  days: number;
  // Something is planned, or a department does not tell when it was in touch.
  maybeInTouch: boolean;
}

export interface Matrix {
  departments: Department[];
  rows: Row[];
}

export type Show = "all" | "nobody" | "one" | "silent";
export type Order = "blank" | "name" | "recent";

export interface Filter {
  text: string;
  show: Show;
  // Id of a department that must know them; "" for any.
  department: string;
  order: Order;
}

// As many as the hub gives at once.
const kPage = 500;

const byName = (left: { name: string }, right: { name: string }) => left.name.localeCompare(right.name, "da");

// A department that the registry does not know has no id, and is told from others by its name.
const idOf = (column?: MatrixColumnJson) => column?.departmentId || column?.departmentName || "";

// All departments of the municipality, also those that know nobody: theirs are blank columns.
function columnsOf(departments: DepartmentJson[], pages: GetContactMatrixResponseJson[]): Department[] {
  const all = new Map<string, Department>();
  for (const each of departments) {
    if (each.id) all.set(each.id, { id: each.id, name: each.officialName ?? "", email: each.contactEmail ?? "" });
  }
  for (const column of pages.flatMap((page) => page.columns ?? [])) {
    const id = idOf(column);
    if (!all.has(id)) all.set(id, { id, name: column.departmentName ?? "", email: column.contactEmail ?? "" });
  }
  return [...all.values()].sort(byName);
}

function rowsOf(page: GetContactMatrixResponseJson, places: Map<string, number>): Row[] {
  return (page.rows ?? []).map((row) => {
    const pairs: (Pair | undefined)[] = new Array(places.size).fill(undefined);
    let days = Infinity;
    let maybeInTouch = false;
    for (const cell of row.cells ?? []) {
      const place = places.get(idOf(page.columns?.[cell.column ?? 0]));
      if (place === undefined) continue;
      pairs[place] = cell;
      if (cell.familiarity?.lastDate) days = Math.min(days, daysSince(cell.familiarity.lastDate));
      maybeInTouch ||= !cell.familiarity || !!cell.familiarity.nextDate;
    }
    const name = row.officialName ?? "";
    return { id: row.associationId ?? "", name, folded: foldName(name), pairs, known: (row.cells ?? []).length, days, maybeInTouch };
  });
}

export function toMatrix(departments: DepartmentJson[], pages: GetContactMatrixResponseJson[]): Matrix {
  const columns = columnsOf(departments, pages);
  const places = new Map(columns.map((each, place) => [each.id, place]));
  return { departments: columns, rows: pages.flatMap((page) => rowsOf(page, places)) };
}

const orders: Record<Order, (left: Row, right: Row) => number> = {
  blank: (left, right) => left.known - right.known,
  name: () => 0,
  recent: (left, right) => (left.days === right.days ? 0 : left.days - right.days),
};

function isShown(row: Row, show: Show): boolean {
  switch (show) {
    case "nobody": return row.known === 0;
    case "one": return row.known === 1;
    case "silent": return row.known > 0 && row.days > kHalfYear && !row.maybeInTouch;
    default: return true;
  }
}

// The rows that fit; the hub's order, which is by name, decides between equals.
export function chosenRows(matrix: Matrix, filter: Filter): Row[] {
  const wanted = foldName(filter.text.trim());
  const place = matrix.departments.findIndex((each) => each.id === filter.department);
  return matrix.rows
    .filter((row) => row.folded.includes(wanted) && isShown(row, filter.show) && (place < 0 || row.pairs[place]))
    .sort(orders[filter.order]);
}

interface Fetched {
  // Of this municipality.
  code?: string;
  pages: GetContactMatrixResponseJson[];
  complete: boolean;
  error?: ApiError;
}

// Asks for all pages, and shows each as soon as it is there; when asked again, all at once.
export function useMatrix(code: string | undefined, departments: DepartmentJson[] | undefined) {
  const [fetched, setFetched] = useState<Fetched>({ pages: [], complete: false });
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (!code) return;
    const abort = new AbortController();
    const pages: GetContactMatrixResponseJson[] = [];
    const ask = async (pageToken: string): Promise<void> => {
      const request = { municipalityCode: code, pageSize: kPage, pageToken };
      const page = await call("discovery.v1.DiscoveryService/GetContactMatrix", request, { signal: abort.signal });
      pages.push(page);
      const complete = !page.nextPageToken;
      setFetched((old) => (complete || old.code !== code || !old.complete ? { code, pages: [...pages], complete } : old));
      if (page.nextPageToken) await ask(page.nextPageToken);
    };
    ask("").catch((error: unknown) => {
      if (!abort.signal.aborted) setFetched((old) => ({ ...old, error: error as ApiError }));
    });
    return () => abort.abort();
  }, [code, round]);
  const matrix = useMemo(
    () => (departments && code && fetched.code === code ? toMatrix(departments, fetched.pages) : undefined),
    [departments, code, fetched],
  );
  const reload = () => setRound((n) => n + 1);
  useAgainWhenBack(fetched.error, reload);
  return { matrix, complete: fetched.complete, error: fetched.error, reload };
}
