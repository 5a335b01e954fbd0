import { numberText } from "../../parts/Number";
import { t, type TextKey } from "../../state/texts";

export interface FigureOf {
  key: "read" | "created" | "updated" | "deleted" | "forPerson" | "vanished" | "linked" | "matched" | "sourceCreated" | "sourceUpdated" |
    "blanked" | "applications" | "meetings" | "rejected" | "overruled" | "refused" | "doubtful";
  n: number;
  // "+" and its like, as the changes are marked.
  sign?: string;
  // Shown also when it is 0.
  always?: boolean;
}

// Numbers of a plan or a run, with what they count.
export function Figures({ figures }: { figures: FigureOf[] }) {
  if (figures.every((each) => !each.n)) return <p class="muted">{t("connections.nothingNew")}</p>;
  return (
    <ul class="plain counts">
      {figures.filter((each) => each.always || each.n > 0).map((each) => (
        <li key={each.key} class={each.n ? "count" : "count count-none"}>
          <span class="count-number">{each.sign && <span class={`count-sign count-${each.key}`} aria-hidden="true">{each.sign}</span>}{numberText(each.n)}</span>{" "}
          <span>{t(`connections.figure.${each.key}` as TextKey, { n: each.n })}</span>
        </li>
      ))}
    </ul>
  );
}
