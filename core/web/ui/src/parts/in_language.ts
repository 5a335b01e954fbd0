import type { LocalizedTextJson } from "../gen/brobygger/registry/v1/common_pb";
import { language } from "../state/texts";

// A text in the person's language, or else in the first there is.
export function inLanguage(text: LocalizedTextJson | undefined): string {
  const texts = text?.byLanguage ?? {};
  return texts[language.value] ?? texts.da ?? texts.en ?? Object.values(texts)[0] ?? "";
}
