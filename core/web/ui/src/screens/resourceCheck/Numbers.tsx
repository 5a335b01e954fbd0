// The numbers of the picture as a table, and how each topic has changed over the rounds shown. Not
// a <Table>: the numbers are short enough to stand beside each other on a phone, too.
import type { ResourceCheckJson } from "../../gen/brobygger/collab/v1/resource_check_pb";
import { dayText } from "../../parts/Day";
import { numberText } from "../../parts/Number";
import { t } from "../../state/texts";
import { kTopics, meanOf, topicText } from "./words";

const kOneDigit = { minimumFractionDigits: 1, maximumFractionDigits: 1 };

function changeText(before: number | undefined, now: number | undefined): string {
  if (before === undefined || now === undefined) return "–";
  return numberText(now - before, { ...kOneDigit, signDisplay: "exceptZero" });
}

export function Numbers({ checks }: { checks: ResourceCheckJson[] }) {
  const first = checks[0];
  const last = checks[checks.length - 1];
  const several = checks.length > 1;
  const cellsOf = (topic: string): string[] => [
    ...checks.map((check) => {
      const mean = meanOf(check, topic);
      return mean === undefined ? t("resourceCheck.notAnswered") : numberText(mean, kOneDigit);
    }),
    ...(several && first && last ? [changeText(meanOf(first, topic), meanOf(last, topic))] : []),
  ];
  const head = [...checks.map((each) => dayText(each.date ?? "")), ...(several ? [t("resourceCheck.change")] : [])];
  return (
    <div>
      <table class="table resource-table">
        <caption>{t("resourceCheck.table")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("resourceCheck.about")}</th>
            {head.map((text) => <th key={text} scope="col" class="numeric">{text}</th>)}
          </tr>
        </thead>
        <tbody>
          {kTopics.map((topic) => (
            <tr key={topic}>
              <th scope="row">{topicText(topic)}</th>
              {cellsOf(topic).map((text, i) => <td key={i} class="numeric">{text}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="small muted">{t("resourceCheck.scaleHint")}</p>
    </div>
  );
}
