import type { ComponentChildren } from "preact";
import type { Tone } from "./Tag";

const classes: Record<Tone, string> = {
  brand: "badge badge-info", neutral: "badge", good: "badge badge-success", warn: "badge badge-warning", bad: "badge badge-error",
};

// The state that something is in.
export function Badge({ tone = "neutral", children }: { tone?: Tone; children?: ComponentChildren }) {
  return <strong class={classes[tone]}>{children}</strong>;
}
