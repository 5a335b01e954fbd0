// What may be written of a collaboration itself. Where somebody else saved first, both are shown.
import { useState } from "preact/hooks";
import type { CollaborationJson } from "../../gen/brobygger/collab/v1/collaboration_pb";
import { call } from "../../api/client";
import { Button } from "../../parts/Button";
import { Conflict } from "../../parts/Conflict";
import { Dialog } from "../../parts/Dialog";
import { Field } from "../../parts/Field";
import { TextArea } from "../../parts/TextArea";
import { TextInput } from "../../parts/TextInput";
import { Trouble } from "../../parts/Trouble";
import { useDraft } from "../../parts/use_draft";
import { requestId, useWrite } from "../../state/hooks";
import { language, t, type TextKey } from "../../state/texts";
import type { PartProps } from "./One";

interface Typed {
  title: string;
  aim: string;
  area: string;
  startDate: string;
  endDate: string;
}

const kFields: [keyof Typed, string, TextKey][] = [
  ["title", "title", "collaborations.new.title"], ["aim", "aim", "collaborations.new.aim"], ["area", "area", "collaboration.edit.area"],
  ["startDate", "start_date", "collaboration.edit.start"], ["endDate", "end_date", "collaboration.edit.end"],
];

// The aim is edited in the person's language; those in others are kept.
const typedOf = (collaboration: CollaborationJson): Typed => ({
  title: collaboration.title ?? "", aim: collaboration.aim?.byLanguage?.[language.value] ?? "", area: collaboration.area ?? "",
  startDate: collaboration.startDate ?? "", endDate: collaboration.endDate ?? "",
});

function Inputs({ value, set }: { value: Typed; set: (fields: Partial<Typed>) => void }) {
  return (
    <>
      <Field label={t("collaborations.new.title")} wide>
        <TextInput value={value.title} onValue={(title) => set({ title })} required maxLength={200} />
      </Field>
      <Field label={t("collaborations.new.aim")} hint={t("collaborations.new.aimHint")} wide>
        <TextArea value={value.aim} onValue={(aim) => set({ aim })} maxLength={2000} />
      </Field>
      <Field label={t("collaboration.edit.area")} optional>
        <TextInput value={value.area} onValue={(area) => set({ area })} maxLength={200} />
      </Field>
      <div class="row row-end">
        <Field label={t("collaboration.edit.start")} optional>
          <TextInput type="date" value={value.startDate} onValue={(startDate) => set({ startDate })} />
        </Field>
        <Field label={t("collaboration.edit.end")} optional>
          <TextInput type="date" value={value.endDate} onValue={(endDate) => set({ endDate })} />
        </Field>
      </div>
    </>
  );
}

export function Edit({ found, reload, onClose }: PartProps & { onClose: () => void }) {
  const [base] = useState(found.collaboration ?? {});
  const draft = useDraft(typedOf(base));
  const [theirs, setTheirs] = useState<CollaborationJson>();
  const { run, busy, error, clear } = useWrite("collab.v1.CollaborationService/UpdateCollaboration");
  const changed = kFields.filter(([name]) => draft.value[name] !== typedOf(base)[name]);
  const done = () => {
    draft.reset();
    reload();
    onClose();
  };
  const save = async (over: CollaborationJson) => {
    const { aim, ...rest } = draft.value;
    const collaboration = { ...rest, id: base.id, etag: over.etag, aim: { byLanguage: { ...over.aim?.byLanguage, [language.value]: aim } } };
    const answer = await run({ collaboration, updateMask: changed.map(([, path]) => path).join(","), requestId: requestId() });
    if (answer) done();
    return answer;
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (changed.length === 0) return onClose();
    if (await save(base)) return;
    // Nobody else's words are lost: what is there now is shown beside what was typed.
    const now = await call("collab.v1.CollaborationService/GetCollaboration", { collaborationId: base.id }).catch(() => undefined);
    if (now?.collaboration && now.collaboration.etag !== base.etag) setTheirs(now.collaboration);
  };
  if (theirs && error?.reason === "ETAG_MISMATCH") {
    const rows = changed.map(([name, , label]) => ({ label: t(label), theirs: typedOf(theirs)[name], mine: draft.value[name] }));
    const back = () => {
      clear();
      setTheirs(undefined);
    };
    return <Conflict rows={rows} busy={busy} onMine={() => void save(theirs)} onTheirs={done} onClose={back} />;
  }
  const leave = () => {
    if (!draft.dirty || confirm(t("common.leave"))) onClose();
  };
  return (
    <Dialog title={t("collaboration.edit.title")} onClose={leave}>
      <form onSubmit={submit}>
        <Inputs value={draft.value} set={draft.set} />
        <Trouble error={error} />
        <Button type="submit" busy={busy}>{t("common.save")}</Button>
      </form>
    </Dialog>
  );
}
