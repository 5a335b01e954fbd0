import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useSignal } from "../state/signal";
import { path } from "../state/router";

// Where the focus was moved to the heading last: a page that is drawn again does not take it.
let announced = location.pathname;

interface Props {
  title: string;
  // The heading, where it is more than the title's text: a name with its direction.
  heading?: ComponentChildren;
  lead?: ComponentChildren;
  // Buttons beside the heading.
  actions?: ComponentChildren;
  // Over the full width; else the width of a text.
  wide?: boolean;
  children?: ComponentChildren;
}

// The heading (h1), the document's title and the main column of a screen. After a change of page
// the focus is on the heading, so that a screen reader tells where one is.
export function Page({ title, heading, lead, actions, wide, children }: Props) {
  const h1 = useRef<HTMLHeadingElement>(null);
  const at = useSignal(path);
  useEffect(() => {
    document.title = `${title} – Brobygger`;
  }, [title]);
  useEffect(() => {
    if (announced === at) return;
    announced = at;
    h1.current?.focus({ preventScroll: true });
  }, [at]);
  return (
    <div class={wide ? "page" : "page page-narrow"}>
      <div class="page-head">
        <div>
          <h1 ref={h1} tabIndex={-1}>{heading ?? title}</h1>
          {lead && <p class="lead">{lead}</p>}
        </div>
        {actions && <div class="page-actions">{actions}</div>}
      </div>
      {children}
    </div>
  );
}
