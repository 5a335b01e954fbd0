import { useState } from "preact/hooks";
import type { RunJson } from "../../gen/brobygger/sync/v1/connection_pb";
import type { UndoRunResponseJson } from "../../gen/brobygger/sync/v1/sync_answers_pb";
import { actorText } from "../../parts/actor";
import { Alert } from "../../parts/Alert";
import { Button } from "../../parts/Button";
import { Day } from "../../parts/Day";
import { Dialog } from "../../parts/Dialog";
import { Empty } from "../../parts/Empty";
import { Loading } from "../../parts/Loading";
import { Name } from "../../parts/Name";
import { Pager } from "../../parts/Pager";
import { Tag } from "../../parts/Tag";
import { Trouble } from "../../parts/Trouble";
import { usePages } from "../../parts/use_pages";
import { useCall, useWrite } from "../../state/hooks";
import { t } from "../../state/texts";
import { Actions } from "./Actions";
import { Figures, type FigureOf } from "./Figures";
import { Remarks } from "./Remarks";
import { count, diagnosticText, fieldText, runState, sentenceText } from "./words";

export function runFigures(run: RunJson): FigureOf[] {
  const { applications = {}, meetings = {} } = run;
  // The registry's own run writes to the source, and reads nothing.
  const reads = !run.outbound;
  return [
    { key: "read", n: count(run.readCount) },
    { key: "created", sign: "+", n: count(run.createdCount), always: reads },
    { key: "updated", sign: "~", n: count(run.updatedCount), always: reads },
    { key: "deleted", sign: "−", n: count(run.deletedCount) },
    { key: "vanished", n: count(run.unlinkedCount) },
    { key: "forPerson", sign: "?", n: count(run.conflictCount) + count(run.questionCount), always: reads },
    { key: "matched", n: count(run.matchCount) },
    { key: "sourceCreated", sign: "+", n: count(run.sourceCreatedCount) },
    { key: "sourceUpdated", sign: "~", n: count(run.sourceUpdatedCount) },
    { key: "rejected", n: count(run.rejectedCount) },
    { key: "overruled", n: count(run.overruledCount) },
    { key: "refused", n: count(run.deadLetterCount) },
    { key: "doubtful", n: count(run.doubtfulCount) },
    { key: "applications", n: count(applications.newCount) + count(applications.changedCount) + count(applications.goneCount) },
    { key: "meetings", n: count(meetings.newCount) + count(meetings.changedCount) + count(meetings.removedCount) + count(meetings.goneCount) },
  ];
}

function KeptList({ told }: { told: UndoRunResponseJson }) {
  if (!told.kept?.length) return null;
  return (
    <>
      <h3>{t("connection.stays", { n: count(told.keptCount) })}</h3>
      <ul>
        {told.kept.map((each, i) => (
          <li key={i}><Name>{each.officialName}</Name>{each.path && `, ${fieldText(each.path)}`}: {sentenceText(each.reason)}</li>
        ))}
      </ul>
    </>
  );
}

// Tries first, so that one sees what would be put back and what would not.
function Undo({ run, onUndone }: { run: RunJson; onUndone: () => void }) {
  const undo = useWrite("sync.v1.SyncService/UndoRun");
  const [tried, setTried] = useState<UndoRunResponseJson>();
  const close = () => setTried(undefined);
  const yes = () => void undo.run({ runId: run.id }).then((done) => {
    if (!done) return;
    close();
    onUndone();
  });
  return (
    <>
      <Trouble error={undo.error} />
      <Button kind="secondary" busy={undo.busy} onClick={() => void undo.run({ runId: run.id, dryRun: true }).then(setTried)}>{t("connection.undo")}</Button>
      {tried && (
        <Dialog title={t("connection.undoTitle")} onClose={close} actions={
          <>
            <Button kind="danger" busy={undo.busy} disabled={!count(tried.restoredCount)} onClick={yes}>{t("connection.undoYes")}</Button>
            <Button kind="secondary" onClick={close}>{t("common.cancel")}</Button>
          </>
        }>
          <p>{t("connection.undoText", { associations: count(tried.restoredCount), fields: count(tried.fieldCount) })}</p>
          <KeptList told={tried} />
        </Dialog>
      )}
    </>
  );
}

function Done({ run, mayOperate, onUndone }: { run: RunJson; mayOperate: boolean; onUndone: () => void }) {
  const pages = usePages("sync.v1.SyncService/ListRunActions", { runId: run.id, pageSize: 50 });
  const actions = pages.data?.actions ?? [];
  return (
    <>
      <Trouble error={pages.error} retry={pages.reload} />
      {!pages.data && !pages.error && <Loading />}
      {pages.data && !actions.length && <p>{t("connection.didNothing")}</p>}
      <Actions actions={actions.map((each) => each.action ?? {})} outcomes={actions.map((each) => each.outcome)} />
      <Pager pages={pages} />
      {mayOperate && actions.length > 0 && !run.undoTime && <Undo run={run} onUndone={onUndone} />}
    </>
  );
}

// Who rejected the plan of a run, and when; nothing of others, and where the plan is forgotten.
export function Rejecter({ run }: { run: RunJson }) {
  const { data } = useCall("sync.v1.SyncService/GetPlan", run.state === "STATE_REJECTED" ? { planId: run.planId } : undefined);
  if (!data?.plan?.rejectTime) return null;
  return <p class="muted">{t("connection.rejectedBy", { actor: actorText(data.plan.rejectedBy) })} <Day iso={data.plan.rejectTime} time /></p>;
}

interface OneProps {
  run: RunJson;
  waitingPlanId?: string;
  mayOperate: boolean;
  onUndone: () => void;
}

function One({ run, waitingPlanId, mayOperate, onUndone }: OneProps) {
  const [open, setOpen] = useState(false);
  // Its plan was done by a later run, or another has taken its place.
  const waited = run.state === "STATE_WAITING" && run.planId !== waitingPlanId;
  const { text, tone } = runState(run);
  return (
    <li class="card">
      <h2 class="connection-title"><Day iso={run.startTime} time /> <Tag tone={waited ? "neutral" : tone}>{waited ? t("connection.planMade") : text}</Tag></h2>
      <p class="muted">{t("connection.begunBy", { actor: actorText(run.actor) })}{run.outbound && ` · ${t("connection.outbound")}`}</p>
      <Rejecter run={run} />
      <Figures figures={runFigures(run)} />
      <Remarks meetings={run.meetings} />
      {(run.diagnostics ?? []).map((each, i) => <p key={i}>{diagnosticText(each)}</p>)}
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{t("connection.whatItDid")}</summary>
        {open && <Done run={run} mayOperate={mayOperate} onUndone={onUndone} />}
      </details>
    </li>
  );
}

interface Props {
  connectionId: string;
  waitingPlanId?: string;
  mayOperate: boolean;
  onChange: () => void;
}

// What ran and what it did, newest first; each can be undone.
export function Runs({ connectionId, waitingPlanId, mayOperate, onChange }: Props) {
  const pages = usePages("sync.v1.SyncService/ListRuns", { connectionId, pageSize: 10 });
  const [undone, setUndone] = useState(false);
  const runs = pages.data?.runs ?? [];
  const onUndone = () => {
    setUndone(true);
    pages.reload();
    onChange();
  };
  return (
    <>
      {undone && <Alert tone="success" announce><p>{t("connection.undone")}</p></Alert>}
      <Trouble error={pages.error} retry={pages.reload} />
      {!pages.data && !pages.error && <Loading />}
      {pages.data && !runs.length && <Empty title={t("connection.noRuns")} />}
      <ul class="plain">{runs.map((each) => <One key={each.id} run={each} waitingPlanId={waitingPlanId} mayOperate={mayOperate} onUndone={onUndone} />)}</ul>
      <Pager pages={pages} />
    </>
  );
}
