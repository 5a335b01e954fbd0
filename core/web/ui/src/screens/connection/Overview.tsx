import { useState } from "preact/hooks";
import type { ConnectionJson, ConnectionStatusJson } from "../../gen/brobygger/sync/v1/connection_pb";
import { actorText } from "../../parts/actor";
import { Ago } from "../../parts/Ago";
import { Alert } from "../../parts/Alert";
import { Button } from "../../parts/Button";
import { Day } from "../../parts/Day";
import { Link } from "../../parts/Link";
import { Number as NumberText, numberText } from "../../parts/Number";
import { Tag } from "../../parts/Tag";
import { Trouble } from "../../parts/Trouble";
import { useCall, useWrite } from "../../state/hooks";
import { t, word } from "../../state/texts";
import { Figures } from "./Figures";
import { Notes } from "./Notes";
import { Plan } from "./Plan";
import { Progress, UnderWay } from "./Progress";
import { Remarks } from "./Remarks";
import { Rejecter, runFigures } from "./Runs";
import { useSync, type Live } from "./live";
import { count, diagnosticText, isError, runState, sentenceText } from "./words";

export interface OverviewProps {
  connection: ConnectionJson;
  status: ConnectionStatusJson;
  mayOperate: boolean;
  reload: () => void;
}

function every(duration: string | undefined): string {
  const minutes = Math.round(Number.parseFloat(duration ?? "0") / 60);
  if (!minutes) return t("connections.onlyAsked");
  return minutes % 60 ? t("connection.everyMinutes", { n: minutes }) : t("connection.everyHours", { n: minutes / 60 });
}

function Facts({ connection, status }: { connection: ConnectionJson; status: ConnectionStatusJson }) {
  const plugins = useCall("sync.v1.SyncService/ListPlugins", {});
  const plugin = plugins.data?.plugins?.find((each) => each.plugin === connection.plugin);
  return (
    <dl class="facts">
      <dt>{t("connection.family")}</dt><dd>{word(`connections.family.${connection.family}`, "")}</dd>
      <dt>{t("connection.pluginHead")}</dt>
      <dd>{connection.plugin} {plugin?.version}{plugin?.refusedBecause && <div class="amber">{t("connection.refused")} {plugin.refusedBecause}</div>}</dd>
      <dt>{t("connection.runs")}</dt>
      <dd>{every(connection.every)}{status.nextRunTime && !connection.disabled && <> · {t("connections.next")} <Day iso={status.nextRunTime} time /></>}</dd>
      <dt>{t("connection.live")}</dt><dd><NumberText value={status.liveRecords} /></dd>
      {count(status.dirtyRecords) > 0 && <><dt>{t("connection.dirty")}</dt><dd><NumberText value={status.dirtyRecords} /></dd></>}
    </dl>
  );
}

// Tries the connection now: what it sees, what it can promise, and what is wrong.
function Check({ connectionId }: { connectionId: string }) {
  const check = useWrite("sync.v1.SyncService/CheckConnection");
  const [told, setTold] = useState<Awaited<ReturnType<typeof check.run>>>();
  const works = told && !(told.diagnostics ?? []).some(isError);
  return (
    <>
      <Button kind="secondary" busy={check.busy} onClick={() => void check.run({ connectionId }).then(setTold)}>{t("connection.check")}</Button>
      <Trouble error={check.error} />
      {told && (
        <Alert tone={works ? "success" : "error"} title={t(works ? "connection.works" : "connection.fails")} announce>
          {(told.diagnostics ?? []).map((each, i) => <p key={i}>{diagnosticText(each)}</p>)}
          <ul>{Object.entries(told.visibleRecords ?? {}).map(([stream, n]) => <li key={stream}>{word(`connection.stream.${stream}`, stream)}: {numberText(n)}</li>)}</ul>
          <p>{word(`connection.level.${told.level}`, "")}</p>
          {(told.missingForLevel ?? []).map((each) => <p key={each} class="small">{t("connection.notBetter")} {sentenceText(each)}.</p>)}
        </Alert>
      )}
    </>
  );
}

const isStale = (live: Live) => live.error?.reason === "PLAN_STALE" || live.error?.reason === "PLAN_NOT_FOUND";

// How a live run ended: done, failed, stale, or lost on the way.
interface EndedProps {
  live: Live;
  onAgain: () => void;
  // Shows the plan that is the newest now, if there is one.
  onNewest?: () => void;
}

function Ended({ live, onAgain, onNewest }: EndedProps) {
  const { error, run, lost } = live;
  if (lost) {
    return (
      <Alert tone="warning" title={t("connection.lost")} announce>
        <p>{t("connection.lostText")}</p>
        {!live.plan && <Button onClick={onAgain}>{t("connection.again")}</Button>}
      </Alert>
    );
  }
  if (isStale(live)) {
    return (
      <Alert tone="warning" title={t("connection.stale")} announce>
        <p>{word(`connection.staleBecause.${error?.facts.state}`, t("connection.staleText"))}</p>
        {onNewest ? <Button onClick={onNewest}>{t("connection.newestPlan")}</Button> : <Button onClick={onAgain}>{t("connection.newPlan")}</Button>}
      </Alert>
    );
  }
  if (error) return <Trouble error={error} />;
  if (!run) return null;
  const failed = run.state === "STATE_FAILED";
  return (
    <Alert tone={failed ? "error" : run.state === "STATE_WAITING" ? "warning" : "success"} title={t(failed ? "connection.runFailed" : "connection.runDone")} announce>
      {(run.diagnostics ?? []).map((each, i) => <p key={i}>{diagnosticText(each)}</p>)}
      <Figures figures={runFigures(run)} />
      <Remarks meetings={run.meetings} />
      {count(run.questionCount) > 0 && <p>{t("connection.asked", { n: count(run.questionCount) })} <Link to="/gennemsyn">{t("connection.toReview")}</Link></p>}
    </Alert>
  );
}

function LastRun({ status }: { status: ConnectionStatusJson }) {
  const run = status.lastRun;
  if (!run) return <p>{t("connections.neverText")}</p>;
  const { text, tone } = runState(run);
  return (
    <>
      <p><Tag tone={tone}>{text}</Tag> <Ago iso={run.startTime} /> · {t("connection.begunBy", { actor: actorText(run.actor) })}</p>
      <Rejecter run={run} />
      <Figures figures={runFigures(run)} />
      <Remarks meetings={run.meetings} />
    </>
  );
}

// How the connection is doing, and the plan: make one, look at it, do it.
export function Overview({ connection, status, mayOperate, reload }: OverviewProps) {
  const id = connection.id ?? "";
  const sync = useSync(id, reload);
  const { live } = sync;
  const isRunning = status.lastRun?.state === "STATE_RUNNING";
  const again = sync.plan;
  const openWaiting = () => sync.open(status.waitingPlanId ?? "");
  const waits = status.waitingPlanId && !sync.busy && live.plan?.id !== status.waitingPlanId;
  return (
    <div class="stack overview">
      <Notes status={status} />
      <Progress live={live} />
      {isRunning && !sync.busy && <UnderWay text={t("connection.following")} />}
      <Ended live={live} onAgain={again} onNewest={waits ? openWaiting : undefined} />
      {live.rejected && (
        <Alert tone="success" title={t("connection.rejected")} announce>
          <p>{t("connection.rejectedHow")}</p>
          <Button kind="secondary" onClick={again}>{t("connection.again")}</Button>
        </Alert>
      )}
      {waits && !isStale(live) && (
        <Alert tone="warning" title={t("connection.planWaits")}>
          <p>{t("connection.planWaitsText")}</p>
          <Button onClick={openWaiting}>{t("connection.showPlan")}</Button>
        </Alert>
      )}
      {live.plan && !live.doing && !isStale(live) && (
        <Plan key={live.plan.id} plan={live.plan} mayOperate={mayOperate} busy={sync.busy} onReject={() => sync.reject(live.plan ?? {})}
              onAgain={again} onApply={(acceptHeld) => sync.apply(live.plan ?? {}, acceptHeld)} />
      )}
      {mayOperate && !live.plan && !sync.busy && !live.rejected && !live.lost && !isRunning && (
        connection.disabled
          ? <p>{t("connection.pausedText")}</p>
          : (
            <div class="row">
              <Button kind={waits ? "secondary" : "primary"} onClick={again}>{t("connection.readAndPlan")}</Button>
              <span class="muted">{t("connection.planHint")}</span>
            </div>
          )
      )}
      <h2>{t("connection.lastRun")}</h2>
      <LastRun status={status} />
      <h2>{t("connection.about")}</h2>
      <Facts connection={connection} status={status} />
      {mayOperate && <Check connectionId={id} />}
    </div>
  );
}
