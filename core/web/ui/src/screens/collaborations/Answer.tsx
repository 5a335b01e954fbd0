// The form in which one side answers all statements of a round.
import { Fragment } from "preact";
import type { AlignmentRoundJson, AlignmentStatementJson } from "../../gen/brobygger/collab/v1/alignment_pb";
import type { CollaborationSideJson } from "../../gen/brobygger/collab/v1/collaboration_pb";
import { Button } from "../../parts/Button";
import { Field } from "../../parts/Field";
import { FormHeading } from "../../parts/FormHeading";
import { Scale } from "../../parts/Scale";
import { TextInput } from "../../parts/TextInput";
import { Trouble } from "../../parts/Trouble";
import { useDraft } from "../../parts/use_draft";
import { requestId, useWrite } from "../../state/hooks";
import { t } from "../../state/texts";
import { statementText } from "../resourceCheck/words";
import { alignmentTopicWord, sideWord } from "./words";

interface One {
  agreement: number;
  comment: string;
}

function before(round: AlignmentRoundJson, side: CollaborationSideJson): Record<string, One> {
  const given = round.answers?.find((each) => each.side === side)?.answers ?? [];
  return Object.fromEntries(given.map((each) => [each.statementId ?? "", { agreement: each.agreement ?? 0, comment: each.comment ?? "" }]));
}

function Question({ statement, one, onOne }: { statement: AlignmentStatementJson; one: One; onOne: (one: One) => void }) {
  return (
    <>
      <Scale name={statement.id ?? ""} legend={statementText(statement)} value={one.agreement} words={t("collaboration.align.scale").split("/")}
             onChange={(agreement) => onOne({ ...one, agreement })} />
      {one.agreement > 0 && (
        <Field label={t("collaboration.align.comment")} optional>
          <TextInput value={one.comment} onValue={(comment) => onOne({ ...one, comment })} maxLength={300} dir="auto" />
        </Field>
      )}
    </>
  );
}

export function Answer({ round, side, onDone, onClose }: {
  round: AlignmentRoundJson; side: CollaborationSideJson; onDone: () => void; onClose: () => void;
}) {
  const draft = useDraft(before(round, side));
  const { run, busy, error } = useWrite("collab.v1.CollaborationService/AnswerAlignment");
  const statements = round.statements ?? [];
  const answered = statements.filter((each) => (draft.value[each.id ?? ""]?.agreement ?? 0) > 0).length;
  const send = async (event: Event) => {
    event.preventDefault();
    const answers = statements.map((each) => ({ statementId: each.id, ...draft.value[each.id ?? ""] }));
    if (!(await run({ collaborationId: round.collaborationId, side, answers, requestId: requestId() }))) return;
    draft.reset();
    onDone();
  };
  return (
    <form onSubmit={send}>
      <FormHeading>{t("collaboration.align.answerTitle", { side: sideWord(side) })}</FormHeading>
      <p>{t("collaboration.align.answerHint")}</p>
      {statements.map((each, i) => (
        <Fragment key={each.id}>
          {each.topic !== statements[i - 1]?.topic && <h3>{alignmentTopicWord(each.topic)}</h3>}
          <Question statement={each} one={draft.value[each.id ?? ""] ?? { agreement: 0, comment: "" }}
                    onOne={(one) => draft.set({ [each.id ?? ""]: one })} />
        </Fragment>
      ))}
      <Trouble error={error} />
      <p aria-live="polite">{t("collaboration.align.answeredOf", { n: answered, of: statements.length })}</p>
      <div class="row">
        <Button type="submit" busy={busy} disabled={answered === 0}>{t("collaboration.align.send")}</Button>
        <Button kind="tertiary" onClick={onClose}>{t("common.cancel")}</Button>
      </div>
    </form>
  );
}
