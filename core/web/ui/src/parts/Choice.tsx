import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

export interface ChoiceOption {
  value: string;
  label: ComponentChildren;
  hint?: ComponentChildren;
}

interface Props {
  label: ComponentChildren;
  value: string;
  onValue: (value: string) => void;
  options: readonly ChoiceOption[];
  hint?: ComponentChildren;
  error?: string;
  // Beside each other.
  inline?: boolean;
}

// One of few: radio buttons.
export function Choice({ label, value, onValue, options, hint, error, inline }: Props) {
  const id = useId();
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined;
  return (
    <fieldset class={error ? "field field-error" : "field"} aria-describedby={describedBy}>
      <legend class="form-label">{label}</legend>
      {hint && <span class="form-hint" id={`${id}-hint`}>{hint}</span>}
      {error && <span class="field-message" id={`${id}-error`}>{error}</span>}
      <div class={inline ? "choices-inline" : undefined}>
        {options.map((option, i) => (
          <div class="form-group-radio" key={option.value}>
            <input type="radio" class="form-radio" name={id} id={`${id}-${i}`} checked={option.value === value}
                   aria-describedby={option.hint ? `${id}-${i}-hint` : undefined} onChange={() => onValue(option.value)} />
            <label for={`${id}-${i}`}>{option.label}</label>
            {option.hint && <span class="form-hint" id={`${id}-${i}-hint`}>{option.hint}</span>}
          </div>
        ))}
      </div>
    </fieldset>
  );
}
