// The basic fields, changed by hand. Who saves second is shown what the first one saved.
import { useState } from "preact/hooks";
import type { AssociationJson } from "../../gen/brobygger/registry/v1/association_pb";
import type { LocalizedTextJson } from "../../gen/brobygger/registry/v1/common_pb";
import { Button } from "../../parts/Button";
import { Conflict, type ConflictRow } from "../../parts/Conflict";
import { Dialog } from "../../parts/Dialog";
import { Field } from "../../parts/Field";
import { inLanguage } from "../../parts/in_language";
import { Select } from "../../parts/Select";
import { TextArea } from "../../parts/TextArea";
import { TextInput } from "../../parts/TextInput";
import { Trouble } from "../../parts/Trouble";
import { useDraft } from "../../parts/use_draft";
import { requestId, useWrite } from "../../state/hooks";
import { t } from "../../state/texts";

const statuses = ["UNSPECIFIED", "STARTING", "ACTIVE", "DORMANT", "ENDED"] as const;

// What can be changed here, as text: a line each for what there may be several of.
function toForm(association: AssociationJson) {
  return {
    officialName: association.officialName ?? "",
    purpose: inLanguage(association.purpose),
    offers: inLanguage(association.offers),
    wishes: inLanguage(association.wishes),
    status: String(association.status ?? "ASSOCIATION_STATUS_UNSPECIFIED"),
    coverageArea: association.coverageArea ?? "",
    emails: (association.emails ?? []).join("\n"),
    phones: (association.phones ?? []).join("\n"),
    websites: (association.websites ?? []).join("\n"),
  };
}

type Form = ReturnType<typeof toForm>;

const labels = () => ({
  officialName: t("association.fields.official_name"),
  purpose: t("association.fields.purpose"),
  offers: t("association.offers"),
  wishes: t("association.wishes"),
  status: t("associations.columns.status"),
  coverageArea: t("associations.area"),
  emails: t("association.fields.emails"),
  phones: t("association.fields.phones"),
  websites: t("association.fields.websites"),
} satisfies Record<keyof Form, string>);

const lines = (text: string) => text.split("\n").map((line) => line.trim()).filter(Boolean);
const keysOf = (form: Form) => Object.keys(form) as (keyof Form)[];

// What the association says in its own words, and how long that may be.
const ownWords = { purpose: 2000, offers: 1000, wishes: 1000 } as const;
const ownWordsKeys = Object.keys(ownWords) as (keyof typeof ownWords)[];

// `text` takes the place of what the form began with; what is said in other languages is kept.
function inItsLanguage(told: LocalizedTextJson | undefined, text: string): LocalizedTextJson {
  const { ...byLanguage } = told?.byLanguage ?? {};
  const at = Object.keys(byLanguage).find((language) => byLanguage[language] === inLanguage(told)) ?? "da";
  if (text.trim()) byLanguage[at] = text.trim();
  else delete byLanguage[at];
  return { byLanguage };
}

function toAssociation(form: Form, base: AssociationJson): AssociationJson {
  return {
    id: base.id, etag: base.etag,
    officialName: form.officialName.trim(), status: form.status as AssociationJson["status"],
    ...Object.fromEntries(ownWordsKeys.map((key) => [key, inItsLanguage(base[key], form[key])])),
    coverageArea: form.coverageArea.trim(), emails: lines(form.emails), phones: lines(form.phones), websites: lines(form.websites),
  };
}

function Inputs({ value, set }: { value: Form; set: (fields: Partial<Form>) => void }) {
  const label = labels();
  return (
    <>
      <Field label={label.officialName} wide>
        <TextInput value={value.officialName} onValue={(officialName) => set({ officialName })} required maxLength={200} dir="auto" />
      </Field>
      {ownWordsKeys.map((key) => (
        <Field key={key} label={label[key]} hint={t("association.edit.purposeHint")} wide>
          <TextArea value={value[key]} onValue={(text) => set({ [key]: text })} maxLength={ownWords[key]} rows={key === "purpose" ? undefined : 3} />
        </Field>
      ))}
      <Field label={label.status}>
        <Select value={value.status} onValue={(status) => set({ status })}
                options={statuses.map((each) => ({
                  value: `ASSOCIATION_STATUS_${each}`,
                  label: each === "UNSPECIFIED" ? t("common.unknown") : t(`associations.status.${each}`),
                }))} />
      </Field>
      <Field label={label.coverageArea}>
        <TextInput value={value.coverageArea} onValue={(coverageArea) => set({ coverageArea })} maxLength={200} dir="auto" />
      </Field>
      {(["emails", "phones", "websites"] as const).map((key) => (
        <Field key={key} label={label[key]} hint={t(key === "websites" ? "association.edit.linesHint" : "association.edit.functionHint")}>
          <TextArea rows={2} value={value[key]} onValue={(text) => set({ [key]: text })} />
        </Field>
      ))}
    </>
  );
}

interface Props {
  association: AssociationJson;
  onClose: () => void;
  onSaved: () => void;
}

export function Edit({ association, onClose, onSaved }: Props) {
  const [base, setBase] = useState(association);
  const [theirs, setTheirs] = useState<AssociationJson>();
  const draft = useDraft<Form>(toForm(base));
  const write = useWrite("registry.v1.RegistryService/UpdateAssociation");
  const reread = useWrite("registry.v1.RegistryService/GetAssociation");
  // What was typed here: the other fields are left as whoever saved last has them.
  const changed = keysOf(draft.value).filter((key) => toForm(base)[key] !== draft.value[key]);
  const done = () => {
    draft.reset();
    onSaved();
    onClose();
  };
  // Saves what was typed, and only over that version.
  const save = async (over: AssociationJson) => {
    if (changed.length === 0) return done();
    const saved = await write.run({ association: toAssociation(draft.value, over), updateMask: changed.join(","), requestId: requestId() });
    if (saved) done();
  };
  // Only once it is known what the other one saved can anybody choose.
  const look = async () => setTheirs((await reread.run({ associationId: association.id }))?.association);
  const clash = write.error?.reason === "ETAG_MISMATCH";
  const rows: ConflictRow[] = theirs
    ? changed.map((key) => ({
        label: labels()[key],
        theirs: <span class="prose">{toForm(theirs)[key]}</span>,
        mine: <span class="prose">{draft.value[key]}</span>,
      }))
    : [];
  const takeTheirs = () => {
    if (theirs) setBase(theirs);
    done();
  };
  const keepMine = () => {
    if (!theirs) return;
    setTheirs(undefined);
    void save(theirs);
  };
  const close = () => (!draft.dirty || confirm(t("common.leave"))) && (draft.reset(), onClose());
  return (
    <Dialog title={t("association.edit.title")} onClose={close} wide>
      <form onSubmit={(event) => { event.preventDefault(); void save(base); }}>
        <p>{t("association.edit.text")}</p>
        <Inputs value={draft.value} set={draft.set} />
        <Trouble error={reread.error ?? write.error} />
        <div class="dialog-actions">
          {clash ? <Button busy={reread.busy} onClick={look}>{t("association.edit.look")}</Button> : <Button type="submit" busy={write.busy}>{t("common.save")}</Button>}
          <Button kind="secondary" onClick={close}>{t("common.cancel")}</Button>
        </div>
      </form>
      {theirs && <Conflict rows={rows} busy={write.busy} onMine={keepMine} onTheirs={takeTheirs} onClose={() => setTheirs(undefined)} />}
    </Dialog>
  );
}
