import type { AllHTMLAttributes } from "preact";
import { useField } from "./Field";

export interface Option {
  value: string;
  label: string;
}

interface Props extends Omit<AllHTMLAttributes<HTMLSelectElement>, "value" | "onChange"> {
  value: string;
  onValue: (value: string) => void;
  options: readonly Option[];
}

export function Select({ value, onValue, options, class: more = "", ...rest }: Props) {
  return (
    <select {...useField()} class={`form-select ${more}`} value={value} onChange={(event) => onValue(event.currentTarget.value)} {...(rest as object)}>
      {options.map((option) => (
        <option key={option.value} value={option.value} selected={option.value === value}>{option.label}</option>
      ))}
    </select>
  );
}
