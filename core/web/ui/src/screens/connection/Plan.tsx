import { useState } from "preact/hooks";
import type { PlanJson } from "../../gen/brobygger/sync/v1/plan_pb";
import { actorText } from "../../parts/actor";
import { Alert } from "../../parts/Alert";
import { Button } from "../../parts/Button";
import { Day } from "../../parts/Day";
import { Dialog } from "../../parts/Dialog";
import { Link } from "../../parts/Link";
import { Loading } from "../../parts/Loading";
import { Pager } from "../../parts/Pager";
import { Trouble } from "../../parts/Trouble";
import { usePages } from "../../parts/use_pages";
import { t } from "../../state/texts";
import { Actions } from "./Actions";
import { Figures, type FigureOf } from "./Figures";
import { Remarks } from "./Remarks";
import { count, sentenceText } from "./words";

interface Props {
  plan: PlanJson;
  // Whether the caller may do it.
  mayOperate: boolean;
  busy: boolean;
  onApply: (acceptHeld: boolean) => void;
  onReject: () => void;
  onAgain: () => void;
}

function figuresOf(plan: PlanJson): FigureOf[] {
  const { applications = {}, meetings = {} } = plan;
  return [
    { key: "created", sign: "+", n: count(plan.createCount), always: true },
    { key: "updated", sign: "~", n: count(plan.updateCount), always: true },
    { key: "deleted", sign: "−", n: count(plan.deleteCount), always: true },
    { key: "forPerson", sign: "?", n: count(plan.conflictCount) + count(plan.questionCount), always: true },
    { key: "vanished", n: count(plan.vanishedCount) },
    { key: "linked", n: count(plan.linkCount) },
    { key: "matched", n: count(plan.matchCount) },
    { key: "sourceCreated", sign: "+", n: count(plan.sourceCreateCount) },
    { key: "sourceUpdated", sign: "~", n: count(plan.sourceUpdateCount) },
    { key: "blanked", n: count(plan.blankCount) },
    { key: "applications", n: count(applications.newCount) + count(applications.changedCount) + count(applications.goneCount) },
    { key: "meetings", n: count(meetings.newCount) + count(meetings.changedCount) + count(meetings.removedCount) + count(meetings.goneCount) },
  ];
}

function Held({ plan }: { plan: PlanJson }) {
  return (
    <Alert tone="warning" title={t(plan.verdict === "VERDICT_DELETIONS_HELD" ? "connection.deletionsHeld" : "connection.held")} announce>
      <p>{t("connection.unusual")}</p>
      <ul>{(plan.reasons ?? []).map((reason) => <li key={reason}>{sentenceText(reason)}</li>)}</ul>
    </Alert>
  );
}

// Doing what the guard holds is asked for once more.
function ApproveDialog({ plan, busy, onYes, onClose }: { plan: PlanJson; busy: boolean; onYes: () => void; onClose: () => void }) {
  return (
    <Dialog title={t("connection.approveTitle")} onClose={onClose} actions={
      <>
        <Button kind="danger" busy={busy} onClick={onYes}>{t("connection.approveYes")}</Button>
        <Button kind="secondary" onClick={onClose}>{t("common.cancel")}</Button>
      </>
    }>
      <p>{t("connection.approveText")}</p>
      <ul>{(plan.reasons ?? []).map((reason) => <li key={reason}>{sentenceText(reason)}</li>)}</ul>
    </Dialog>
  );
}

// What follows is said before a plan is rejected.
function Reject({ busy, onReject }: Pick<Props, "busy" | "onReject">) {
  const [asks, setAsks] = useState(false);
  const close = () => setAsks(false);
  return (
    <>
      <Button kind="secondary" disabled={busy} onClick={() => setAsks(true)}>{t("connection.reject")}</Button>
      {asks && (
        <Dialog title={t("connection.rejectTitle")} onClose={close} actions={
          <>
            <Button kind="danger" busy={busy} onClick={onReject}>{t("connection.rejectYes")}</Button>
            <Button kind="secondary" onClick={close}>{t("common.cancel")}</Button>
          </>
        }>
          <ul>{(["Text", "Again", "Back"] as const).map((each) => <li key={each}>{t(`connection.reject${each}`)}</li>)}</ul>
        </Dialog>
      )}
    </>
  );
}

function Choices({ plan, mayOperate, busy, onApply, onReject, onAgain }: Props) {
  const [asks, setAsks] = useState(false);
  const deletions = plan.verdict === "VERDICT_DELETIONS_HELD";
  if (!mayOperate) return <p>{t("connection.notYours")}</p>;
  // Somebody was quicker than the page.
  if (plan.rejectTime) {
    return (
      <>
        <p>{t("connection.rejectedBy", { actor: actorText(plan.rejectedBy) })} <Day iso={plan.rejectTime} time /></p>
        <Button kind="secondary" disabled={busy} onClick={onAgain}>{t("connection.again")}</Button>
      </>
    );
  }
  if (plan.verdict === "VERDICT_OK") {
    return (
      <div class="row">
        <Button busy={busy} onClick={() => onApply(false)}>{t("connection.apply")}</Button>
        <Reject busy={busy} onReject={onReject} />
        <Button kind="tertiary" disabled={busy} onClick={onAgain}>{t("connection.again")}</Button>
      </div>
    );
  }
  return (
    <>
      <div class="row">
        {deletions && <Button busy={busy} onClick={() => onApply(false)}>{t("connection.withoutDeletions")}</Button>}
        <Button kind={deletions ? "secondary" : "primary"} disabled={busy} onClick={() => setAsks(true)}>{t("connection.approve")}</Button>
        <Reject busy={busy} onReject={onReject} />
      </div>
      {asks && <ApproveDialog plan={plan} busy={busy} onClose={() => setAsks(false)} onYes={() => {
        setAsks(false);
        onApply(true);
      }} />}
    </>
  );
}

// A plan: what would happen, whether it may, and every single change.
export function Plan(props: Props) {
  const { plan } = props;
  const pages = usePages("sync.v1.SyncService/ListPlannedActions", { planId: plan.id, pageSize: 50 });
  const figures = figuresOf(plan);
  const nothing = figures.every((each) => !each.n) && plan.verdict === "VERDICT_OK";
  const actions = pages.data?.actions ?? [];
  return (
    <section class="card card-brand" aria-labelledby="plan">
      <h2 id="plan">{t("connection.plan")}</h2>
      {nothing ? <p>{t("connection.nothing")}</p> : (
        <>
          <p class="muted">{t("connection.made")} <Day iso={plan.createTime} time />. {t("connection.valid")} <Day iso={plan.expireTime} time />.</p>
          <Figures figures={figures} />
          <Remarks meetings={plan.meetings} />
          {plan.verdict !== "VERDICT_OK" && <Held plan={plan} />}
          {plan.firstSync && <p>{t("connection.first")}</p>}
          {count(plan.questionCount) > 0 && <p>{t("connection.asks", { n: count(plan.questionCount) })} <Link to="/gennemsyn">{t("connection.toReview")}</Link></p>}
          <Choices {...props} />
          <Trouble error={pages.error} retry={pages.reload} />
          {!pages.data && !pages.error && <Loading />}
          {actions.length > 0 && <h3 class="actions-head">{t("connection.actions")}</h3>}
          <Actions actions={actions} />
          <Pager pages={pages} />
        </>
      )}
    </section>
  );
}
