// The association says that something is not right, or what is missing. The municipality answers.
import { useState } from "preact/hooks";
import { Alert } from "../../parts/Alert";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { Field } from "../../parts/Field";
import { Select } from "../../parts/Select";
import { TextArea } from "../../parts/TextArea";
import { today } from "../../parts/today";
import { Trouble } from "../../parts/Trouble";
import { requestId, useWrite } from "../../state/hooks";
import { t } from "../../state/texts";
import { fieldTitle } from "./fields";

interface Props {
  associationId: string;
  // "": one of `choices`, of which nothing is recorded.
  field: string;
  choices: string[];
  // What stands there now.
  now: string;
  onClose: () => void;
  onDone: () => void;
}

export function Correct({ associationId, field, choices, now, onClose, onDone }: Props) {
  const [path, setPath] = useState(field || (choices[0] ?? ""));
  const [wanted, setWanted] = useState("");
  const [why, setWhy] = useState("");
  const [sent, setSent] = useState(false);
  const { run, busy, error } = useWrite("people.v1.PeopleService/RequestCorrection");
  const send = async (event: Event) => {
    event.preventDefault();
    const correction = { associationId, fieldPath: path, wantedValue: wanted, statement: why || t("ownSide.noReason"), date: today() };
    if (await run({ correction, requestId: requestId() })) setSent(true);
  };
  if (sent) {
    return (
      <Dialog title={t("ownSide.thanks")} onClose={onDone} actions={<Button onClick={onDone}>{t("common.close")}</Button>}>
        <Alert tone="success" announce>{t("ownSide.correctDone")}</Alert>
      </Dialog>
    );
  }
  return (
    <Dialog title={field ? t("ownSide.correctTitle", { field: fieldTitle(field) }) : t("ownSide.tellMore")} onClose={onClose}>
      <form onSubmit={send}>
        {!field && (
          <Field label={t("ownSide.which")}>
            <Select value={path} onValue={setPath} options={choices.map((value) => ({ value, label: fieldTitle(value) }))} />
          </Field>
        )}
        {now && <p>{t("ownSide.now")} <strong dir="auto">{now}</strong></p>}
        <Field label={t("ownSide.wanted")} hint={t("ownSide.wantedHint")} wide>
          <TextArea value={wanted} onValue={setWanted} maxLength={2000} rows={3} required />
        </Field>
        <Field label={t("ownSide.why")} hint={t("ownSide.whyHint")} optional wide>
          <TextArea value={why} onValue={setWhy} maxLength={500} rows={2} />
        </Field>
        <Trouble error={error} />
        <Button type="submit" busy={busy}>{t("ownSide.send")}</Button>
      </form>
    </Dialog>
  );
}
