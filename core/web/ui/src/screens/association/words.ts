// The registry's fields in words.
import { word } from "../../state/texts";

// "purpose.da" is told as "purpose", "identifiers.DK-CVR" as the number's own name.
export function pathText(path: string): string {
  const [field = "", of] = path.split(".");
  const scheme = field === "identifiers" && of ? word(`association.schemes.${of}`, "") : "";
  return scheme || word(`association.fields.${field}`, field);
}

export function functionText(value: string | undefined): string {
  return word(`association.functions.${(value ?? "").replace("PERSON_FUNCTION_", "")}`, "");
}
