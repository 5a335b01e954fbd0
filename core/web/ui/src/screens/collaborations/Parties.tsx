// Who takes part, and what each does in it.
import { useState } from "preact/hooks";
import type { CollaborationSideJson, PartyJson, PartyRoleJson } from "../../gen/brobygger/collab/v1/collaboration_pb";
import { Button } from "../../parts/Button";
import { Checkbox } from "../../parts/Checkbox";
import { Day } from "../../parts/Day";
import { Field } from "../../parts/Field";
import { Link } from "../../parts/Link";
import { Name } from "../../parts/Name";
import { PickAssociations, type Picked } from "../../parts/PickAssociations";
import { Select } from "../../parts/Select";
import { Tag } from "../../parts/Tag";
import { TextInput } from "../../parts/TextInput";
import { Trouble } from "../../parts/Trouble";
import { departmentOptions } from "../../parts/use_departments";
import { useMunicipality } from "../../parts/useMunicipality";
import { requestId, useWrite } from "../../state/hooks";
import { t } from "../../state/texts";
import type { PartProps } from "./One";
import { isEmployee, kAssociation, kMunicipality, roleWord, sideOptions, sideWord } from "./words";

const kRoles: PartyRoleJson[] = [
  "PARTY_ROLE_LEAD", "PARTY_ROLE_EXECUTES", "PARTY_ROLE_CONTRIBUTES", "PARTY_ROLE_FACILITATES", "PARTY_ROLE_HOSTS", "PARTY_ROLE_IS_INFORMED",
];

function Roles({ roles, onRoles }: { roles: PartyRoleJson[]; onRoles: (roles: PartyRoleJson[]) => void }) {
  return (
    <fieldset class="field">
      <legend class="form-label">{t("collaboration.party.does")}</legend>
      <div class="choices-inline">
        {kRoles.map((role) => (
          <Checkbox key={role} label={roleWord(role)} checked={roles.includes(role)}
                    onValue={(on) => onRoles(on ? [...roles, role] : roles.filter((each) => each !== role))} />
        ))}
      </div>
    </fieldset>
  );
}

function Item({ party, busy, onRoles, onLeave }: {
  party: PartyJson; busy: boolean; onRoles: (roles: PartyRoleJson[]) => Promise<boolean>; onLeave: () => void;
}) {
  const [roles, setRoles] = useState<PartyRoleJson[]>();
  const name = <Name>{party.title}</Name>;
  const save = async () => {
    if (roles && (await onRoles(roles))) setRoles(undefined);
  };
  return (
    <li class="card">
      <div class="row row-between">
        <div>
          <strong>{party.associationId ? <Link to={`/foreninger/${party.associationId}`}>{name}</Link> : name}</strong>
          <p class="muted small party-side">
            {sideWord(party.side)}{party.leftDate && <> · {t("collaboration.party.left")} <Day iso={party.leftDate} /></>}
          </p>
          <div class="labels">{(party.roles ?? []).map((role) => <Tag key={role}>{roleWord(role)}</Tag>)}</div>
        </div>
        {isEmployee() && !party.leftDate && !roles && (
          <div class="row">
            <Button kind="tertiary" onClick={() => setRoles(party.roles ?? [])}>{t("collaboration.party.change")}</Button>
            <Button kind="tertiary" disabled={busy} onClick={onLeave}>{t("collaboration.party.leave")}</Button>
          </div>
        )}
      </div>
      {roles && (
        <>
          <Roles roles={roles} onRoles={setRoles} />
          <div class="row">
            <Button busy={busy} onClick={() => void save()}>{t("common.save")}</Button>
            <Button kind="tertiary" onClick={() => setRoles(undefined)}>{t("common.cancel")}</Button>
          </div>
        </>
      )}
    </li>
  );
}

function Add({ busy, onAdd }: { busy: boolean; onAdd: (party: PartyJson) => Promise<boolean> }) {
  const { departments = [] } = useMunicipality();
  const [side, setSide] = useState<CollaborationSideJson>(kAssociation);
  const [departmentId, setDepartment] = useState("");
  const [picked, setPicked] = useState<Picked[]>([]);
  const [title, setTitle] = useState("");
  const [roles, setRoles] = useState<PartyRoleJson[]>([]);
  const party: PartyJson = side === kMunicipality ? { side, roles, departmentId }
    : side === kAssociation ? { side, roles, associationId: picked[0]?.id } : { side, roles, title };
  const ready = Boolean(party.departmentId || party.associationId || party.title);
  const add = async (event: Event) => {
    event.preventDefault();
    if (!ready || !(await onAdd(party))) return;
    setPicked([]);
    setTitle("");
    setRoles([]);
  };
  return (
    <form onSubmit={add} class="form-below">
      <h3>{t("collaboration.party.add")}</h3>
      <Field label={t("collaboration.party.side")}>
        <Select value={side} onValue={(to) => setSide(to as CollaborationSideJson)} options={sideOptions()} />
      </Field>
      {side === kMunicipality && (
        <Field label={t("collaborations.filter.department")}>
          <Select value={departmentId} onValue={setDepartment} options={departmentOptions(departments, t("collaborations.pick.choose"))} />
        </Field>
      )}
      {side === kAssociation && <PickAssociations label={t("collaborations.pick.find")} chosen={picked} onChosen={setPicked} single />}
      {side !== kMunicipality && side !== kAssociation && (
        <Field label={t("collaboration.party.title")} hint={t("collaboration.party.titleHint")}>
          <TextInput value={title} onValue={setTitle} maxLength={200} />
        </Field>
      )}
      <Roles roles={roles} onRoles={setRoles} />
      <Button type="submit" kind="secondary" busy={busy} disabled={!ready}>{t("collaboration.party.add")}</Button>
    </form>
  );
}

export function Parties({ found, reload }: PartProps) {
  const collaborationId = found.collaboration?.id;
  const add = useWrite("collab.v1.CollaborationService/AddParty");
  const remove = useWrite("collab.v1.CollaborationService/RemoveParty");
  const put = async (party: PartyJson): Promise<boolean> => {
    const answer = await add.run({ collaborationId, party, requestId: requestId() });
    if (answer) reload();
    return Boolean(answer);
  };
  const leave = async (party: PartyJson) => {
    if (!confirm(t("collaboration.party.leaveAsk", { name: party.title ?? "" }))) return;
    if (await remove.run({ collaborationId, partyId: party.id, requestId: requestId() })) reload();
  };
  return (
    <>
      <h2>{t("collaboration.tab.parties")}</h2>
      <Trouble error={add.error ?? remove.error} />
      <ul class="plain">
        {(found.collaboration?.parties ?? []).map((party) => (
          <Item key={party.id} party={party} busy={add.busy || remove.busy} onLeave={() => void leave(party)}
                onRoles={(roles) => put({ side: party.side, departmentId: party.departmentId, associationId: party.associationId,
                                          title: party.departmentId || party.associationId ? undefined : party.title, roles })} />
        ))}
      </ul>
      {isEmployee() && <Add busy={add.busy} onAdd={put} />}
    </>
  );
}
