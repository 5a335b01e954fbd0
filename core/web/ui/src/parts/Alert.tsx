import type { ComponentChildren } from "preact";
import { Icon } from "./Icon";

interface Props {
  tone: "info" | "success" | "warning" | "error";
  title?: string;
  // Told at once by screen readers; an error always is.
  announce?: boolean;
  children?: ComponentChildren;
}

const icons = { info: "info", success: "check", warning: "warning", error: "warning" } as const;

// A message in a box.
export function Alert({ tone, title, announce, children }: Props) {
  const role = tone === "error" ? "alert" : announce ? "status" : undefined;
  return (
    <div class={`alert alert-${tone}`} role={role}>
      <Icon name={icons[tone]} class="alert-icon" />
      <div class="alert-body">
        {title && <p class="alert-heading">{title}</p>}
        {children && <div class="alert-text">{children}</div>}
      </div>
    </div>
  );
}
