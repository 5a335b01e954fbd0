// The first contact, written down. What is typed stays until it is saved, also when the dialog is
// closed meanwhile.
import { useState } from "preact/hooks";
import { Button } from "../../parts/Button";
import { Field } from "../../parts/Field";
import { Select } from "../../parts/Select";
import { TextArea } from "../../parts/TextArea";
import { TextInput } from "../../parts/TextInput";
import { Trouble } from "../../parts/Trouble";
import { today } from "../../parts/today";
import { useDraft } from "../../parts/use_draft";
import type { TouchpointJson } from "../../gen/brobygger/contact/v1/touchpoint_pb";
import { requestId, useWrite } from "../../state/hooks";
import { t, word } from "../../state/texts";

const kChannels = ["MEETING", "VISIT", "PHONE", "EMAIL", "DIGITAL_POST", "MESSAGE", "EVENT", "LETTER"];
const kPurposes = ["COLLABORATION", "INVITATION", "ADVICE", "GRANT", "PREMISES", "RESOURCE_CHECK", "COURSE", "SUPERVISION", "OTHER"];
const kInitiators = ["MUNICIPALITY", "ASSOCIATION", "VOLUNTEER_CENTRE", "OTHER"];
const kOutcomes = ["AGREED", "FOLLOW_UP", "INFORMED", "NO_ANSWER", "NO_SHOW", "DECLINED"];

interface Typed {
  departmentId: string;
  date: string;
  channel: string;
  purpose: string;
  initiator: string;
  outcome: string;
  ourRole: string;
  summary: string;
  followUp: string;
  // The same for every attempt, so that the contact is written down once.
  requestId: string;
}

// By association. In memory only: what somebody typed of others is not left in the browser.
const drafts = new Map<string, Typed>();

function beginning(departmentId: string): Typed {
  return {
    departmentId, date: today(), channel: "PHONE", purpose: "", initiator: "MUNICIPALITY", outcome: "",
    ourRole: "", summary: "", followUp: "", requestId: requestId(),
  };
}

function toTouchpoint(associationId: string, typed: Typed): TouchpointJson {
  const value = (prefix: string, word: string) => (word ? `${prefix}_${word}` : undefined);
  return {
    associationId, departmentId: typed.departmentId, date: typed.date,
    channel: value("CONTACT_CHANNEL", typed.channel), purpose: value("CONTACT_PURPOSE", typed.purpose),
    initiator: value("CONTACT_INITIATOR", typed.initiator), outcome: value("CONTACT_OUTCOME", typed.outcome),
    ourRole: typed.ourRole.trim(), summary: typed.summary.trim(),
    followUp: typed.followUp ? { date: typed.followUp } : undefined,
  } as TouchpointJson;
}

function options(values: string[], section: string, none?: string) {
  const all = values.map((value) => ({ value, label: word(`${section}.${value}`, value) }));
  return none ? [{ value: "", label: none }, ...all] : all;
}

interface Props {
  associationId: string;
  departments: { id: string; name: string }[];
  departmentId: string;
  onBack: () => void;
  onDone: () => void;
}

// What is typed, and what saves it.
function useContact({ associationId, departmentId, onDone }: Props) {
  const [first] = useState(() => drafts.get(associationId) ?? beginning(departmentId));
  const draft = useDraft(first);
  const [tried, setTried] = useState(false);
  const write = useWrite("contact.v1.ContactService/AddTouchpoint");
  const typed = draft.value;
  const set = (fields: Partial<Typed>) => {
    drafts.set(associationId, { ...typed, ...fields });
    draft.set(fields);
  };
  const save = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (!typed.departmentId || !typed.date) {
      const form = event.currentTarget as HTMLFormElement;
      // After the errors are drawn: to the first of them.
      requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      return;
    }
    if (!(await write.run({ touchpoint: toTouchpoint(associationId, typed), requestId: typed.requestId }))) return;
    drafts.delete(associationId);
    draft.reset();
    onDone();
  };
  return { typed, set, save, tried, write };
}

export function ContactForm(props: Props) {
  const { departments, onBack } = props;
  const { typed, set, save, tried, write } = useContact(props);
  const select = (field: "channel" | "purpose" | "initiator" | "outcome", values: string[], section: string, none?: string) => (
    <Field label={t(`gettingStarted.form.${field}`)}>
      <Select value={typed[field]} onValue={(to) => set({ [field]: to })} options={options(values, section, none)} />
    </Field>
  );
  const untold = t("gettingStarted.form.untold");
  const missing = (value: string) => (tried && !value ? t("gettingStarted.form.missing") : undefined);
  return (
    <form class="contact-form" onSubmit={save} noValidate>
      <div class="contact-fields">
        <Field label={t("gettingStarted.form.department")} error={missing(typed.departmentId)}>
          <Select value={typed.departmentId} onValue={(to) => set({ departmentId: to })}
                  options={[{ id: "", name: t("gettingStarted.form.choose") }, ...departments].map(({ id, name }) => ({ value: id, label: name }))} />
        </Field>
        <Field label={t("gettingStarted.form.date")} error={missing(typed.date)}><TextInput type="date" value={typed.date} onValue={(date) => set({ date })} /></Field>
        {select("channel", kChannels, "whoKnows.channel")}
        {select("initiator", kInitiators, "gettingStarted.initiator", untold)}
        {select("purpose", kPurposes, "whoKnows.purpose", untold)}
        {select("outcome", kOutcomes, "gettingStarted.outcome", untold)}
        <Field label={t("gettingStarted.form.ourRole")} hint={t("gettingStarted.form.ourRoleHint")} optional>
          <TextInput value={typed.ourRole} maxLength={80} onValue={(ourRole) => set({ ourRole })} />
        </Field>
        <Field label={t("gettingStarted.form.followUp")} hint={t("gettingStarted.form.followUpHint")} optional>
          <TextInput type="date" value={typed.followUp} onValue={(followUp) => set({ followUp })} />
        </Field>
      </div>
      <Field label={t("gettingStarted.form.summary")} hint={t("gettingStarted.form.summaryHint")} optional wide>
        <TextArea value={typed.summary} maxLength={500} rows={3} onValue={(summary) => set({ summary })} />
      </Field>
      <Trouble error={write.error} />
      <div class="dialog-actions">
        <Button type="submit" busy={write.busy}>{t("gettingStarted.form.save")}</Button>
        <Button kind="secondary" onClick={onBack}>{t("gettingStarted.form.back")}</Button>
      </div>
    </form>
  );
}

export const hasDraft = (associationId: string): boolean => drafts.has(associationId);
