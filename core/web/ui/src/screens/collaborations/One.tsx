// One collaboration: where it stands, what is next, and all that belongs to it.
import { useRef, useState } from "preact/hooks";
import type { GetCollaborationResponseJson } from "../../gen/brobygger/collab/v1/collaboration_calls_pb";
import { Button } from "../../parts/Button";
import { Day } from "../../parts/Day";
import { inLanguage } from "../../parts/in_language";
import { Link } from "../../parts/Link";
import { Loading } from "../../parts/Loading";
import { Name } from "../../parts/Name";
import { Page } from "../../parts/Page";
import { Tabs } from "../../parts/Tabs";
import { Tag } from "../../parts/Tag";
import { Trouble } from "../../parts/Trouble";
import { useCall } from "../../state/hooks";
import { keepState, keptState } from "../../state/router";
import { t } from "../../state/texts";
import { Alignment } from "./Alignment";
import { Edit } from "./Edit";
import { Moves } from "./Moves";
import { Parties } from "./Parties";
import { Reached } from "./Reached";
import { Tasks } from "./Tasks";
import { Way } from "./Way";
import { ideaText, isEmployee, kWay, stateWord } from "./words";

// What every part of the page gets: the answer, and how to ask for it anew.
export interface PartProps {
  found: GetCollaborationResponseJson;
  reload: () => void;
}

function Facts({ found }: PartProps) {
  const collaboration = found.collaboration ?? {};
  return (
    <>
      {inLanguage(collaboration.aim) && <p class="prose lead">{inLanguage(collaboration.aim)}</p>}
      <p class="muted">
        {collaboration.area && <><Name>{collaboration.area}</Name> · </>}
        {collaboration.startDate && <>{t("collaboration.from")} <Day iso={collaboration.startDate} /> </>}
        {collaboration.endDate && <>{t("collaboration.to")} <Day iso={collaboration.endDate} /> </>}
        {collaboration.startDate && "· "}
        {ideaText(collaboration)}
      </p>
      {collaboration.state && !kWay.includes(collaboration.state) && (
        <p>
          <Tag tone="warn">{stateWord(collaboration.state)}</Tag> <Day iso={collaboration.stateDate} />
          {collaboration.stateReason && <> · {t("collaboration.reason")} <span dir="auto">{collaboration.stateReason}</span></>}
        </p>
      )}
    </>
  );
}

function Shown(props: PartProps) {
  const [editing, setEditing] = useState(false);
  const parts = useRef<HTMLDivElement>(null);
  const [tab, setTab] = useState(() => keptState<{ tab?: string }>({}).tab ?? "expectations");
  const collaboration = props.found.collaboration ?? {};
  const show = (to: string) => {
    setTab(to);
    keepState({ tab: to });
  };
  // To the part, also where it is shown already, further down the page.
  const goTo = (to: string) => {
    show(to);
    setTimeout(() => parts.current?.querySelector<HTMLElement>("[role=tabpanel]")?.focus());
  };
  const tabs = [
    { key: "expectations", label: t("collaboration.tab.expectations"), content: () => <Alignment {...props} /> },
    { key: "roles", label: t("collaboration.tab.roles"), content: () => <Tasks {...props} /> },
    { key: "parties", label: t("collaboration.tab.parties"), content: () => <Parties {...props} /> },
    { key: "reached", label: t("collaboration.tab.reached"), content: () => <Reached {...props} /> },
  ];
  return (
    <Page title={collaboration.title ?? ""} heading={<Name>{collaboration.title}</Name>} wide
          actions={isEmployee() && <Button kind="secondary" onClick={() => setEditing(true)}>{t("collaboration.edit.open")}</Button>}>
      <Facts {...props} />
      <Way state={collaboration.state} />
      <Moves {...props} onEdit={() => setEditing(true)} onTab={goTo} />
      <div ref={parts}>
        <Tabs label={t("collaboration.tabs")} tabs={tabs} selected={tab} onSelect={show} />
      </div>
      {editing && <Edit {...props} onClose={() => setEditing(false)} />}
    </Page>
  );
}

export function Collaboration({ id }: { id: string }) {
  const answer = useCall("collab.v1.CollaborationService/GetCollaboration", { collaborationId: id });
  const back = <p><Link to="/samarbejder">{t("collaboration.back")}</Link></p>;
  if (answer.data) return <>{back}<Trouble error={answer.error} retry={answer.reload} /><Shown found={answer.data} reload={answer.reload} /></>;
  return (
    <Page title={t("collaboration.title")}>
      {answer.loading && <Loading />}
      <Trouble error={answer.error} retry={answer.reload} />
      {back}
    </Page>
  );
}
