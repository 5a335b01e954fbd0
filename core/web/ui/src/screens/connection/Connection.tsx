import { useState } from "preact/hooks";
import type { ConnectionJson } from "../../gen/brobygger/sync/v1/connection_pb";
import { Button } from "../../parts/Button";
import { Empty } from "../../parts/Empty";
import { Link } from "../../parts/Link";
import { Loading } from "../../parts/Loading";
import { Name } from "../../parts/Name";
import { Page } from "../../parts/Page";
import { Tabs } from "../../parts/Tabs";
import { Tag } from "../../parts/Tag";
import { Trouble } from "../../parts/Trouble";
import { requestId, useCall, useWrite } from "../../state/hooks";
import { keepState, keptState } from "../../state/router";
import { session } from "../../state/session";
import { t } from "../../state/texts";
import { Conflicts } from "./Conflicts";
import { DeadLetters, Overruled, Rejected } from "./Kept";
import { Overview } from "./Overview";
import { Runs } from "./Runs";
import { useReloadWhile } from "./polling";
import { count, stateOf } from "./words";

// "Konflikter (3)"; no number where there is nothing.
const withCount = (label: string, n: number) => (n > 0 ? `${label} (${n})` : label);

// One connection: how it is doing, its plan live, what waits for a person, and what ran.
export default function Connection({ id }: { id: string }) {
  const list = useCall("sync.v1.SyncService/ListConnections", { connectionId: id });
  const update = useWrite("sync.v1.SyncService/UpdateConnection");
  const [tab, setTab] = useState(keptState({ tab: "overview" }).tab);
  const mayOperate = session.has("sync.operate");
  const connection = list.data?.connections?.[0];
  const status = list.data?.statuses?.[0] ?? {};
  useReloadWhile(status.lastRun?.state === "STATE_RUNNING", list.reload);
  if (!connection) {
    const unknown = list.data || list.error?.reason === "CONNECTION_NOT_FOUND";
    return (
      <Page title={t("connections.one")}>
        {!unknown && <Trouble error={list.error} retry={list.reload} />}
        {list.loading && <Loading />}
        {unknown && <Empty title={t("connection.notFound")} action={<Link to="/forbindelser">{t("connection.toAll")}</Link>} />}
      </Page>
    );
  }
  // The etag guards the write: somebody else's settings are not overwritten.
  const setPaused = (disabled: boolean) => {
    const changed: ConnectionJson = { ...connection, disabled };
    void update.run({ connection: changed, requestId: requestId() }).then(list.reload);
  };
  const select = (to: string) => {
    keepState({ tab: to });
    setTab(to);
  };
  const shared = { connectionId: id, mayOperate, onChange: list.reload };
  const overview = () => (
    <Overview connection={connection} status={status} mayOperate={mayOperate} reload={list.reload} />
  );
  const { text, tone } = stateOf(connection, status);
  return (
    <Page title={connection.title ?? id} heading={<Name>{connection.title}</Name>} lead={<Tag tone={tone}>{text}</Tag>} wide actions={mayOperate && (
      <Button kind="secondary" busy={update.busy} onClick={() => setPaused(!connection.disabled)}>
        {t(connection.disabled ? "connection.resume" : "connection.pause")}
      </Button>
    )}>
      <p><Link to="/forbindelser">{t("connection.toAll")}</Link></p>
      <Trouble error={update.error ?? list.error} />
      <Tabs label={connection.title ?? id} selected={tab} onSelect={select} tabs={[
        { key: "overview", label: t("connection.tab.overview"), content: overview },
        { key: "conflicts", label: withCount(t("connection.tab.conflicts"), count(status.openConflicts)), content: () => <Conflicts {...shared} /> },
        { key: "rejected", label: withCount(t("connection.tab.rejected"), count(status.rejectedRecords)), content: () => <Rejected connectionId={id} /> },
        { key: "letters", label: withCount(t("connection.tab.letters"), count(status.deadLetters)), content: () => <DeadLetters {...shared} /> },
        { key: "overruled", label: t("connection.tab.overruled"), content: () => <Overruled connectionId={id} /> },
        { key: "runs", label: t("connection.tab.runs"), content: () => <Runs {...shared} waitingPlanId={status.waitingPlanId} /> },
      ]} />
    </Page>
  );
}
