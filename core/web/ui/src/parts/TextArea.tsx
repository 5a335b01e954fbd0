import type { AllHTMLAttributes } from "preact";
import { useField } from "./Field";

interface Props extends Omit<AllHTMLAttributes<HTMLTextAreaElement>, "value" | "onInput"> {
  value: string;
  onValue: (value: string) => void;
}

export function TextArea({ value, onValue, class: more = "", rows = 4, ...rest }: Props) {
  return (
    <textarea {...useField()} class={`form-input ${more}`} rows={rows} value={value} dir="auto"
              onInput={(event) => onValue(event.currentTarget.value)} {...(rest as object)} />
  );
}
