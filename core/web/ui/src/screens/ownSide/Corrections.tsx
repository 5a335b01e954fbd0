// What the association wanted corrected, and what came of it.
import type { CorrectionJson } from "../../gen/brobygger/people/v1/person_pb";
import { Day } from "../../parts/Day";
import { Tag, type Tone } from "../../parts/Tag";
import { t, word } from "../../state/texts";
import { fieldTitle } from "./fields";

const kTones: Record<string, Tone> = { STATE_CORRECTED: "good", STATE_DECLINED: "neutral" };

export function Corrections({ corrections }: { corrections: CorrectionJson[] }) {
  if (corrections.length === 0) return null;
  return (
    <section class="card" aria-labelledby="own-corrections">
      <h2 id="own-corrections">{t("ownSide.section.corrections")}</h2>
      <ul class="plain own-list">
        {[...corrections].reverse().map((each) => (
          <li key={each.id}>
            <span>
              <strong>{fieldTitle(each.fieldPath ?? "")}</strong>
              {each.wantedValue && <span class="own-line" dir="auto">{each.wantedValue}</span>}
              <span class="own-line small muted" dir="auto">{each.statement} · <Day iso={each.date} /></span>
              {each.note && <span class="own-line">{t("ownSide.answer")} <span dir="auto">{each.note}</span></span>}
            </span>
            <Tag tone={kTones[each.state ?? ""] ?? "warn"}>{word(`ownSide.correction.${(each.state ?? "STATE_OPEN").slice("STATE_".length)}`, "")}</Tag>
          </li>
        ))}
      </ul>
    </section>
  );
}
