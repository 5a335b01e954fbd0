import { createContext, type ComponentChildren } from "preact";
import { useContext, useId } from "preact/hooks";
import { t } from "../state/texts";

interface Inside {
  id: string;
  describedBy?: string;
  invalid: boolean;
}

const FieldContext = createContext<Inside | undefined>(undefined);

// What an input inside a <Field> needs to be tied to its label, hint and error.
export function useField() {
  const field = useContext(FieldContext);
  if (!field) return {};
  return { id: field.id, "aria-describedby": field.describedBy, "aria-invalid": field.invalid || undefined };
}

interface Props {
  label: ComponentChildren;
  hint?: ComponentChildren;
  error?: string;
  // Says "(optional)" after the label.
  optional?: boolean;
  wide?: boolean;
  children?: ComponentChildren;
}

// The label, hint and error of the one input inside.
export function Field({ label, hint, error, optional, wide, children }: Props) {
  const id = useId();
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined;
  return (
    <div class={`field${wide ? " field-wide" : ""}${error ? " field-error" : ""}`}>
      <label class="form-label" for={id}>{label}{optional && <span class="weight-normal"> {t("common.optional")}</span>}</label>
      {hint && <span class="form-hint" id={`${id}-hint`}>{hint}</span>}
      {error && <span class="field-message" id={`${id}-error`}>{error}</span>}
      <FieldContext.Provider value={{ id, describedBy, invalid: Boolean(error) }}>{children}</FieldContext.Provider>
    </div>
  );
}
