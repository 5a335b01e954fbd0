// Errors in the person's language: by the reason, else by the code.
import { word } from "../state/texts";
import type { ApiError } from "./errors";

export function sentenceOf(error: ApiError): string {
  const byCode = word(`errors.codes.${error.code}`, error.message);
  const sentence = error.reason ? word(`errors.reasons.${error.reason}`, byCode) : byCode;
  const facts: Record<string, string> = { ...error.facts };
  if (error.retryAfterSeconds) facts.retry_after_seconds = String(Math.ceil(error.retryAfterSeconds));
  // A sentence never shows a fact that the hub did not tell.
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => facts[name] ?? "–");
}
