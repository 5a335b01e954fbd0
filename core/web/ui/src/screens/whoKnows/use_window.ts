// Which rows of a long list are drawn: those in sight, and some more on either side, so that
// thousands of rows scroll as fast as thirty. All rows must be of one height.
import type { RefObject } from "preact";
import { useCallback, useEffect, useLayoutEffect, useState } from "preact/hooks";

export interface Span {
  from: number;
  to: number;
}

// Drawn beyond the edge, and how many rows are scrolled before others are drawn.
const kBeyond = 12;
const kStep = 6;
// As in the stylesheet; used until a row has been measured.
const kRowHeight = 49;

export function useWindow(box: RefObject<HTMLElement | null>, count: number) {
  const [height, setHeight] = useState(kRowHeight);
  const [span, setSpan] = useState<Span>({ from: 0, to: 3 * kBeyond });
  const look = useCallback(() => {
    const at = box.current;
    if (!at) return;
    const first = Math.floor(at.scrollTop / height / kStep) * kStep;
    const from = Math.max(0, first - kBeyond);
    const to = first + Math.ceil(at.clientHeight / height) + kStep + kBeyond;
    setSpan((old) => (old.from === from && old.to === to ? old : { from, to }));
  }, [height]);
  useLayoutEffect(() => {
    const row = box.current?.querySelector("tr[data-row]");
    // A person's larger text makes rows higher than the stylesheet's.
    if (row) setHeight(row.getBoundingClientRect().height || kRowHeight);
    look();
  }, [look, count]);
  useEffect(() => {
    const watch = new ResizeObserver(look);
    if (box.current) watch.observe(box.current);
    return () => watch.disconnect();
  }, [look]);
  const to = Math.min(span.to, count);
  return { from: Math.min(span.from, to), to, height, look };
}
