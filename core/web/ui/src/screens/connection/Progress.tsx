import { Alert } from "../../parts/Alert";
import { numberText } from "../../parts/Number";
import { t, word } from "../../state/texts";
import { count } from "./words";
import type { Live } from "./live";

// Something is under way of which is not known how far it has come.
export function UnderWay({ text }: { text: string }) {
  return <Alert tone="info" announce><p>{text}</p><progress class="progress" aria-label={text} /></Alert>;
}

// How far it has come. Screen readers are told the steps, and not every record.
export function Progress({ live }: { live: Live }) {
  const { doing, progress } = live;
  if (!doing) return null;
  if (doing === "looking" || doing === "rejecting") return <UnderWay text={t(`connection.${doing}`)} />;
  const step = word(`connection.phase.${progress?.phase}`, t(`connection.${doing}`));
  const total = count(progress?.total);
  return (
    <div class="card live">
      <p class="strong" role="status">{step}</p>
      <progress class="progress" aria-label={step} value={total ? count(progress?.done) : undefined} max={total || undefined} />
      <p class="small muted">
        {total
          ? t("connection.doneOf", { done: numberText(progress?.done), total: numberText(total) })
          : t("connection.done", { n: count(progress?.done) })}
      </p>
    </div>
  );
}
