// Which screen is shown. Paths only: what is searched for stays out of addresses, and so out of
// logs and histories, since it may reveal people's origin; it is kept in history.state.
import { Signal } from "./signal";

export const path = new Signal(location.pathname);
let guard: (() => boolean) | undefined;

// What stands in history.state for the screen that is shown.
let shown: unknown = history.state;

addEventListener("popstate", () => {
  // The browser has gone already: whoever wants to stay is brought back.
  if (guard && !guard()) return history.pushState(shown, "", path.value);
  guard = undefined;
  shown = history.state;
  path.set(location.pathname);
});

// Asks before leaving while `mayLeave` says no; undefined takes the guard away.
export function guardLeaving(mayLeave: (() => boolean) | undefined): void {
  guard = mayLeave;
}

export function navigate(to: string, options: { replace?: boolean; state?: unknown } = {}): void {
  if (guard && !guard()) return;
  guard = undefined;
  if (options.replace) history.replaceState(options.state ?? null, "", to);
  else history.pushState(options.state ?? null, "", to);
  shown = history.state;
  path.set(location.pathname);
  scrollTo(0, 0);
}

// What a screen wants to find again when the person comes back to it: filters, the page number.
export function keptState<T>(otherwise: T): T {
  return (history.state as T | null) ?? otherwise;
}

export function keepState(state: unknown): void {
  history.replaceState(state, "");
  shown = state;
}
