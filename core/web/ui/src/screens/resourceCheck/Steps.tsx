// What the subject wants to do next, in its own words: the newest round that says something, and
// what the rounds before it said.
import type { ResourceCheckJson } from "../../gen/brobygger/collab/v1/resource_check_pb";
import { dayText } from "../../parts/Day";
import { t } from "../../state/texts";

function Step({ check }: { check: ResourceCheckJson }) {
  return (
    <div class="resource-step">
      <p class="small muted">{t("resourceCheck.nextOn", { day: dayText(check.date ?? "") })}</p>
      <p class="prose" dir="auto">{check.nextSteps}</p>
    </div>
  );
}

// `checks`: the oldest first, as the hub tells them.
export function Steps({ checks }: { checks: ResourceCheckJson[] }) {
  const [newest, ...before] = checks.filter((each) => each.nextSteps).reverse();
  if (!newest) return null;
  return (
    <>
      <Step check={newest} />
      {before.length > 0 && (
        <details class="section-details">
          <summary>{t("resourceCheck.nextBefore", { n: before.length })}</summary>
          {before.map((each) => <Step key={each.id} check={each} />)}
        </details>
      )}
    </>
  );
}
