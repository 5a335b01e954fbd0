// What the volunteer centre proposed to others, and where that stands: it is told no more of it.
import { useState } from "preact/hooks";
import type { CollaborationProposalJson } from "../../gen/brobygger/collab/v1/collaboration_calls_pb";
import { Alert } from "../../parts/Alert";
import { Button } from "../../parts/Button";
import { Day } from "../../parts/Day";
import { Empty } from "../../parts/Empty";
import { Link } from "../../parts/Link";
import { Loading } from "../../parts/Loading";
import { Name } from "../../parts/Name";
import { Page } from "../../parts/Page";
import type { Picked } from "../../parts/PickAssociations";
import { Tag, type Tone } from "../../parts/Tag";
import { Trouble } from "../../parts/Trouble";
import { useCall } from "../../state/hooks";
import { keepState, keptState } from "../../state/router";
import { session } from "../../state/session";
import { t } from "../../state/texts";
import { stateWord } from "../collaborations/words";
import { Propose } from "./Propose";

const kTones: Record<string, Tone> = {
  COLLABORATION_STATE_AGREED: "good", COLLABORATION_STATE_ACTIVE: "good", COLLABORATION_STATE_PAUSED: "warn", COLLABORATION_STATE_DROPPED: "neutral",
};

interface Kept {
  // Begins a new one with this association.
  association?: Picked;
}

function Item({ proposal }: { proposal: CollaborationProposalJson }) {
  const names = proposal.associationNames ?? [];
  return (
    <li class="card card-brand">
      <div class="row row-between">
        <h2 class="hit-name"><Name>{proposal.title}</Name></h2>
        <Tag tone={kTones[proposal.state ?? ""]}>{stateWord(proposal.state)}</Tag>
      </div>
      <p>{names.map((each, i) => <span key={each}>{i > 0 && ", "}<Name>{each}</Name></span>)}</p>
      <p class="small muted">
        {t("proposals.proposed")} <Day iso={proposal.createTime} /> · {t("proposals.since", { state: stateWord(proposal.state) })} <Day iso={proposal.stateDate} />
      </p>
    </li>
  );
}

export function Proposals() {
  const [given] = useState(() => keptState<Kept>({}).association);
  const [proposing, setProposing] = useState(given !== undefined);
  const [sent, setSent] = useState(false);
  const list = useCall("collab.v1.CollaborationService/ListProposals", {});
  const proposals = list.data?.proposals ?? [];
  const close = () => {
    setProposing(false);
    keepState({});
  };
  const done = () => {
    close();
    setSent(true);
    list.reload();
  };
  const open = () => {
    setSent(false);
    setProposing(true);
  };
  const propose = session.has("collaborations.propose") && !proposing && <Button onClick={open}>{t("proposals.propose")}</Button>;
  return (
    <Page title={t("nav.proposals")} lead={t("proposals.lead")} actions={proposals.length > 0 && propose}>
      {sent && <Alert tone="success" title={t("proposals.sent")} announce>{t("proposals.sentText")}</Alert>}
      {proposing && <Propose given={sent ? undefined : given} onClose={close} onDone={done} />}
      <Trouble error={list.error} retry={list.reload} />
      {!list.data && list.loading && <Loading />}
      {list.data && proposals.length === 0 && !proposing && (
        <Empty title={t("proposals.none")} action={<div class="row">{propose}<Link class="button button-secondary" to="/foreninger">{t("proposals.find")}</Link></div>}>
          {t("proposals.noneText")}
        </Empty>
      )}
      <ul class="plain">{proposals.map((each) => <Item key={each.collaborationId} proposal={each} />)}</ul>
    </Page>
  );
}
