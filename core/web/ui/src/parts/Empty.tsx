import type { ComponentChildren } from "preact";

interface Props {
  title: string;
  // What to do next: a button or a link.
  action?: ComponentChildren;
  children?: ComponentChildren;
}

// There is nothing here yet, and what to do about it.
export function Empty({ title, action, children }: Props) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action}
    </div>
  );
}
