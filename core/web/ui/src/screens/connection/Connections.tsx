import type { ConnectionJson, ConnectionStatusJson } from "../../gen/brobygger/sync/v1/connection_pb";
import { Ago } from "../../parts/Ago";
import { Day } from "../../parts/Day";
import { Empty } from "../../parts/Empty";
import { Link } from "../../parts/Link";
import { Loading } from "../../parts/Loading";
import { Name } from "../../parts/Name";
import { Page } from "../../parts/Page";
import { Tag } from "../../parts/Tag";
import { Trouble } from "../../parts/Trouble";
import { useCall } from "../../state/hooks";
import { t, word } from "../../state/texts";
import { Figures } from "./Figures";
import { Notes } from "./Notes";
import { runFigures } from "./Runs";
import { useReloadWhile } from "./polling";
import { count, stateOf } from "./words";

// What waits for a person, each with its number.
function Waiting({ status }: { status: ConnectionStatusJson }) {
  const all = [
    { key: "waitingPlan", n: status.waitingPlanId ? 1 : 0 },
    { key: "conflicts", n: count(status.openConflicts) },
    { key: "letters", n: count(status.deadLetters) },
    { key: "rejected", n: count(status.rejectedRecords) },
  ] as const;
  const waits = all.filter((each) => each.n > 0);
  if (!waits.length) return null;
  return <div class="labels">{waits.map((each) => <Tag key={each.key} tone="warn">{t(`connections.waits.${each.key}`, { n: each.n })}</Tag>)}</div>;
}

function One({ connection, status }: { connection: ConnectionJson; status: ConnectionStatusJson }) {
  const { text, tone } = stateOf(connection, status);
  const run = status.lastRun;
  return (
    <li class="card">
      <div class="row row-between">
        <h2 class="connection-title"><Link to={`/forbindelser/${connection.id}`}><Name>{connection.title}</Name></Link></h2>
        <Tag tone={tone}>{text}</Tag>
      </div>
      <p class="muted">{word(`connections.family.${connection.family}`, "")} · {t("connections.plugin", { plugin: connection.plugin ?? "" })}</p>
      <Waiting status={status} />
      <Notes status={status} />
      <p>
        {run ? <>{t("connections.last")} <Ago iso={run.startTime} /></> : t("connections.neverText")}
        {" · "}
        {status.nextRunTime && !connection.disabled ? <>{t("connections.next")} <Day iso={status.nextRunTime} time /></> : t("connections.onlyAsked")}
      </p>
      {run && <Figures figures={runFigures(run)} />}
    </li>
  );
}

// The connections to source systems, and how each is doing.
export default function Connections() {
  const list = useCall("sync.v1.SyncService/ListConnections", {});
  const statuses = list.data?.statuses ?? [];
  const connections = list.data?.connections ?? [];
  const runs = statuses.some((each) => each.lastRun?.state === "STATE_RUNNING");
  useReloadWhile(runs, list.reload);
  return (
    <Page title={t("connections.title")} lead={t("connections.lead")} wide>
      <Trouble error={list.error} retry={list.reload} />
      {!list.data && !list.error && <Loading />}
      {list.data && !connections.length && <Empty title={t("connections.none")}>{t("connections.noneText")}</Empty>}
      <ul class="plain">
        {connections.map((each, i) => <One key={each.id} connection={each} status={statuses[i] ?? {}} />)}
      </ul>
    </Page>
  );
}
