// Where things stand in the bridge drawing. One unit is one pixel, so that text keeps its size on a
// phone; labels are broken into lines that fit beside the arcs.
import type { Matrix, Row } from "./matrix";
import { ageOf, type Age } from "./words";

// More than these at once are a tangle, on a phone sooner.
const kMostDrawn = 40;
const kMostOnPhone = 16;

export interface Label {
  id: string;
  lines: string[];
  // The middle.
  y: number;
  blank: boolean;
}

export interface Arc {
  key: string;
  department: string;
  age: Age;
  path: string;
}

export interface Drawing {
  width: number;
  height: number;
  // Where the left labels end, and where the right ones begin.
  left: number;
  right: number;
  departments: Label[];
  associations: Label[];
  arcs: Arc[];
}

export const kLine = 19;
const kGap = 13;
const kNarrow = 600;
const kPier = 10;
const kLeastPart = 4;

// Breaks a text into lines no wider than `room`; a word that is too long is broken, too.
export function wrap(text: string, room: number, widthOf: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = "";
  for (let word of text.split(/\s+/)) {
    if (line && widthOf(`${line} ${word}`) <= room) {
      line += ` ${word}`;
      continue;
    }
    if (line) lines.push(line);
    while (widthOf(word) > room && word.length > 2 * kLeastPart) {
      // Both parts of a broken word keep enough letters to be read.
      let fits = word.length - kLeastPart;
      while (fits > 1 && widthOf(`${word.slice(0, fits)}-`) > room) --fits;
      lines.push(`${word.slice(0, fits)}-`);
      word = word.slice(fits);
    }
    line = word;
  }
  return line ? [...lines, line] : lines;
}

// Those to draw: all, or where they are too many, those in touch last.
export function drawnRows(rows: Row[], width: number): Row[] {
  const most = width < kNarrow ? kMostOnPhone : kMostDrawn;
  if (rows.length <= most) return rows;
  return [...rows].sort((left, right) => (left.days === right.days ? right.known - left.known : left.days - right.days)).slice(0, most);
}

// The mean place of the departments that know it: in that order fewer arcs cross.
function centre(row: Row): number {
  const places = row.pairs.flatMap((pair, place) => (pair ? [place] : []));
  return places.length ? places.reduce((sum, place) => sum + place, 0) / places.length : Infinity;
}

interface Item {
  id: string;
  text: string;
  blank: boolean;
}

// Puts labels under one another, and spreads them over `height` if they need less.
function place(items: Item[], room: number, height: number, widthOf: (text: string) => number): { labels: Label[]; height: number } {
  const wrapped = items.map((item) => wrap(item.text, room, widthOf));
  const needed = wrapped.reduce((sum, lines) => sum + lines.length * kLine + kGap, 0);
  const spare = Math.max(0, height - needed) / Math.max(1, items.length);
  let top = 0;
  const labels = items.map((item, i) => {
    const lines = wrapped[i] ?? [];
    const tall = lines.length * kLine + kGap + spare;
    top += tall;
    return { id: item.id, lines, y: top - tall / 2, blank: item.blank };
  });
  return { labels, height: Math.max(needed, height) };
}

export function draw(matrix: Matrix, rows: Row[], width: number, widthOf: (text: string) => number): Drawing {
  const narrow = width < kNarrow;
  const left = Math.round(width * (narrow ? 0.33 : 0.24));
  const right = Math.round(width * (narrow ? 0.58 : 0.66));
  const ordered = [...rows].sort((one, other) => {
    const [a, b] = [centre(one), centre(other)];
    return a === b ? 0 : a - b;
  });
  const items = ordered.map((row) => ({ id: row.id, text: row.name, blank: row.known === 0 }));
  const theirs = matrix.departments.map((each) => ({ id: each.id, text: each.name, blank: false }));
  const room = { left: left - kPier - 4, right: width - right - kPier - 4 };
  const least = place(theirs, room.left, 0, widthOf).height;
  const associations = place(items, room.right, least, widthOf);
  const departments = place(theirs, room.left, associations.height, widthOf);
  // Arches leave their department soon, so that they can be told apart, and land level.
  const [leave, land] = [left + 0.3 * (right - left), left + 0.5 * (right - left)];
  const arcs = ordered.flatMap((row, i) => row.pairs.flatMap((pair, j) => {
    const [from, to] = [departments.labels[j], associations.labels[i]];
    if (!pair || !from || !to) return [];
    const path = `M${left} ${from.y}C${leave} ${from.y} ${land} ${to.y} ${right} ${to.y}`;
    return [{ key: `${from.id} ${to.id}`, department: from.id, age: ageOf(pair), path }];
  }));
  return { width, height: associations.height, left, right, departments: departments.labels, associations: associations.labels, arcs };
}
