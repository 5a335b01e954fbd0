// Where it may go from here, and what is missing for it.
import { useState } from "preact/hooks";
import type { PossibleMoveJson } from "../../gen/brobygger/collab/v1/collaboration_calls_pb";
import type { ApiError } from "../../api/errors";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { Field } from "../../parts/Field";
import { TextArea } from "../../parts/TextArea";
import { Trouble } from "../../parts/Trouble";
import { requestId, useWrite } from "../../state/hooks";
import { t, word } from "../../state/texts";
import type { PartProps } from "./One";
import { isEmployee, kWay, missingWord, placeOf, stateWord } from "./words";

interface Props extends PartProps {
  onEdit: () => void;
  onTab: (key: string) => void;
}

// Where on the page what is missing is done; "edit" is the form.
const kPlaces: Record<string, string> = {
  department: "parties", association: "parties", lead: "parties", aim: "edit", start_date: "edit",
  alignment: "expectations", task_owner: "roles", outcome_municipality: "reached", outcome_association: "reached",
};

// The form and the parties are an employee's.
const mayDo = (code: string): boolean => kPlaces[code] !== undefined && (isEmployee() || !["edit", "parties"].includes(kPlaces[code]));

const wantsReason = (move: PossibleMoveJson): boolean =>
  move.state === "COLLABORATION_STATE_PAUSED" || move.state === "COLLABORATION_STATE_DROPPED";

// What is done to take it there. What was under way before is gone on with.
function moveWord(to: string | undefined, from: string | undefined): string {
  const again = to === "COLLABORATION_STATE_ACTIVE" && from !== "COLLABORATION_STATE_AGREED";
  return word(`collaboration.move.${again ? "CONTINUE" : (to ?? "").slice("COLLABORATION_STATE_".length)}`, stateWord(to));
}

function Missing({ codes, onEdit, onTab }: { codes: string[] } & Omit<Props, keyof PartProps>) {
  return (
    <ul class="missing">
      {codes.map((code) => (
        <li key={code}>
          {missingWord(code)}{" "}
          {mayDo(code) && (
            <button type="button" class="link-button" onClick={() => (kPlaces[code] === "edit" ? onEdit() : onTab(kPlaces[code] ?? ""))}>
              {t("collaboration.doIt")}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

// Why the hub refused, in words: what is missing, or that somebody else wrote first.
function Refused({ error, reload, ...go }: { error: ApiError | undefined; reload: () => void } & Omit<Props, keyof PartProps>) {
  if (error?.reason !== "COLLABORATION_NOT_READY") {
    return <Trouble error={error} retry={error?.code === "aborted" ? reload : undefined} />;
  }
  return (
    <div role="alert">
      <p class="strong">{t("collaboration.refused")}</p>
      <Missing codes={(error.facts.missing ?? "").split(";").filter(Boolean)} {...go} />
    </div>
  );
}

function ReasonDialog({ title, busy, error, onSend, onClose }: {
  title: string; busy: boolean; error: ApiError | undefined; onSend: (reason: string) => void; onClose: () => void;
}) {
  const [reason, setReason] = useState("");
  return (
    <Dialog title={title} onClose={onClose}
            actions={<Button busy={busy} disabled={!reason.trim()} onClick={() => onSend(reason)}>{title}</Button>}>
      <Field label={t("collaboration.why")} hint={t("collaboration.whyHint")} wide>
        <TextArea value={reason} onValue={setReason} maxLength={200} rows={3} />
      </Field>
      <Trouble error={error} />
    </Dialog>
  );
}

export function Moves({ found, reload, ...go }: Props) {
  const collaboration = found.collaboration ?? {};
  const { run, busy, error, clear } = useWrite("collab.v1.CollaborationService/MoveCollaboration");
  const [asking, setAsking] = useState<PossibleMoveJson>();
  const moves = found.moves ?? [];
  const ahead = moves.find((each) => kWay.includes(each.state!) && placeOf(each.state) > placeOf(collaboration.state))
    ?? moves.find((each) => collaboration.state !== "COLLABORATION_STATE_EVALUATING" && each.state === "COLLABORATION_STATE_ACTIVE");
  const aside = moves.filter((each) => each !== ahead);
  const send = async (move: PossibleMoveJson, reason?: string) => {
    const answer = await run({ collaborationId: collaboration.id, state: move.state, reason, etag: collaboration.etag, requestId: requestId() });
    if (!answer) return;
    setAsking(undefined);
    reload();
  };
  const begin = (move: PossibleMoveJson) => {
    clear();
    if (wantsReason(move)) setAsking(move);
    else void send(move);
  };
  if (moves.length === 0) return null;
  const missing = ahead?.missing ?? [];
  return (
    <section class="next-step" aria-labelledby="next-step">
      <h2 id="next-step">{t("collaboration.next")}</h2>
      {ahead && missing.length === 0 && <p>{t("collaboration.ready", { state: stateWord(ahead.state) })}</p>}
      {ahead && missing.length > 0 && (
        <>
          <p>{t("collaboration.before", { state: stateWord(ahead.state) })}</p>
          <Missing codes={missing} {...go} />
        </>
      )}
      {!asking && !(error && missing.length > 0 && error.reason === "COLLABORATION_NOT_READY") && <Refused error={error} reload={reload} {...go} />}
      {isEmployee() ? (
        <div class="row">
          {ahead && <Button kind={missing.length ? "secondary" : "primary"} busy={busy} onClick={() => begin(ahead)}>{moveWord(ahead.state, collaboration.state)}</Button>}
          {aside.map((each) => <Button key={each.state} kind="tertiary" disabled={busy} onClick={() => begin(each)}>{moveWord(each.state, collaboration.state)}</Button>)}
        </div>
      ) : <p>{t("collaboration.employeeMoves")}</p>}
      {error?.reason === "COLLABORATION_NOT_READY" && missing.length > 0 && <p class="amber" role="alert">{t("collaboration.stillMissing")}</p>}
      {asking && (
        <ReasonDialog title={moveWord(asking.state, collaboration.state)} busy={busy} error={error}
                      onSend={(reason) => void send(asking, reason)} onClose={() => setAsking(undefined)} />
      )}
    </section>
  );
}
