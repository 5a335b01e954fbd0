// What departments and associations do together: the list.
import { useState } from "preact/hooks";
import type { CollaborationJson, CollaborationSideJson, CollaborationStateJson } from "../../gen/brobygger/collab/v1/collaboration_pb";
import { Button } from "../../parts/Button";
import { Day } from "../../parts/Day";
import { Empty } from "../../parts/Empty";
import { Field } from "../../parts/Field";
import { inLanguage } from "../../parts/in_language";
import { Link } from "../../parts/Link";
import { Loading } from "../../parts/Loading";
import { Name } from "../../parts/Name";
import { Page } from "../../parts/Page";
import { Pager } from "../../parts/Pager";
import { Select } from "../../parts/Select";
import { Tag } from "../../parts/Tag";
import { Trouble } from "../../parts/Trouble";
import { departmentOptions } from "../../parts/use_departments";
import { useMunicipality } from "../../parts/useMunicipality";
import { usePages } from "../../parts/use_pages";
import { keepState, keptState } from "../../state/router";
import { session } from "../../state/session";
import { t, word } from "../../state/texts";
import { Create } from "./Create";
import { Way } from "./Way";
import { ideaText, kAllSides, kVolunteerCentre, kWay, partiesOn, sideWord, stateWord, tasksDone } from "./words";

interface Kept {
  // Begins a new one with this association.
  associationId?: string;
  state?: string;
  department?: string;
}

function Filters({ kept, onKept }: { kept: Kept; onKept: (kept: Kept) => void }) {
  const { departments = [] } = useMunicipality();
  const states = [...kWay, "COLLABORATION_STATE_PAUSED", "COLLABORATION_STATE_DROPPED"];
  return (
    <div class="row row-end list-filters">
      <Field label={t("collaborations.filter.state")}>
        <Select value={kept.state ?? ""} onValue={(state) => onKept({ ...kept, state })}
                options={[{ value: "", label: t("common.all") }, ...states.map((value) => ({ value, label: stateWord(value) }))]} />
      </Field>
      {!session.me.value?.associationId && (
        <Field label={t("collaborations.filter.department")}>
          <Select value={kept.department ?? ""} onValue={(department) => onKept({ ...kept, department })}
                  options={departmentOptions(departments, t("common.all"))} />
        </Field>
      )}
    </div>
  );
}

function Parties({ collaboration, side }: { collaboration: CollaborationJson; side: CollaborationSideJson }) {
  const parties = partiesOn(collaboration, side);
  if (parties.length === 0) return null;
  return (
    <p class="collaboration-parties">
      <span class="muted">{sideWord(side)}</span>{" "}
      {parties.map((each, i) => <span key={each.id}>{i > 0 && ", "}<Name>{each.title}</Name></span>)}
    </p>
  );
}

function Item({ collaboration }: { collaboration: CollaborationJson }) {
  const tasks = tasksDone(collaboration);
  const next = word(`collaborations.next.${(collaboration.state ?? "").slice("COLLABORATION_STATE_".length)}`, "");
  return (
    <li class="card card-brand collaboration-item">
      <div>
        <h2><Link to={`/samarbejder/${collaboration.id}`}><Name>{collaboration.title}</Name></Link></h2>
        <p class="prose collaboration-aim">{inLanguage(collaboration.aim)}</p>
        {kAllSides.map((side) => <Parties key={side} collaboration={collaboration} side={side} />)}
        {collaboration.proposedBy === kVolunteerCentre && <p class="collaboration-parties"><Tag>{ideaText(collaboration)}</Tag></p>}
      </div>
      <div class="collaboration-stands">
        <Way state={collaboration.state} short />
        <p class="small muted">
          {t("collaborations.since")} <Day iso={collaboration.stateDate} />
          {tasks.all > 0 && ` · ${t("collaborations.tasks", { done: tasks.done, n: tasks.all })}`}
        </p>
        {next && <p class="small">{next}</p>}
      </div>
    </li>
  );
}

export function Collaborations() {
  const [kept, setKept] = useState(() => keptState<Kept>({}));
  const [creating, setCreating] = useState(kept.associationId !== undefined);
  const list = usePages("collab.v1.CollaborationService/ListCollaborations", {
    state: (kept.state || undefined) as CollaborationStateJson | undefined,
    departmentId: kept.department,
    pageSize: 20,
  });
  const keep = (to: Kept) => {
    setKept(to);
    keepState(to);
  };
  const close = () => {
    setCreating(false);
    keep({ ...kept, associationId: undefined });
  };
  const create = session.has("collaborations.write") && (
    <Button onClick={() => setCreating(true)}>{t(session.me.value?.associationId ? "collaborations.propose" : "collaborations.create")}</Button>
  );
  const found = list.data?.collaborations ?? [];
  return (
    <Page title={t("collaborations.title")} lead={t("collaborations.lead")} actions={!creating && create} wide>
      {creating && <Create associationId={kept.associationId} onClose={close} />}
      <Filters kept={kept} onKept={keep} />
      <Trouble error={list.error} retry={list.reload} />
      {list.loading && !list.data && <Loading />}
      {list.data && found.length === 0 && (
        <Empty title={t(kept.state || kept.department ? "collaborations.noneSuch" : "collaborations.none")} action={!creating && create}>
          {t("collaborations.noneHint")}
        </Empty>
      )}
      <ul class="plain">
        {found.map((each) => <Item key={each.id} collaboration={each} />)}
      </ul>
      <Pager pages={list} />
    </Page>
  );
}
