import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

// The heading of a form that was just opened: it takes the focus, so that a screen reader tells
// where one is, and Tab goes on to the first field.
export function FormHeading({ children }: { children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return <h2 ref={heading} tabIndex={-1}>{children}</h2>;
}
