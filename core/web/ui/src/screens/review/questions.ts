// The questions that wait, one after the other, and what a person answers.
import { useRef, useState } from "preact/hooks";
import { call } from "../../api/client";
import { ApiError } from "../../api/errors";
import type { DecisionJson, Decision_KindJson } from "../../gen/brobygger/identity/v1/decision_pb";
import type { MatchQuestionJson } from "../../gen/brobygger/identity/v1/question_pb";
import { requestId, useCall } from "../../state/hooks";

export interface Given {
  question: MatchQuestionJson;
  decision: DecisionJson;
  // Taken back again.
  undone?: boolean;
  // Somebody else decided; what was answered here was not written down.
  byAnother?: boolean;
}

// What the hub says where somebody else was there first.
const kOvertaken = [
  "QUESTION_CLOSED", "QUESTION_NOT_FOUND", "CONTRADICTS_DECISION", "ASSOCIATION_MERGED", "ASSOCIATION_NOT_FOUND", "DECISION_UNDONE",
];

// What somebody decided about the question's two associations, if anybody did.
async function decisionOn(question: MatchQuestionJson): Promise<DecisionJson | undefined> {
  const { decisions = [] } = await call("identity.v1.IdentityService/ListDecisions", { associationId: question.leftAssociationId, pageSize: 50 });
  const pair = [question.leftAssociationId, question.rightAssociationId].sort().join();
  return decisions.find((each) => each.questionId === question.id || [each.fromAssociationId, each.toAssociationId].sort().join() === pair);
}

async function answer(question: MatchQuestionJson, kind: Decision_KindJson, reverse: boolean, note: string): Promise<Given> {
  const another = async () => ({ question, decision: (await decisionOn(question)) ?? {}, byAnother: true });
  try {
    const told = await call("identity.v1.IdentityService/Decide", { questionId: question.id, kind, reverse, note, requestId: requestId() });
    return { question, decision: told.decision ?? {} };
  } catch (error) {
    if (error instanceof ApiError && (error.code === "aborted" || kOvertaken.includes(error.reason))) return another();
    throw error;
  }
}

export function useReview() {
  const list = useCall("identity.v1.IdentityService/ListQuestions", { pageSize: 100 });
  // Answered or put off on this visit.
  const [passed, setPassed] = useState<string[]>([]);
  const [last, setLast] = useState<Given>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError>();
  const all = list.data?.questions ?? [];
  const waiting = all.filter((each) => !passed.includes(each.id ?? ""));
  // The one that is shown stays, also where a list that is read anew begins with another: an answer
  // must never hit a question that has just slipped in.
  const shown = useRef("");
  // One whose answer was taken back comes next, once the hub asks it again.
  const [again, setAgain] = useState("");
  const question = waiting.find((each) => each.id === again) ?? waiting.find((each) => each.id === shown.current) ?? waiting[0];
  if (list.data) shown.current = question?.id ?? shown.current;

  const attempt = async (what: () => Promise<void>) => {
    if (busy) return;
    setBusy(true);
    setError(undefined);
    try {
      await what();
    } catch (trouble) {
      setError(trouble instanceof ApiError ? trouble : new ApiError("unknown", String(trouble)));
    }
    setBusy(false);
  };
  const pass = (question: MatchQuestionJson) => setPassed((old) => [...old, question.id ?? ""]);
  return {
    list, last, busy, error,
    question,
    left: Number(list.data?.totalCount ?? 0) - (all.length - waiting.length),
    putOff: all.length > 0 && waiting.length === 0,
    skip: (question: MatchQuestionJson) => {
      setLast(undefined);
      pass(question);
    },
    startOver: () => {
      setPassed([]);
      list.reload();
    },
    decide: (question: MatchQuestionJson, kind: Decision_KindJson, reverse: boolean, note: string) => attempt(async () => {
      setLast(await answer(question, kind, reverse, note));
      pass(question);
      list.reload();
    }),
    undo: (given: Given) => attempt(async () => {
      await call("identity.v1.IdentityService/UndoDecision", { decisionId: given.decision.id, requestId: requestId() });
      setLast({ ...given, undone: true });
      setAgain(given.question.id ?? "");
      setPassed((old) => old.filter((id) => id !== given.question.id));
      list.reload();
    }),
  };
}
