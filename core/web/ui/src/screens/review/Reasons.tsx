import type { ExplanationLineJson, PairExplanationJson } from "../../gen/brobygger/identity/v1/explanation_pb";
import { numberText } from "../../parts/Number";
import { language, t } from "../../state/texts";

// How many reasons are shown before one asks for all.
const kFirst = 6;

const points = (weight: number) => numberText(weight, { signDisplay: "exceptZero", minimumFractionDigits: 1, maximumFractionDigits: 1 });

// "54 %", and never "100 %": nothing is that sure.
function chance(probability: number): string {
  if (probability > 0.999) return `> ${numberText(99.9)} %`;
  if (probability < 0.001) return `< ${numberText(0.1)} %`;
  return `${numberText(probability * 100, { maximumFractionDigits: probability > 0.99 || probability < 0.01 ? 1 : 0 })} %`;
}

function Line({ line, most }: { line: ExplanationLineJson; most: number }) {
  const weight = Number(line.weight ?? 0);
  const length = (Math.abs(weight) / most) * 48;
  return (
    <li class="reason">
      <span>{language.value === "da" ? line.textDa : line.textEn}</span>
      <svg class={weight < 0 ? "reason-bar reason-against" : "reason-bar"} viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect class="reason-ground" x="0" y="0" width="100" height="8" />
        <rect x={weight < 0 ? 50 - length : 50} y="0" width={length} height="8" />
      </svg>
      <span class="reason-weight"><span class="sr-only">{t(weight < 0 ? "review.against" : "review.for")} </span>{points(weight)}</span>
    </li>
  );
}

// Why the hub asks: its reasons in words with their weights, which add up to the sum.
export function Reasons({ why }: { why: PairExplanationJson }) {
  // Where one starts comes last: it is no reason.
  const lines = [...(why.lines ?? [])].sort((one, other) => Number(one.key === "base") - Number(other.key === "base"));
  const most = Math.max(1, ...lines.map((line) => Math.abs(Number(line.weight ?? 0))));
  const list = (some: ExplanationLineJson[]) => (
    <ul class="plain">{some.map((line) => <Line key={line.key} line={line} most={most} />)}</ul>
  );
  return (
    <section class="card" aria-labelledby="reasons">
      <h3 id="reasons">{t("review.why")}</h3>
      <p>{t("review.sum", { chance: chance(Number(why.probability ?? 0)), sum: points(Number(why.score ?? 0)) })}</p>
      {list(lines.slice(0, kFirst))}
      {lines.length > kFirst && (
        <details>
          <summary>{t("review.moreReasons", { n: lines.length - kFirst })}</summary>
          {list(lines.slice(kFirst))}
        </details>
      )}
      <p class="small muted">{t("review.addUp")}</p>
      <p class="small muted">{t("review.notCounted")}</p>
    </section>
  );
}

// What to ask the association, the most telling first.
export function Settling({ why }: { why: PairExplanationJson }) {
  if (!why.settling?.length) return null;
  return (
    <section class="card" aria-labelledby="settling">
      <h3 id="settling">{t("review.settling")}</h3>
      <ol>{why.settling.map((each) => <li key={each.key}>{language.value === "da" ? each.questionDa : each.questionEn}</li>)}</ol>
    </section>
  );
}
