import type { ComponentChildren } from "preact";

export type Tone = "brand" | "neutral" | "good" | "warn" | "bad";

// A word about something, in a pill. `<Badge>` is DKFDS' squarer one, for a state.
export function Tag({ tone = "brand", children }: { tone?: Tone; children?: ComponentChildren }) {
  return <span class={tone === "brand" ? "label" : `label label-${tone}`}>{children}</span>;
}
