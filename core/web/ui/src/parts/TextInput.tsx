import type { AllHTMLAttributes } from "preact";
import { useField } from "./Field";

interface Props extends Omit<AllHTMLAttributes<HTMLInputElement>, "value" | "onInput"> {
  value: string;
  onValue: (value: string) => void;
}

// One line of text; `type` for dates, numbers and the like.
export function TextInput({ value, onValue, class: more = "", type = "text", ...rest }: Props) {
  return (
    <input {...useField()} type={type as "text"} class={`form-input ${more}`} value={value}
           onInput={(event) => onValue(event.currentTarget.value)} {...(rest as object)} />
  );
}
