// A figure of a report in words: core/exchange/programme_page.cc says the same on paper.
import type { ReportItemJson, ReportValueJson } from "../../gen/brobygger/report/v1/programme_pb";
import { dayText } from "../../parts/Day";
import { numberText } from "../../parts/Number";
import { language, t, word } from "../../state/texts";

export function figureOf(value: ReportValueJson): string {
  return (value.figure ?? "").slice("REPORT_FIGURE_".length);
}

export function titleOf(value: ReportValueJson): string {
  return word(`report.figure.${figureOf(value)}`, figureOf(value));
}

export function definitionOf(value: ReportValueJson): string {
  return (language.value === "en" ? value.definitionEn : value.definitionDa) ?? "";
}

export function changeText(change: number): string {
  return numberText(change, { minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: "exceptZero" });
}

// A mean of a resource check, from 0 to 5.
export function meanText(mean: number): string {
  return numberText(mean, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

// The number itself, big; "–" where there is nothing to work it out of.
export function numberOf(value: ReportValueJson): string {
  if (value.keptBack) return t("report.fewer");
  if (value.text) return value.text;
  if (value.value === undefined) return "–";
  const number = Number(value.value);
  switch (figureOf(value)) {
    case "RESOURCE_CHANGE": return changeText(number);
    case "NOT_ABOUT_MONEY": return `${numberText(number, { maximumFractionDigits: 0 })} %`;
    default: return numberText(number, { maximumFractionDigits: 1 });
  }
}

// Of how many, where it is a share or a mean.
export function ofText(value: ReportValueJson): string {
  if (value.of === undefined || value.keptBack) return "";
  return figureOf(value) === "RESOURCE_CHANGE" ? t("report.subjects", { n: value.of }) : t("report.of", { n: value.of });
}

const kTopic = "RESOURCE_TOPIC_";

export function itemTitle(item: ReportItemJson): string {
  if (item.title) return item.title;
  const id = item.id ?? "";
  return id.startsWith(kTopic) ? word(`report.topic.${id.slice(kTopic.length)}`, id) : id;
}

export function itemDetail(item: ReportItemJson): string {
  const change = item.value === undefined ? "" : changeText(Number(item.value));
  return [item.date && dayText(item.date), item.detail, change].filter(Boolean).join(" · ");
}

// What is shown: an estimate that nobody made is no figure.
export function isTold(value: ReportValueJson): boolean {
  return figureOf(value) !== "NATIONAL_ESTIMATE" || !!value.text;
}
