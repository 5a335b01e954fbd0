import type { AllHTMLAttributes } from "preact";

interface Props extends Omit<AllHTMLAttributes<HTMLButtonElement>, "type"> {
  type?: "button" | "submit";
  kind?: "primary" | "secondary" | "tertiary" | "danger";
  // Something is under way: it turns, and cannot be pressed again.
  busy?: boolean;
}

export function Button({ kind = "primary", busy, disabled, class: more = "", children, type = "button", ...rest }: Props) {
  return (
    <button type={type} class={`button button-${kind} ${more}`} disabled={disabled || busy} aria-busy={busy} {...(rest as object)}>
      {busy && <span class="spinner" aria-hidden="true" />}
      {children}
    </button>
  );
}
