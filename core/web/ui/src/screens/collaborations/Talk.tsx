// What came of talking about a difference.
import { useState } from "preact/hooks";
import { Button } from "../../parts/Button";
import { Field } from "../../parts/Field";
import { TextArea } from "../../parts/TextArea";
import { Trouble } from "../../parts/Trouble";
import { requestId, useWrite } from "../../state/hooks";
import { session } from "../../state/session";
import { t } from "../../state/texts";
import type { PartProps } from "./One";

export function Talk({ found, reload, statementId, outcome }: PartProps & { statementId: string; outcome: string | undefined }) {
  const [typed, setTyped] = useState<string>();
  const { run, busy, error } = useWrite("collab.v1.CollaborationService/RecordTalk");
  const open = session.has("collaborations.write") && found.alignment?.state !== "ALIGNMENT_STATE_ALIGNED";
  const save = async (event: Event) => {
    event.preventDefault();
    const talk = { statementId, outcome: typed };
    if (await run({ collaborationId: found.collaboration?.id, talk, requestId: requestId() })) reload();
  };
  if (typed === undefined) {
    return (
      <div class="talk">
        {outcome ? <p><strong>{t("collaboration.align.talked")}</strong> <span dir="auto">{outcome}</span></p>
          : <p class="amber">{t("collaboration.align.mustTalk")}</p>}
        {open && (
          <Button kind="tertiary" onClick={() => setTyped(outcome ?? "")}>
            {t(outcome ? "collaboration.align.changeTalk" : "collaboration.align.writeTalk")}
          </Button>
        )}
      </div>
    );
  }
  return (
    <form class="talk" onSubmit={save}>
      <Field label={t("collaboration.align.outcome")} hint={t("collaboration.align.outcomeHint")} wide>
        <TextArea value={typed} onValue={setTyped} rows={2} maxLength={300} required />
      </Field>
      <Trouble error={error} />
      <div class="row">
        <Button type="submit" busy={busy}>{t("common.save")}</Button>
        <Button kind="tertiary" onClick={() => setTyped(undefined)}>{t("common.cancel")}</Button>
      </div>
    </form>
  );
}
