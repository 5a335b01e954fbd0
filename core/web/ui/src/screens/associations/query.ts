// What is asked for, as one query of core/search/README.md.

import { isWeekday } from "../../parts/weekday";

export interface Filter {
  text: string;
  // Id of a department; "" for any. So are the others.
  knownBy: string;
  theme: string;
  area: string;
  // A title of activities.
  activity: string;
  // At least so many places.
  capacity: string;
  language: string;
  // Only those with whom nobody in the municipality has contact.
  blank: boolean;
}

export const kNoFilter: Filter = { text: "", knownBy: "", theme: "", area: "", activity: "", capacity: "", language: "", blank: false };

const fields = "name|other-name|purpose|activity|area|number|address|theme|audience|language|municipality|status|weekday|capacity|updated|known-by";
const isField = new RegExp(`^-?(${fields}):.`, "i");

// Typed words as the query language takes them. A colon after anything but the name of a field
// stands between words, and what holds no letter and no digit says nothing: nobody who types a
// name is told of syntax. Quotation marks stay, since a phrase is typed by who means one. "torsdag"
// asks for what is on Thursdays.
function partOf(part: string): string {
  if (isField.test(part)) return part;
  const word = part.replace(/[,.;?!]+$/, "");
  return isWeekday(word) ? `weekday:${word}` : part.replaceAll(":", " ");
}

function wordsOf(text: string): string {
  return text
    .split(/\s+/)
    .map(partOf)
    .filter((part) => /[\p{L}\p{N}]/u.test(part))
    .join(" ");
}

const quoted = (text: string) => `"${text.replaceAll('"', " ")}"`;

// Filters first: a quotation mark that is not closed ends with the query, and would take them in.
export function queryOf(filter: Filter): string {
  const parts = [
    filter.knownBy && `known-by:${filter.knownBy}`,
    filter.theme && `theme:${filter.theme}`,
    filter.language && `language:${filter.language}`,
    filter.area && `area:${quoted(filter.area)}`,
    filter.activity && `activity:${quoted(filter.activity)}`,
    filter.capacity && `capacity:${filter.capacity}`,
    wordsOf(filter.text),
  ];
  return parts.filter(Boolean).join(" ");
}
