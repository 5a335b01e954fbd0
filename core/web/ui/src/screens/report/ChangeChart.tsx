// The means of the first and the last resource check, topic by topic: two bars from 0 to 5. The
// table beside it has the same numbers, and the change.
import type { ReportItemJson } from "../../gen/brobygger/report/v1/programme_pb";
import { t } from "../../state/texts";
import { changeText, itemTitle, meanText } from "./words";

const kRow = 58;
const kWidth = 320;
const kHighest = 5;
// As long as the highest mean; beside it there is room for its number.
const kLongest = 280;
const kBar = 13;
const kGap = 2;

const numberOf = (value: ReportItemJson["value"]): number | undefined => (value === undefined ? undefined : Number(value));

function Bar({ mean, top, kind }: { mean: number | undefined; top: number; kind: "before" | "after" }) {
  if (mean === undefined) return null;
  const length = (mean / kHighest) * kLongest;
  return (
    <>
      <rect class={`report-bar report-${kind}`} x="0" y={top} width={length} height={kBar} />
      <text class="report-text" x={length + 5} y={top + kBar - 2}>{meanText(mean)}</text>
    </>
  );
}

function Topic({ item, top }: { item: ReportItemJson; top: number }) {
  return (
    <g>
      <text class="report-text" x="0" y={top + 14}>{itemTitle(item)}</text>
      <Bar mean={numberOf(item.before)} top={top + 20} kind="before" />
      <Bar mean={numberOf(item.after)} top={top + 20 + kBar + kGap} kind="after" />
    </g>
  );
}

function Key({ kind }: { kind: "before" | "after" }) {
  return (
    <li>
      <svg class="report-key" viewBox="0 0 14 14" aria-hidden="true"><rect class={`report-bar report-${kind}`} width="14" height="14" /></svg>
      {t(`report.${kind}`)}
    </li>
  );
}

const text = (value: ReportItemJson["value"], write: (number: number) => string): string => (value === undefined ? "–" : write(Number(value)));

export function ChangeChart({ items }: { items: ReportItemJson[] }) {
  return (
    <div class="columns report-change">
      <figure class="report-drawing">
        <svg class="report-chart" viewBox={`0 0 ${kWidth} ${items.length * kRow}`} role="img" aria-label={t("report.chartLabel")}>
          {items.map((item, i) => <Topic key={item.id} item={item} top={i * kRow} />)}
        </svg>
        <figcaption><ul class="plain report-keys"><Key kind="before" /><Key kind="after" /></ul></figcaption>
      </figure>
      <table class="table report-table">
        <caption class="sr-only">{t("report.change")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("report.topicHead")}</th>
            {([t("report.before"), t("report.after"), t("report.changeHead")]).map((head) => <th key={head} scope="col" class="numeric">{head}</th>)}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.id}>
              <th scope="row">{itemTitle(item)}</th>
              <td class="numeric">{text(item.before, meanText)}</td>
              <td class="numeric">{text(item.after, meanText)}</td>
              <td class="numeric">{text(item.value, changeText)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
