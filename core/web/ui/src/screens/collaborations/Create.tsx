// The form for a new one: by an employee, or proposed by an association.
import { useEffect } from "preact/hooks";
import type { PartyJson } from "../../gen/brobygger/collab/v1/collaboration_pb";
import { Button } from "../../parts/Button";
import { Checkbox } from "../../parts/Checkbox";
import { Field } from "../../parts/Field";
import { FormHeading } from "../../parts/FormHeading";
import { PickAssociations, type Picked } from "../../parts/PickAssociations";
import { TextArea } from "../../parts/TextArea";
import { TextInput } from "../../parts/TextInput";
import { Trouble } from "../../parts/Trouble";
import { useMunicipality } from "../../parts/useMunicipality";
import { useDraft } from "../../parts/use_draft";
import { requestId, useCall, useWrite } from "../../state/hooks";
import { navigate } from "../../state/router";
import { session } from "../../state/session";
import { language, t } from "../../state/texts";
import { kAssociation, kMunicipality } from "./words";

interface Typed {
  title: string;
  aim: string;
  departments: string[];
  associations: Picked[];
}

function Departments({ chosen, onChosen }: { chosen: string[]; onChosen: (ids: string[]) => void }) {
  const { departments = [], error } = useMunicipality();
  return (
    <fieldset class="field">
      <legend class="form-label">{t("collaborations.new.departments")}</legend>
      <Trouble error={error} />
      {departments.map((each) => (
        <Checkbox key={each.id} label={each.officialName} checked={chosen.includes(each.id ?? "")}
                  onValue={(on) => onChosen(on ? [...chosen, each.id ?? ""] : chosen.filter((id) => id !== each.id))} />
      ))}
    </fieldset>
  );
}

// The association that the form begins with, once its name is known.
function useGiven(associationId: string | undefined): Picked[] {
  const { data } = useCall("registry.v1.RegistryService/GetAssociation", associationId ? { associationId } : undefined);
  const name = data?.association?.officialName;
  return associationId && name ? [{ id: associationId, name }] : [];
}

export function Create({ associationId, onClose }: { associationId?: string; onClose: () => void }) {
  const me = session.me.value;
  // An association that proposes one is a party without being named.
  const given = useGiven(me?.associationId ? undefined : associationId);
  const draft = useDraft<Typed>({ title: "", aim: "", departments: me?.departmentId ? [me.departmentId] : [], associations: [] });
  const { title, aim, departments, associations } = draft.value;
  const { run, busy, error } = useWrite("collab.v1.CollaborationService/CreateCollaboration");
  useEffect(() => {
    if (given[0] && !associations.some((each) => each.id === given[0]?.id)) draft.set({ associations: [...associations, given[0]] });
  }, [given[0]?.name]);
  const save = async (event: Event) => {
    event.preventDefault();
    const parties: PartyJson[] = [
      ...departments.map((departmentId) => ({ side: kMunicipality, departmentId })),
      ...associations.map((each) => ({ side: kAssociation, associationId: each.id })),
    ];
    const collaboration = { title, aim: aim ? { byLanguage: { [language.value]: aim } } : undefined };
    const answer = await run({ collaboration, parties, requestId: requestId() });
    if (!answer) return;
    draft.reset();
    // Once the draft no longer asks before leaving.
    setTimeout(() => navigate(`/samarbejder/${answer.collaboration?.id}`));
  };
  return (
    <form class="card card-brand form-card" onSubmit={save}>
      <FormHeading>{t(me?.associationId ? "collaborations.propose" : "collaborations.create")}</FormHeading>
      <Field label={t("collaborations.new.title")} hint={t("collaborations.new.titleHint")}>
        <TextInput value={title} onValue={(to) => draft.set({ title: to })} required maxLength={200} />
      </Field>
      <Field label={t("collaborations.new.aim")} hint={t("collaborations.new.aimHint")} optional>
        <TextArea value={aim} onValue={(to) => draft.set({ aim: to })} maxLength={2000} />
      </Field>
      {!me?.associationId && (
        <PickAssociations label={t("collaborations.new.associations")} chosen={associations} onChosen={(to) => draft.set({ associations: to })} />
      )}
      <Departments chosen={departments} onChosen={(to) => draft.set({ departments: to })} />
      <Trouble error={error} />
      <div class="row">
        <Button type="submit" busy={busy}>{t("collaborations.new.save")}</Button>
        <Button kind="tertiary" onClick={onClose}>{t("common.cancel")}</Button>
      </div>
    </form>
  );
}
