import type { ComponentChildren } from "preact";

// A name of a person, an association or a place. Its direction stays its own, whatever stands
// around it: "Kvindenetværket نور".
export function Name({ children }: { children?: ComponentChildren }) {
  return <bdi dir="auto">{children}</bdi>;
}
