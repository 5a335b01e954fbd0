import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

interface Props {
  label: ComponentChildren;
  checked: boolean;
  onValue: (checked: boolean) => void;
  hint?: ComponentChildren;
  disabled?: boolean;
}

export function Checkbox({ label, checked, onValue, hint, disabled }: Props) {
  const id = useId();
  return (
    <div class="form-group-checkbox">
      <input type="checkbox" class="form-checkbox" id={id} checked={checked} disabled={disabled}
             aria-describedby={hint ? `${id}-hint` : undefined} onChange={(event) => onValue(event.currentTarget.checked)} />
      <label for={id}>{label}</label>
      {hint && <span class="form-hint" id={`${id}-hint`}>{hint}</span>}
    </div>
  );
}
