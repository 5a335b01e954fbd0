// Aligning expectations: each side answers by itself, then they talk about where they differ, and
// both say yes.
import { useState } from "preact/hooks";
import type { AlignmentRoundJson, AlignmentStatementJson, SideAnswersJson } from "../../gen/brobygger/collab/v1/alignment_pb";
import type { CollaborationSideJson } from "../../gen/brobygger/collab/v1/collaboration_pb";
import { Alert } from "../../parts/Alert";
import { Button } from "../../parts/Button";
import { Day } from "../../parts/Day";
import { Icon } from "../../parts/Icon";
import { Trouble } from "../../parts/Trouble";
import { requestId, useWrite } from "../../state/hooks";
import { t } from "../../state/texts";
import { statementText } from "../resourceCheck/words";
import { Answer } from "./Answer";
import type { PartProps } from "./One";
import { Talk } from "./Talk";
import { Words } from "./Words";
import { alignmentTopicWord, isEmployee, kBothSides, kMunicipality, mayActFor, sideWord } from "./words";

export const answersOf = (round: AlignmentRoundJson, side: CollaborationSideJson): SideAnswersJson | undefined =>
  round.answers?.find((each) => each.side === side);

const bothAnswered = (round: AlignmentRoundJson): boolean => kBothSides.every((side) => answersOf(round, side));

function Start({ found, reload, again }: PartProps & { again?: boolean }) {
  const { run, busy, error } = useWrite("collab.v1.CollaborationService/StartAlignment");
  const start = async () => {
    if (again && !confirm(t("collaboration.align.againAsk"))) return;
    if (await run({ collaborationId: found.collaboration?.id, requestId: requestId() })) reload();
  };
  if (!isEmployee()) return again ? null : <p>{t("collaboration.align.municipalityBegins")}</p>;
  return (
    <>
      <Trouble error={error} />
      <Button kind={again ? "tertiary" : "primary"} busy={busy} onClick={() => void start()}>
        {t(again ? "collaboration.align.again" : "collaboration.align.start")}
      </Button>
    </>
  );
}

// What is to be done next, and by whom.
function nextKey(found: PartProps["found"]) {
  const round = found.alignment ?? {};
  if (round.state === "ALIGNMENT_STATE_ALIGNED") return "collaboration.align.aligned" as const;
  if (!bothAnswered(round)) {
    const first = round.answers?.[0]?.side;
    if (!first) return "collaboration.align.nobody" as const;
    return first === kMunicipality ? "collaboration.align.association" as const : "collaboration.align.municipality" as const;
  }
  const open = (found.differences ?? []).some((each) => !each.talked);
  return open ? "collaboration.align.talk" as const : "collaboration.align.accept" as const;
}

interface SideProps extends PartProps {
  side: CollaborationSideJson;
  onAnswer: () => void;
}

// One side's column head: how far it is, and what it may do now.
function Side({ found, reload, side, onAnswer }: SideProps) {
  const round = found.alignment ?? {};
  const answers = answersOf(round, side);
  const { run, busy, error } = useWrite("collab.v1.CollaborationService/AcceptAlignment");
  const accept = async () => {
    if (await run({ collaborationId: round.collaborationId, side, requestId: requestId() })) reload();
  };
  const forThem = isEmployee() && side !== kMunicipality;
  const untalked = (found.differences ?? []).filter((each) => !each.talked).length;
  const state = answers?.acceptTime ? <>{t("collaboration.align.accepted")} <Day iso={answers.acceptTime} /></>
    : answers ? <>{t("collaboration.align.answered")} <Day iso={answers.answerTime} /></> : t("collaboration.align.waiting");
  return (
    <div class="card side-card">
      <h3>{sideWord(side)}</h3>
      <p class={answers ? "side-state" : "side-state amber"}>{answers && <Icon name="check" />}<span>{state}</span></p>
      {mayActFor(side) && !bothAnswered(round) && (
        <Button kind={forThem ? "secondary" : "primary"} onClick={onAnswer}>
          {t(answers ? "collaboration.align.change" : forThem ? "collaboration.align.answerForThem" : "collaboration.align.answer")}
        </Button>
      )}
      {mayActFor(side) && bothAnswered(round) && !answers?.acceptTime && untalked === 0 && (
        <Button busy={busy} onClick={() => void accept()}>{t("collaboration.align.sayYes", { side: sideWord(side).toLowerCase() })}</Button>
      )}
      <Trouble error={error} />
    </div>
  );
}

function OneAnswer({ round, side, statement }: { round: AlignmentRoundJson; side: CollaborationSideJson; statement: AlignmentStatementJson }) {
  const answers = answersOf(round, side);
  const answer = answers?.answers?.find((each) => each.statementId === statement.id);
  // That a side has answered is told; what it answered is hidden until both have.
  const text = !answers ? "–" : !answers.answers?.length ? t("collaboration.align.hidden") : answer?.agreement
    ? <><span class="agreement">{answer.agreement}</span> {t("collaboration.align.scale").split("/")[answer.agreement - 1]}</>
    : t("collaboration.align.noAnswer");
  return (
    <div class="statement-answer">
      <dt>{sideWord(side)}</dt>
      <dd>{text}{answer?.comment && <q class="statement-comment" dir="auto">{answer.comment}</q>}</dd>
    </div>
  );
}

function Statement({ statement, ...part }: PartProps & { statement: AlignmentStatementJson }) {
  const round = part.found.alignment ?? {};
  const difference = part.found.differences?.find((each) => each.statementId === statement.id);
  const talk = round.talks?.find((each) => each.statementId === statement.id);
  return (
    <li class={difference && !talk ? "statement statement-differs" : "statement"}>
      <p class="statement-text"><span class="statement-topic">{alignmentTopicWord(statement.topic)}</span> {statementText(statement)}</p>
      <dl class="statement-answers">
        {kBothSides.map((side) => <OneAnswer key={side} round={round} side={side} statement={statement} />)}
      </dl>
      {difference && <Talk key={talk?.outcome} {...part} statementId={statement.id ?? ""} outcome={talk?.outcome} />}
    </li>
  );
}

// Those to talk about first, so that nobody has to look for them.
function Statements(part: PartProps) {
  const differs = new Set((part.found.differences ?? []).map((each) => each.statementId));
  const all = part.found.alignment?.statements ?? [];
  const open = (part.found.differences ?? []).some((each) => !each.talked);
  const toTalk = all.filter((each) => differs.has(each.id));
  const others = all.filter((each) => !differs.has(each.id));
  return (
    <>
      {toTalk.length > 0 && (
        <>
          <h3>{open ? t("collaboration.align.differ", { n: toTalk.length }) : t("collaboration.align.talkedTitle")}</h3>
          {open && <p class="muted">{t("collaboration.align.differHint")}</p>}
          <ul class="plain">{toTalk.map((each) => <Statement key={each.id} {...part} statement={each} />)}</ul>
        </>
      )}
      <details open={toTalk.length === 0}>
        <summary>{t("collaboration.align.same", { n: others.length })}</summary>
        <ul class="plain">{others.map((each) => <Statement key={each.id} {...part} statement={each} />)}</ul>
      </details>
    </>
  );
}

export function Alignment(part: PartProps) {
  const [answering, setAnswering] = useState<CollaborationSideJson>();
  const round = part.found.alignment;
  const words = <Words {...part} />;
  if (!round) {
    return (
      <>
        <h2>{t("collaboration.tab.expectations")}</h2>
        <p>{t("collaboration.align.what")}</p>
        <Start {...part} />
        {words}
      </>
    );
  }
  if (answering) {
    const done = () => {
      setAnswering(undefined);
      part.reload();
    };
    return <Answer round={round} side={answering} onDone={done} onClose={() => setAnswering(undefined)} />;
  }
  const aligned = round.state === "ALIGNMENT_STATE_ALIGNED";
  return (
    <>
      <h2>{t("collaboration.tab.expectations")}</h2>
      <Alert tone={aligned ? "success" : "info"} title={t(nextKey(part.found))}>
        {!aligned && !bothAnswered(round) && <p>{t("collaboration.align.hiddenUntil")}</p>}
      </Alert>
      <div class="columns-two">
        {kBothSides.map((side) => <Side key={side} {...part} side={side} onAnswer={() => setAnswering(side)} />)}
      </div>
      {(round.answers ?? []).length > 0 && <Statements {...part} />}
      {bothAnswered(round) && <div class="row-below"><Start {...part} again /></div>}
      {words}
    </>
  );
}
