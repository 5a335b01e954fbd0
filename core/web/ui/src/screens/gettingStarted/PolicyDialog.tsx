// Answers a question about the municipality itself: whether there is a policy, and what it wants.
import { useState } from "preact/hooks";
import { Button } from "../../parts/Button";
import { Choice } from "../../parts/Choice";
import { Dialog } from "../../parts/Dialog";
import { Field } from "../../parts/Field";
import { Loading } from "../../parts/Loading";
import { TextArea } from "../../parts/TextArea";
import { TextInput } from "../../parts/TextInput";
import { Trouble } from "../../parts/Trouble";
import type { PolicyJson, Policy_ExistenceJson, Policy_KindJson } from "../../gen/brobygger/registry/v1/municipality_work_pb";
import { requestId, useCall, useWrite } from "../../state/hooks";
import { t } from "../../state/texts";
import { useDraft } from "../../parts/use_draft";

export type PolicyKind = "INTEGRATION" | "VOLUNTEER";
const kExistences = ["EXISTS", "IN_PREPARATION", "NONE"] as const;
const numbers = { EXISTS: 1, NONE: 2, IN_PREPARATION: 3 };

interface Props {
  code: string;
  kind: PolicyKind;
  onClose: () => void;
  onSaved: () => void;
}

function Form({ code, kind, onClose, onSaved, policy }: Props & { policy?: PolicyJson }) {
  const draft = useDraft({
    existence: (policy?.existence ?? "EXISTENCE_EXISTS") as string, title: policy?.title ?? "",
    url: policy?.url ?? "", goals: (policy?.goals ?? []).join("\n"),
  });
  const [tried, setTried] = useState(false);
  const write = useWrite("registry.v1.MunicipalityService/PutPolicy");
  const { existence, title, url, goals } = draft.value;
  const exists = existence === "EXISTENCE_EXISTS";
  const missing = exists && !title.trim();
  const save = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (missing) return;
    const saved = await write.run({
      policy: {
        ...policy, municipalityCode: code, kind: `KIND_${kind}` as Policy_KindJson, existence: existence as Policy_ExistenceJson,
        title: title.trim(), url: url.trim(), goals: goals.split("\n").map((goal) => goal.trim()).filter(Boolean),
      },
      requestId: requestId(),
    });
    if (saved) onSaved();
  };
  return (
    <form onSubmit={save}>
      <Choice label={t("gettingStarted.policyExists")} value={existence} onValue={(to) => draft.set({ existence: to })}
              options={kExistences.map((each) => ({ value: `EXISTENCE_${each}`, label: t(`gettingStarted.existence.${numbers[each] as 1 | 2 | 3}`) }))} />
      <Field label={t("gettingStarted.policyTitle")} optional={!exists} error={tried && missing ? t("gettingStarted.policyTitleMissing") : undefined}>
        <TextInput value={title} maxLength={200} onValue={(to) => draft.set({ title: to })} />
      </Field>
      <Field label={t("gettingStarted.policyUrl")} optional><TextInput type="url" value={url} onValue={(to) => draft.set({ url: to })} /></Field>
      <Field label={t("gettingStarted.policyGoals")} hint={t("gettingStarted.policyGoalsHint")} optional wide>
        <TextArea value={goals} onValue={(to) => draft.set({ goals: to })} />
      </Field>
      <Trouble error={write.error} />
      <div class="dialog-actions">
        <Button type="submit" busy={write.busy}>{t("common.save")}</Button>
        <Button kind="secondary" onClick={onClose}>{t("common.cancel")}</Button>
      </div>
    </form>
  );
}

export function PolicyDialog(props: Props) {
  const { code, kind, onClose } = props;
  const asked = useCall("registry.v1.MunicipalityService/ListPolicies", { municipalityCode: code });
  const policy = asked.data?.policies?.find((each) => each.kind === `KIND_${kind}`);
  return (
    <Dialog title={t(`gettingStarted.policy.${kind}`)} onClose={onClose}>
      <Trouble error={asked.error} retry={asked.reload} />
      {asked.loading && <Loading />}
      {asked.data && <Form {...props} policy={policy} />}
    </Dialog>
  );
}
