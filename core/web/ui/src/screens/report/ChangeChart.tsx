// How far the means changed from the first resource check to the last, topic by topic: bars to the
// right are more, to the left less. The table beside it has the same numbers.
import type { ReportItemJson } from "../../gen/brobygger/report/v1/programme_pb";
import { t } from "../../state/texts";
import { changeText, itemTitle } from "./words";

const kRow = 42;
const kWidth = 320;
const kMiddle = kWidth / 2;
// The longest bar; beyond it there is room for its number.
const kLongest = 120;

function Bar({ item, top, most }: { item: ReportItemJson; top: number; most: number }) {
  const change = Number(item.value ?? 0);
  const less = change < 0;
  const length = (Math.abs(change) / most) * kLongest;
  const end = less ? kMiddle - length - 5 : kMiddle + length + 5;
  return (
    <g>
      <text class="report-text" x="0" y={top + 14}>{itemTitle(item)}</text>
      <rect class={less ? "report-bar report-less" : "report-bar"} x={less ? kMiddle - length : kMiddle} y={top + 21} width={length} height="12" />
      <path class="report-axis" d={`M${kMiddle} ${top + 18}v18`} />
      <text class="report-text" x={end} y={top + 32} text-anchor={less ? "end" : "start"}>{changeText(change)}</text>
    </g>
  );
}

export function ChangeChart({ items }: { items: ReportItemJson[] }) {
  const most = Math.max(1, ...items.map((item) => Math.abs(Number(item.value ?? 0))));
  const height = items.length * kRow + 24;
  return (
    <div class="columns report-change">
      <svg class="report-chart" viewBox={`0 0 ${kWidth} ${height}`} role="img" aria-label={t("report.chartLabel")}>
        {items.map((item, i) => <Bar key={item.id} item={item} top={i * kRow} most={most} />)}
        <text class="report-text" x="0" y={height - 5}>← {t("report.less")}</text>
        <text class="report-text" x={kWidth} y={height - 5} text-anchor="end">{t("report.more")} →</text>
      </svg>
      <table class="table">
        <caption class="sr-only">{t("report.change")}</caption>
        <thead><tr><th scope="col">{t("report.topicHead")}</th><th scope="col" class="numeric">{t("report.changeHead")}</th></tr></thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.id}><th scope="row">{itemTitle(item)}</th><td class="numeric">{changeText(Number(item.value ?? 0))}</td></tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
