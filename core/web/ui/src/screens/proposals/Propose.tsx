// The form with which a volunteer centre has an idea for others.
import { Button } from "../../parts/Button";
import { Field } from "../../parts/Field";
import { FormHeading } from "../../parts/FormHeading";
import { PickAssociations, type Picked } from "../../parts/PickAssociations";
import { Select } from "../../parts/Select";
import { TextArea } from "../../parts/TextArea";
import { TextInput } from "../../parts/TextInput";
import { Trouble } from "../../parts/Trouble";
import { departmentOptions, useDepartments } from "../../parts/use_departments";
import { useDraft } from "../../parts/use_draft";
import { requestId, useWrite } from "../../state/hooks";
import { session } from "../../state/session";
import { language, t } from "../../state/texts";

const kCentre = "centre";

// What the centre is called: as it was written here last, else what the sign-in is called where
// that is no person's name.
function centreTitle(): string {
  const { displayName = "", demoPeople = [] } = session.info.value ?? {};
  return localStorage.getItem(kCentre) ?? (demoPeople.some((each) => each.titleDa === displayName) ? displayName : "");
}

interface Props {
  // The association that it begins with.
  given: Picked | undefined;
  onClose: () => void;
  onDone: () => void;
}

export function Propose({ given, onClose, onDone }: Props) {
  const draft = useDraft({ title: "", aim: "", centre: centreTitle(), department: "", associations: given ? [given] : [] });
  const { title, aim, centre, department, associations } = draft.value;
  const departments = useDepartments();
  const { run, busy, error } = useWrite("collab.v1.CollaborationService/ProposeCollaboration");
  const close = () => (!draft.dirty || confirm(t("common.leave"))) && (draft.reset(), onClose());
  const send = async (event: Event) => {
    event.preventDefault();
    const request = {
      title: title.trim(), aim: { byLanguage: { [language.value]: aim.trim() } }, centreTitle: centre.trim(),
      associationIds: associations.map((each) => each.id), departmentIds: department ? [department] : [], requestId: requestId(),
    };
    if (!(await run(request))) return;
    localStorage.setItem(kCentre, centre.trim());
    draft.reset();
    onDone();
  };
  return (
    <form class="card card-brand form-card" onSubmit={send}>
      <FormHeading>{t("proposals.propose")}</FormHeading>
      <p>{t("proposals.formText")}</p>
      <PickAssociations label={t(associations.length ? "proposals.more" : "proposals.which")} chosen={associations}
                        onChosen={(to) => draft.set({ associations: to })} />
      <Field label={t("collaborations.new.title")} hint={t("proposals.titleHint")} wide>
        <TextInput value={title} onValue={(to) => draft.set({ title: to })} required maxLength={200} />
      </Field>
      <Field label={t("proposals.aim")} hint={t("proposals.aimHint")} wide>
        <TextArea value={aim} onValue={(to) => draft.set({ aim: to })} required maxLength={2000} />
      </Field>
      <Field label={t("proposals.department")} hint={t("proposals.departmentHint")} optional>
        <Select value={department} onValue={(to) => draft.set({ department: to })}
                options={departmentOptions(departments.all, t("proposals.noDepartment"))} />
      </Field>
      <Field label={t("proposals.centre")} hint={t("proposals.centreHint")} wide>
        <TextInput value={centre} onValue={(to) => draft.set({ centre: to })} required maxLength={200} />
      </Field>
      <Trouble error={error} />
      <div class="row">
        <Button type="submit" busy={busy} disabled={associations.length === 0}>{t("proposals.send")}</Button>
        <Button kind="tertiary" onClick={close}>{t("common.cancel")}</Button>
      </div>
    </form>
  );
}
