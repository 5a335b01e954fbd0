// What somebody is typing, until it is saved.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { guardLeaving } from "../state/router";
import { t } from "../state/texts";

export interface Draft<T> {
  value: T;
  // Replaces some fields.
  set: (fields: Partial<T>) => void;
  dirty: boolean;
  // It was saved, or is given up: the newest `initial` is what there is now, and one may leave.
  reset: () => void;
}

// Begins with `initial`, and follows it as long as nothing was typed; after that what was typed
// stays, whatever is read again. Asks before somebody leaves it behind.
export function useDraft<T extends object>(initial: T): Draft<T> {
  const [typed, setTyped] = useState<T>();
  const newest = useRef(initial);
  newest.current = initial;
  const dirty = typed !== undefined && JSON.stringify(typed) !== JSON.stringify(initial);
  // At once, not when the page was drawn: a way back may be pressed before.
  useLayoutEffect(() => {
    if (!dirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    guardLeaving(() => confirm(t("common.leave")));
    return () => {
      removeEventListener("beforeunload", warn);
      guardLeaving(undefined);
    };
  }, [dirty]);
  return {
    value: typed ?? initial,
    set: (fields) => setTyped((old) => ({ ...(old ?? newest.current), ...fields })),
    dirty,
    reset: () => {
      guardLeaving(undefined);
      setTyped(undefined);
    },
  };
}
