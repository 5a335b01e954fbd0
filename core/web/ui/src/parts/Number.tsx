import { locale } from "./Day";

type Value = number | string | undefined;

export function numberText(value: Value, options?: Intl.NumberFormatOptions): string {
  return Number(value ?? 0).toLocaleString(locale(), options);
}

// Kroner of an amount in øre: "12.500 kr.".
export function moneyText(oere: Value): string {
  return numberText(Number(oere ?? 0) / 100, { style: "currency", currency: "DKK", maximumFractionDigits: 0 });
}

function NumberText({ value }: { value: Value }) {
  return <span class="number">{numberText(value)}</span>;
}

export { NumberText as Number };
