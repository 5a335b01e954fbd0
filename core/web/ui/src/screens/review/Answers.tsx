import { useState } from "preact/hooks";
import type { Decision_KindJson } from "../../gen/brobygger/identity/v1/decision_pb";
import type { MatchQuestionJson } from "../../gen/brobygger/identity/v1/question_pb";
import { Button } from "../../parts/Button";
import { Checkbox } from "../../parts/Checkbox";
import { Field } from "../../parts/Field";
import { TextInput } from "../../parts/TextInput";
import { t } from "../../state/texts";
import { useKeys, useKeySwitch } from "./keys";

interface Props {
  question: MatchQuestionJson;
  busy: boolean;
  onAnswer: (kind: Decision_KindJson, reverse: boolean, note: string) => void;
  onSkip: () => void;
}

interface AnswerProps {
  kind?: "primary" | "secondary";
  text: string;
  // The key that does the same; "" while keys are switched off.
  sign: string;
  busy: boolean;
  onClick: () => void;
}

// A button that shows its key.
function Answer({ kind = "secondary", text, sign, busy, onClick }: AnswerProps) {
  return (
    <Button kind={kind} disabled={busy} aria-keyshortcuts={sign || undefined} onClick={onClick}>
      {text} {sign && <kbd class="key" aria-hidden="true">{sign.toUpperCase()}</kbd>}
    </Button>
  );
}

// A person's answer to one question, by button or by key.
export function Answers({ question, busy, onAnswer, onSkip }: Props) {
  const [keys, setKeys] = useKeySwitch();
  const [note, setNote] = useState("");
  const [branch, setBranch] = useState(false);
  const [yes = "", no = "", section = "", ask = ""] = [...t("review.keys")];
  const names = { left: question.leftOfficialName ?? "", right: question.rightOfficialName ?? "" };
  const say = (kind: Decision_KindJson, reverse = false) => () => onAnswer(kind, reverse, note.trim());
  const sign = (key: string) => (keys ? key : "");
  const first = say("KIND_BRANCH_OF");
  const second = say("KIND_BRANCH_OF", true);
  useKeys(keys && !busy, branch
    ? { "1": first, "2": second, escape: () => setBranch(false) }
    : { [yes]: say("KIND_SAME"), [no]: say("KIND_NOT_SAME"), [section]: () => setBranch(true), [ask]: say("KIND_UNSURE") });
  return (
    <section class="answers" aria-label={t("review.answer")}>
      {branch ? (
        <fieldset class="answers-branch">
          <legend class="form-label">{t("review.whichWay")}</legend>
          <Answer text={t("review.branchOf", { branch: names.left, whole: names.right })} sign={sign("1")} busy={busy} onClick={first} />
          <Answer text={t("review.branchOf", { branch: names.right, whole: names.left })} sign={sign("2")} busy={busy} onClick={second} />
          <Button kind="tertiary" onClick={() => setBranch(false)}>{t("review.back")}</Button>
        </fieldset>
      ) : (
        <div class="row">
          <Answer kind="primary" text={t("review.yes")} sign={sign(yes)} busy={busy} onClick={say("KIND_SAME")} />
          <Answer text={t("review.no")} sign={sign(no)} busy={busy} onClick={say("KIND_NOT_SAME")} />
          <Answer text={t("review.branch")} sign={sign(section)} busy={busy} onClick={() => setBranch(true)} />
          <Answer text={t("review.ask")} sign={sign(ask)} busy={busy} onClick={say("KIND_UNSURE")} />
          <Button kind="tertiary" disabled={busy} onClick={onSkip}>{t("review.skip")}</Button>
        </div>
      )}
      <p class="small muted">{t("review.remembered")}</p>
      <details>
        <summary>{t("review.more")}</summary>
        <Field label={t("review.note")} hint={t("review.noteHint")} optional>
          <TextInput value={note} onValue={setNote} maxLength={500} />
        </Field>
        <Checkbox label={t("review.keySwitch", { keys: [...t("review.keys")].join(", ").toUpperCase() })} checked={keys} onValue={setKeys} />
      </details>
    </section>
  );
}
