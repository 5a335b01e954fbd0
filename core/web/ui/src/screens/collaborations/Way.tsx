// Where a collaboration stands on the way from the idea to looking back.
import type { CollaborationStateJson } from "../../gen/brobygger/collab/v1/collaboration_pb";
import { t } from "../../state/texts";
import { kWay, placeOf, stateWord } from "./words";

// `short`: the name of where it stands and a line of steps, as in a list; else every step's name.
export function Way({ state, short }: { state: CollaborationStateJson | undefined; short?: boolean }) {
  const place = placeOf(state);
  const aside = state !== undefined && !kWay.includes(state);
  const name = <strong class={aside ? "way-name way-aside" : "way-name"}>{stateWord(state)}</strong>;
  if (short) {
    return (
      <div class="way-short">
        {name}
        {place >= 0 && <span class="sr-only"> {t("collaborations.step", { at: place + 1, of: kWay.length })}</span>}
        <span class="way-steps" aria-hidden="true">
          {kWay.map((each, i) => <span key={each} class={i <= place ? "way-step way-reached" : "way-step"} />)}
        </span>
      </div>
    );
  }
  return (
    <ol class="plain way" aria-label={t("collaborations.way")}>
      {kWay.map((each, i) => (
        <li key={each} class={i < place ? "way-done" : i === place ? "way-here" : undefined} aria-current={i === place ? "step" : undefined}>
          <span class="way-dot" aria-hidden="true">{i < place ? "✓" : i + 1}</span>
          <span>{i === place && aside ? stateWord(state) : stateWord(each)}</span>
        </li>
      ))}
    </ol>
  );
}
