// The report as a file that a spreadsheet opens, made in the browser.
import type { ProgrammeReportJson, ReportItemJson } from "../../gen/brobygger/report/v1/programme_pb";
import { numberText } from "../../parts/Number";
import { t } from "../../state/texts";
import { definitionOf, isTold, itemTitle, numberOf, titleOf } from "./words";

// Quoted, and with what a spreadsheet would take for a formula made harmless.
export function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^[+-]?\d/.test(text) ? `'${text}` : text;
  return `"${safe.replace(/"/g, '""')}"`;
}

const kColumns = ["figure", "value", "target", "of", "item", "whose", "day", "amount", "before", "after", "definition"] as const;

function amount(value: ReportItemJson["value"]): string {
  return value === undefined ? "" : numberText(Number(value), { maximumFractionDigits: 2, useGrouping: false });
}

// Semicolons, as Danish spreadsheets have them.
export function toCsv(report: ProgrammeReportJson): string {
  const line = (...fields: (string | number | undefined)[]) => fields.map((each) => field(String(each ?? ""))).join(";");
  const lines = [line(...kColumns.map((key) => t(`report.csv.${key}`)))];
  for (const value of (report.values ?? []).filter(isTold)) {
    const head = [titleOf(value), numberOf(value), value.target, value.of];
    lines.push(line(...head, "", "", "", "", "", "", definitionOf(value)));
    for (const item of value.items ?? []) {
      const amounts = [item.value, item.before, item.after].map(amount);
      lines.push(line(titleOf(value), "", "", "", itemTitle(item), item.detail, item.date, ...amounts, ""));
    }
  }
  for (const quote of report.quotes ?? []) {
    lines.push(line(t("report.quotes"), quote.text, "", "", quote.collaborationTitle, quote.saidBy, quote.date, "", "", "", ""));
  }
  return lines.join("\r\n");
}

export function download(report: ProgrammeReportJson): void {
  // The byte order mark tells Excel that it is UTF-8.
  const address = URL.createObjectURL(new Blob(["\uFEFF", toCsv(report)], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `${report.programme?.shortName ?? "report"}-${report.startDate}-${report.endDate}.csv`;
  link.click();
  URL.revokeObjectURL(address);
}
