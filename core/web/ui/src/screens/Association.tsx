// One association: what it is and does, who knows it, and who said so.
import { useEffect, useState } from "preact/hooks";
import { Alert } from "../parts/Alert";
import { Button } from "../parts/Button";
import { Link } from "../parts/Link";
import { Loading } from "../parts/Loading";
import { Name } from "../parts/Name";
import { Page } from "../parts/Page";
import { Tabs, type Tab } from "../parts/Tabs";
import { Trouble } from "../parts/Trouble";
import { useCall } from "../state/hooks";
import { keepState, keptState, navigate } from "../state/router";
import { session } from "../state/session";
import { t } from "../state/texts";
import { Contacts } from "./association/Contacts";
import { Edit } from "./association/Edit";
import { History } from "./association/History";
import { Invite } from "./association/Invite";
import { Known } from "./association/Known";
import { Money } from "./association/Money";
import { Names } from "./association/Names";
import { Overview } from "./association/Overview";
import { useSourceNames } from "./association/said";

// What this person can begin from here.
function Actions({ id, name, onEdit, onInvite }: { id: string; name: string; onEdit: () => void; onInvite: () => void }) {
  const propose = () => navigate("/samarbejder", { state: { associationId: id } });
  const suggest = () => navigate("/forslag", { state: { association: { id, name } } });
  return (
    <>
      {session.has("collaborations.write") && <Button kind="secondary" onClick={propose}>{t("collaborations.create")}</Button>}
      {session.has("collaborations.propose") && <Button onClick={suggest}>{t("proposals.propose")}</Button>}
      {session.has("collaborations.read") && <Link class="button button-secondary" to={`/ressourcetjek/${id}`}>{t("resourceCheck.title")}</Link>}
      {session.has("registry.write") && <Button kind="secondary" onClick={onInvite}>{t("association.invite.open")}</Button>}
      {session.has("registry.write") && <Button kind="secondary" onClick={onEdit}>{t("common.edit")}</Button>}
    </>
  );
}

export default function Association({ id }: { id: string }) {
  const told = useCall("registry.v1.RegistryService/GetAssociation", { associationId: id });
  const [editing, setEditing] = useState(false);
  const [inviting, setInviting] = useState(false);
  const [kept, setKept] = useState(keptState({ tab: "overview" }));
  const nameOf = useSourceNames();
  const association = told.data?.association;
  const name = association?.officialName ?? "";
  useEffect(() => keepState(kept), [kept]);
  if (!association) {
    return <Page title={t("nav.associations")} wide>{told.error ? <Trouble error={told.error} retry={told.reload} /> : <Loading />}</Page>;
  }
  const tabs: Tab[] = [
    { key: "overview", label: t("association.tabs.overview"), content: () => <Overview association={association} nameOf={nameOf} /> },
    { key: "known", label: t("association.tabs.known"), content: () => <Known id={id} name={name} /> },
    { key: "contacts", label: t("association.tabs.contacts"), content: () => <Contacts id={id} /> },
    { key: "money", label: t("association.tabs.money"), content: () => <Money id={id} /> },
    { key: "names", label: t("association.tabs.names"), content: () => <Names association={association} nameOf={nameOf} /> },
    { key: "history", label: t("association.tabs.history"), content: () => <History id={id} /> },
  ];
  const needs: Record<string, string> = { known: "discovery.read", contacts: "people.read", money: "grants.read" };
  const isShown = (key: string) => (!needs[key] || session.has(needs[key])) && (key !== "history" || session.seesInternal);
  const shown = tabs.filter((tab) => isShown(tab.key));
  const gone = Boolean(association.deleteTime);
  return (
    <Page title={name} heading={<Name>{name}</Name>} wide
          actions={!gone && <Actions id={id} name={name} onEdit={() => setEditing(true)} onInvite={() => setInviting(true)} />}>
      <Trouble error={told.error} retry={told.reload} />
      {association.mergedIntoAssociationId ? (
        <Alert tone="warning" title={t("association.merged")}>
          <Link to={`/foreninger/${association.mergedIntoAssociationId}`}>{t("association.mergedInto")}</Link>
        </Alert>
      ) : gone && <Alert tone="warning" title={t("association.deleted")} />}
      <Tabs label={name} tabs={shown} selected={kept.tab} onSelect={(tab) => setKept({ tab })} />
      {editing && <Edit association={association} onClose={() => setEditing(false)} onSaved={told.reload} />}
      {inviting && <Invite id={id} name={name} onClose={() => setInviting(false)} />}
    </Page>
  );
}
