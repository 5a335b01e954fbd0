// What was reached on the way, the smallest step too, and what each side says came of it.
import { useState } from "preact/hooks";
import type { CollaborationOutcomeJson, CollaborationSideJson, MilestoneJson, MilestoneSizeJson } from "../../gen/brobygger/collab/v1/collaboration_pb";
import { Button } from "../../parts/Button";
import { Checkbox } from "../../parts/Checkbox";
import { Choice } from "../../parts/Choice";
import { Day } from "../../parts/Day";
import { Field } from "../../parts/Field";
import { Tag } from "../../parts/Tag";
import { TextArea } from "../../parts/TextArea";
import { TextInput } from "../../parts/TextInput";
import { today } from "../../parts/today";
import { Trouble } from "../../parts/Trouble";
import { requestId, useWrite } from "../../state/hooks";
import { session } from "../../state/session";
import { t } from "../../state/texts";
import type { PartProps } from "./One";
import { isEmployee, kAssociation, kBothSides, mayActFor, sideWord, sizeWord } from "./words";

const kSizes: MilestoneSizeJson[] = ["MILESTONE_SIZE_TINY", "MILESTONE_SIZE_SMALL", "MILESTONE_SIZE_LARGE"];

function AddMilestone({ found, reload }: PartProps) {
  const [typed, setTyped] = useState<MilestoneJson>({ date: today(), size: "MILESTONE_SIZE_TINY" });
  const { run, busy, error } = useWrite("collab.v1.CollaborationService/AddMilestone");
  const add = async (event: Event) => {
    event.preventDefault();
    if (!(await run({ collaborationId: found.collaboration?.id, milestone: typed, requestId: requestId() }))) return;
    setTyped({ ...typed, text: "" });
    reload();
  };
  return (
    <form onSubmit={add} class="form-below">
      <h3>{t("collaboration.milestone.add")}</h3>
      <Field label={t("collaboration.milestone.text")} wide>
        <TextInput value={typed.text ?? ""} onValue={(text) => setTyped({ ...typed, text })} maxLength={200} required />
      </Field>
      <Field label={t("collaboration.milestone.date")}>
        <TextInput type="date" value={typed.date ?? ""} onValue={(date) => setTyped({ ...typed, date })} required />
      </Field>
      <Choice label={t("collaboration.milestone.size")} value={typed.size ?? ""} inline
              onValue={(size) => setTyped({ ...typed, size: size as MilestoneSizeJson })}
              options={kSizes.map((value) => ({ value, label: sizeWord(value) }))} />
      <Trouble error={error} />
      <Button type="submit" kind="secondary" busy={busy}>{t("collaboration.milestone.add")}</Button>
    </form>
  );
}

// An employee who writes for the association says that it agreed; nobody agrees for another.
function OutcomeForm({ found, side, said, onDone, onClose }: {
  found: PartProps["found"]; side: CollaborationSideJson; said: CollaborationOutcomeJson | undefined; onDone: () => void; onClose: () => void;
}) {
  const [typed, setTyped] = useState({ text: said?.text ?? "", mayBeQuoted: false });
  const { run, busy, error } = useWrite("collab.v1.CollaborationService/RecordOutcome");
  const forThem = isEmployee() && side === kAssociation;
  const save = async (event: Event) => {
    event.preventDefault();
    if (await run({ collaborationId: found.collaboration?.id, outcome: { side, ...typed }, requestId: requestId() })) onDone();
  };
  return (
    <form onSubmit={save}>
      <Field label={t("collaboration.outcome.label")} wide>
        <TextArea value={typed.text} onValue={(text) => setTyped({ ...typed, text })} maxLength={1000} required />
      </Field>
      <Checkbox label={t(forThem ? "collaboration.outcome.quoteForThem" : "collaboration.outcome.quote")} hint={t("collaboration.outcome.quoteHint")}
                checked={typed.mayBeQuoted} onValue={(mayBeQuoted) => setTyped({ ...typed, mayBeQuoted })} />
      <Trouble error={error} />
      <div class="row">
        <Button type="submit" busy={busy}>{t("common.save")}</Button>
        <Button kind="tertiary" onClick={onClose}>{t("common.cancel")}</Button>
      </div>
    </form>
  );
}

function Said({ said }: { said: CollaborationOutcomeJson | undefined }) {
  if (!said) return <p class="muted">{t("collaboration.outcome.none")}</p>;
  return (
    <>
      <p class="prose" dir="auto">{said.text}</p>
      <p class="small muted">
        <Day iso={said.date} />{" "}
        <Tag tone={said.mayBeQuoted ? "good" : "neutral"}>{t(said.mayBeQuoted ? "collaboration.outcome.quoted" : "collaboration.outcome.unquoted")}</Tag>
      </p>
    </>
  );
}

function Outcome({ found, reload, side }: PartProps & { side: CollaborationSideJson }) {
  const said = found.collaboration?.outcomes?.find((each) => each.side === side);
  const [writing, setWriting] = useState(false);
  const open = found.collaboration?.state === "COLLABORATION_STATE_EVALUATING" || found.collaboration?.state === "COLLABORATION_STATE_CLOSED";
  const done = () => {
    setWriting(false);
    reload();
  };
  return (
    <div class="card side-card">
      <h3>{t("collaboration.outcome.says", { side: sideWord(side) })}</h3>
      {writing ? <OutcomeForm found={found} side={side} said={said} onDone={done} onClose={() => setWriting(false)} /> : (
        <>
          <Said said={said} />
          {open && mayActFor(side) && (
            <Button kind="secondary" onClick={() => setWriting(true)}>{t(said ? "common.edit" : "collaboration.outcome.write")}</Button>
          )}
        </>
      )}
    </div>
  );
}

export function Reached(part: PartProps) {
  const milestones = [...(part.found.collaboration?.milestones ?? [])].sort((a, b) => (a.date ?? "").localeCompare(b.date ?? ""));
  return (
    <>
      <h2>{t("collaboration.milestone.title")}</h2>
      <p class="muted">{t("collaboration.milestone.hint")}</p>
      <ol class="plain milestones">
        {milestones.map((each) => (
          <li key={each.id}>
            <Day iso={each.date} /> <span dir="auto">{each.text}</span>{" "}
            {each.size && <Tag>{sizeWord(each.size)}</Tag>}
          </li>
        ))}
      </ol>
      {session.has("collaborations.write") && <AddMilestone {...part} />}
      <h2>{t("collaboration.outcome.title")}</h2>
      <p class="muted">{t("collaboration.outcome.hint")}</p>
      <div class="columns-two">
        {kBothSides.map((side) => <Outcome key={side} {...part} side={side} />)}
      </div>
    </>
  );
}
