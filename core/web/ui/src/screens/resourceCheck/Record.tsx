// The form for a new round: the same for an association, a department and a municipality.
import { Fragment } from "preact";
import type { ResourceCheckModeJson } from "../../gen/brobygger/collab/v1/resource_check_pb";
import { Button } from "../../parts/Button";
import { Checkbox } from "../../parts/Checkbox";
import { Choice } from "../../parts/Choice";
import { Field } from "../../parts/Field";
import { FormHeading } from "../../parts/FormHeading";
import { Loading } from "../../parts/Loading";
import { Scale } from "../../parts/Scale";
import { TextArea } from "../../parts/TextArea";
import { TextInput } from "../../parts/TextInput";
import { today } from "../../parts/today";
import { Trouble } from "../../parts/Trouble";
import { useDraft } from "../../parts/use_draft";
import { requestId, useCall, useWrite } from "../../state/hooks";
import { t } from "../../state/texts";
import type { Subject } from "./subject";
import { kAssociation, kModes, modeWord, statementText, topicText } from "./words";

interface Typed {
  date: string;
  mode: ResourceCheckModeJson;
  shared: boolean;
  nextSteps: string;
  scores: Record<string, number>;
}

interface Props {
  subject: Subject;
  first: boolean;
  onDone: () => void;
  onClose: () => void;
}

function About({ subject, typed, set }: { subject: Subject; typed: Typed; set: (fields: Partial<Typed>) => void }) {
  const sharing = subject.kind === kAssociation ? "resourceCheck.sharedWithMunicipality" : "resourceCheck.sharedWithAssociations";
  return (
    <>
      <Field label={t("resourceCheck.nextLabel")} hint={t("resourceCheck.nextLabelHint")} optional wide>
        <TextArea value={typed.nextSteps} onValue={(nextSteps) => set({ nextSteps })} maxLength={2000} />
      </Field>
      <Field label={t("resourceCheck.day")}>
        <TextInput type="date" value={typed.date} max={today()} onValue={(date) => set({ date })} required />
      </Field>
      <Choice label={t("resourceCheck.how")} value={typed.mode} onValue={(mode) => set({ mode: mode as ResourceCheckModeJson })}
              options={kModes.map((value) => ({ value, label: modeWord(value) }))} />
      {subject.own
        ? <Checkbox label={t("resourceCheck.shareNow", { who: t(sharing).toLowerCase() })} hint={t("resourceCheck.shareHint")}
                    checked={typed.shared} onValue={(shared) => set({ shared })} />
        : <Checkbox label={t("resourceCheck.agreed")} hint={t("resourceCheck.agreedHint")} checked={typed.shared} onValue={(shared) => set({ shared })} />}
    </>
  );
}

export function Record({ subject, first, onDone, onClose }: Props) {
  const asked = useCall("collab.v1.ResourceCheckService/ListResourceStatements", { subject: subject.kind });
  const draft = useDraft<Typed>({ date: today(), mode: "RESOURCE_CHECK_MODE_SELF", shared: false, nextSteps: "", scores: {} });
  const { run, busy, error } = useWrite("collab.v1.ResourceCheckService/RecordResourceCheck");
  const { scores, ...about } = draft.value;
  const statements = asked.data?.statements ?? [];
  const answered = statements.filter((each) => (scores[each.id ?? ""] ?? 0) > 0).length;
  const save = async (event: Event) => {
    event.preventDefault();
    const resourceCheck = {
      ...about, subject: subject.kind, subjectId: subject.id, statementsVersion: asked.data?.statementsVersion,
      scores: statements.map((each) => ({ statementId: each.id, score: scores[each.id ?? ""] ?? 0 })),
    };
    if (!(await run({ resourceCheck, requestId: requestId() }))) return;
    draft.reset();
    onDone();
  };
  if (!asked.data) return asked.error ? <Trouble error={asked.error} retry={asked.reload} /> : <Loading />;
  return (
    <form class="card card-brand form-card" onSubmit={save}>
      <FormHeading>{t(first ? "resourceCheck.recordFirst" : "resourceCheck.record")}</FormHeading>
      <p>{t("resourceCheck.recordHint")}</p>
      {statements.map((each, i) => (
        <Fragment key={each.id}>
          {each.topic !== statements[i - 1]?.topic && <h3>{topicText(each.topic ?? "")}</h3>}
          <Scale name={each.id ?? ""} legend={statementText(each)} value={scores[each.id ?? ""] ?? 0} words={t("resourceCheck.scale").split("/")}
                 onChange={(score) => draft.set({ scores: { ...scores, [each.id ?? ""]: score } })} />
        </Fragment>
      ))}
      <About subject={subject} typed={draft.value} set={draft.set} />
      <Trouble error={error} />
      <p aria-live="polite">{t("resourceCheck.answeredOf", { n: answered, of: statements.length })}</p>
      <div class="row">
        <Button type="submit" busy={busy} disabled={answered === 0 || (!subject.own && !about.shared)}>{t("resourceCheck.save")}</Button>
        <Button kind="tertiary" onClick={onClose}>{t("common.cancel")}</Button>
      </div>
    </form>
  );
}
