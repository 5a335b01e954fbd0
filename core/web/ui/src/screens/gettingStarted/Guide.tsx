// The questions to ask oneself before a collaboration begins, with what the registry answers.
import type { ComponentChildren } from "preact";
import { Icon } from "../../parts/Icon";
import { Name } from "../../parts/Name";
import type { GuideAnswerJson, GuideFactJson } from "../../gen/brobygger/discovery/v1/guide_pb";
import { numberText } from "../../parts/Number";
import { t, word } from "../../state/texts";

const ending = (value: string | undefined, prefix: string) => (value ?? "").slice(prefix.length);
const stateOf = (answer: GuideAnswerJson) => ending(answer.state, "GUIDE_STATE_");

// "Tværgående arbejdsgrupper: 3", "Frivilligpolitik: findes (Sammen om byen)". How great the
// municipality thinks an association's interest is stays out: only that somebody asked.
function factText(fact: GuideFactJson): string {
  const kind = ending(fact.kind, "GUIDE_FACT_KIND_");
  const what = word(`gettingStarted.fact.${kind}`, kind);
  if (!fact.known) return `${what}: ${t("gettingStarted.unknown")}`;
  const count = Number(fact.count ?? 0);
  if (kind === "POLICY") {
    const told = word(`gettingStarted.existence.${count}`, "");
    return `${what}: ${fact.text ? `${told} (${fact.text})` : told}`;
  }
  if (kind === "ASSOCIATION_KIND") return word(`gettingStarted.associationKind.${count}`, what);
  if (kind === "OWN_INTEREST") return `${what}: ${t("gettingStarted.ofFour", { count })}`;
  if (kind === "ASSESSED_INTEREST" || count === 0) return `${what}: ${t("gettingStarted.known")}`;
  return `${what}: ${numberText(count)}`;
}

function Ask({ answer }: { answer: GuideAnswerJson }) {
  const { askDepartmentName: name, askEmail: email } = answer;
  if (stateOf(answer) === "ANSWERED" || (!name && !email)) return null;
  const who = name ? <Name>{name}</Name> : email;
  return <>{t("gettingStarted.ask")} {email ? <a href={`mailto:${email}`}>{who}</a> : who}</>;
}

interface Props {
  answers: GuideAnswerJson[];
  // What a person can do about a question.
  actionOf?: (question: string, answered: boolean) => ComponentChildren;
}

export function Guide({ answers, actionOf }: Props) {
  return (
    <ol class="plain guide">
      {answers.map((answer, i) => {
        const question = ending(answer.question, "GUIDE_QUESTION_");
        const state = stateOf(answer);
        return (
          <li key={question} class="card guide-question">
            <span class={`guide-mark guide-${state.toLowerCase()}`} aria-hidden="true">{state === "ANSWERED" ? <Icon name="check" /> : i + 1}</span>
            <div>
              <p class="strong">{word(`gettingStarted.question.${question}`, question)}</p>
              <p class="muted">{(answer.facts ?? []).map(factText).join(" · ")}</p>
              <p class="row">
                <span class={`label guide-state-${state.toLowerCase()}`}>{word(`gettingStarted.state.${state}`, state)}</span>
                {actionOf?.(question, state === "ANSWERED")}
                <span><Ask answer={answer} /></span>
              </p>
            </div>
          </li>
        );
      })}
    </ol>
  );
}
