import type { ConnectionStatusJson } from "../../gen/brobygger/sync/v1/connection_pb";
import { Alert } from "../../parts/Alert";
import { Ago } from "../../parts/Ago";
import { t } from "../../state/texts";
import { diagnosticText, isError } from "./words";

// What people should know of a connection; nothing for a healthy one. What holds a plan stands with
// the plan.
export function Notes({ status }: { status: ConnectionStatusJson }) {
  const run = status.lastRun;
  const told = [...(status.diagnostics ?? []), ...(run?.state === "STATE_FAILED" ? run.diagnostics ?? [] : [])];
  const each = told.map((one) => ({ text: diagnosticText(one), error: isError(one), detail: one.code }));
  const notes = each.filter((one, i) => each.findIndex((other) => other.text === one.text) === i);
  const breaks = status.processState === "PROCESS_STATE_BROKEN" || status.processState === "PROCESS_STATE_BACKING_OFF";
  if (!notes.length && !breaks) return null;
  return (
    <Alert tone={notes.some((one) => one.error) || status.processState === "PROCESS_STATE_BROKEN" ? "error" : "warning"}>
      {notes.map((one) => <p key={one.text}>{one.text} <span class="small muted">{one.detail}</span></p>)}
      {breaks && <p>{t("connections.retry")} <Ago iso={status.retryTime} /></p>}
    </Alert>
  );
}
