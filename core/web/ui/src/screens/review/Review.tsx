import { useEffect, useRef, useState } from "preact/hooks";
import type { MatchQuestionJson } from "../../gen/brobygger/identity/v1/question_pb";
import { actorText } from "../../parts/actor";
import { Alert } from "../../parts/Alert";
import { Button } from "../../parts/Button";
import { Empty } from "../../parts/Empty";
import { Link } from "../../parts/Link";
import { Loading } from "../../parts/Loading";
import { Page } from "../../parts/Page";
import { Tabs } from "../../parts/Tabs";
import { Trouble } from "../../parts/Trouble";
import { useSources } from "../../parts/use_sources";
import { useCall } from "../../state/hooks";
import { keepState, keptState } from "../../state/router";
import { session } from "../../state/session";
import { t, word } from "../../state/texts";
import { Answers } from "./Answers";
import { Decisions } from "./Decisions";
import { Meetings } from "./Meetings";
import { Pair } from "./Pair";
import { Reasons, Settling } from "./Reasons";
import { useReview, type Given } from "./questions";

type Reviewing = ReturnType<typeof useReview>;

// What became of the answer before, with the way back.
function LastAnswer({ given, busy, onUndo }: { given: Given; busy: boolean; onUndo: () => void }) {
  const values = {
    left: given.question.leftOfficialName ?? "",
    right: given.question.rightOfficialName ?? "",
    answer: word(`review.kind.${given.decision.kind}`, t("review.decidedSomehow")),
    actor: actorText(given.decision.actor),
  };
  const key = given.undone ? "review.undone" : given.byAnother ? "review.byAnother" : "review.written";
  return (
    <Alert tone={given.byAnother ? "warning" : "success"} announce>
      <p>{t(key, values)}</p>
      {given.decision.kind === "KIND_UNSURE" && !given.undone && <p>{t("review.askHow")}</p>}
      {given.decision.id && !given.undone && !given.decision.undoneByDecisionId && (
        <Button kind="secondary" busy={busy} onClick={onUndo}>{t("review.undo")}</Button>
      )}
    </Alert>
  );
}

function Question({ question, review }: { question: MatchQuestionJson; review: Reviewing }) {
  const left = useCall("registry.v1.RegistryService/GetAssociation", { associationId: question.leftAssociationId });
  const right = useCall("registry.v1.RegistryService/GetAssociation", { associationId: question.rightAssociationId });
  const why = useCall("identity.v1.IdentityService/ExplainPair", { leftAssociationId: question.leftAssociationId, rightAssociationId: question.rightAssociationId });
  const titleOf = useSources();
  const error = left.error ?? right.error ?? why.error;
  const reload = () => [left, right, why].forEach((each) => each.reload());
  return (
    <div class="columns columns-side">
      <div>
        <Trouble error={error} retry={reload} />
        {left.data?.association && right.data?.association
          ? <Pair left={left.data.association} right={right.data.association} titleOf={titleOf} />
          : !error && <Loading />}
        <Trouble error={review.error} />
        <Answers key={question.id} question={question} busy={review.busy}
                 onAnswer={(kind, reverse, note) => review.decide(question, kind, reverse, note)} onSkip={() => review.skip(question)} />
      </div>
      <div>
        {why.data?.explanation ? <><Reasons why={why.data.explanation} /><Settling why={why.data.explanation} /></> : !error && <Loading />}
      </div>
    </div>
  );
}

function Questions({ review }: { review: Reviewing }) {
  const { question, last } = review;
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef(question?.id);
  // Whoever answers goes on with the next: the focus is moved there, as its button is gone.
  useEffect(() => {
    if (before.current && before.current !== question?.id) heading.current?.focus({ preventScroll: true });
    before.current = question?.id;
  }, [question?.id]);
  if (!review.list.data) return review.list.error ? <Trouble error={review.list.error} retry={review.list.reload} /> : <Loading />;
  return (
    <>
      {last && <LastAnswer given={last} busy={review.busy} onUndo={() => review.undo(last)} />}
      <h2 ref={heading} tabIndex={-1} class={question ? undefined : "sr-only"}>
        {question ? t("review.isIt", { left: question.leftOfficialName ?? "", right: question.rightOfficialName ?? "" }) : t("review.questions")}
      </h2>
      {question && <Question key={question.id} question={question} review={review} />}
      {!question && review.putOff && review.left > 0 && (
        <Empty title={t("review.putOff")} action={<Button onClick={review.startOver}>{t("review.startOver")}</Button>} />
      )}
      {!question && !(review.putOff && review.left > 0) && (
        <Empty title={t("review.none")} action={<Link to="/foreninger">{t("review.toAssociations")}</Link>}>{t("review.noneText")}</Empty>
      )}
    </>
  );
}

export default function Review() {
  const review = useReview();
  const [tab, setTab] = useState(keptState({ tab: "questions" }).tab);
  const select = (to: string) => {
    keepState({ tab: to });
    setTab(to);
  };
  const count = review.list.data ? ` (${review.left})` : "";
  return (
    <Page title={t("review.title")} lead={t("review.lead")} wide>
      <Tabs label={t("review.title")} selected={tab} onSelect={select} tabs={[
        { key: "questions", label: t("review.questions") + count, content: () => <><Questions review={review} />{session.has("contacts.write") && <Meetings />}</> },
        { key: "decisions", label: t("review.decisions"), content: () => <Decisions onUndone={review.startOver} /> },
      ]} />
    </Page>
  );
}
