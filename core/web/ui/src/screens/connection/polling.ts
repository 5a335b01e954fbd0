import { useEffect } from "preact/hooks";

const kLookEvery = 3000;

// Asks again and again while a run is under way: also one that somebody else began.
export function useReloadWhile(runs: boolean, reload: () => void): void {
  useEffect(() => {
    if (!runs) return;
    const timer = setInterval(reload, kLookEvery);
    return () => clearInterval(timer);
  }, [runs, reload]);
}
