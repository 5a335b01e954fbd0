// Words that both sides are to mean the same by, and the agreement in plain words.
import { useEffect, useRef, useState } from "preact/hooks";
import type { CollaborationSideJson, SharedMeaningJson } from "../../gen/brobygger/collab/v1/collaboration_pb";
import { Button } from "../../parts/Button";
import { Choice } from "../../parts/Choice";
import { Field } from "../../parts/Field";
import { Tag } from "../../parts/Tag";
import { TextInput } from "../../parts/TextInput";
import { Trouble } from "../../parts/Trouble";
import { requestId, useCall, useWrite } from "../../state/hooks";
import { language, t } from "../../state/texts";
import type { PartProps } from "./One";
import { agreementText, isEmployee, kAssociation, kBothSides, kMunicipality, mayActFor, sideWord } from "./words";

function useExplain({ found, reload }: PartProps) {
  const write = useWrite("collab.v1.CollaborationService/ExplainWord");
  const explain = async (side: CollaborationSideJson, word: string, meaning?: string): Promise<boolean> => {
    const { id, etag } = found.collaboration ?? {};
    const answer = await write.run({ collaborationId: id, etag, side, word, meaning, requestId: requestId() });
    if (answer) reload();
    return Boolean(answer);
  };
  return { ...write, explain };
}

function Meaning({ meaning, busy, onAccept }: { meaning: SharedMeaningJson; busy: boolean; onAccept: (side: CollaborationSideJson) => void }) {
  const accepted = meaning.acceptedBy ?? [];
  return (
    <div class="meaning">
      <dt dir="auto">{meaning.word}</dt>
      <dd>
        <p dir="auto">{meaning.text}</p>
        <div class="row">
          {kBothSides.map((side) => (
            <Tag key={side} tone={accepted.includes(side) ? "good" : "neutral"}>
              {t(accepted.includes(side) ? "collaboration.word.accepted" : "collaboration.word.notYet", { side: sideWord(side) })}
            </Tag>
          ))}
          {kBothSides.filter((side) => !accepted.includes(side) && mayActFor(side)).map((side) => (
            <Button key={side} kind="tertiary" busy={busy} onClick={() => onAccept(side)}>
              {t("collaboration.word.accept", { side: sideWord(side).toLowerCase() })}
            </Button>
          ))}
        </div>
      </dd>
    </div>
  );
}

function Explain({ suggested, onSend, busy }: {
  suggested: string[]; busy: boolean; onSend: (side: CollaborationSideJson, word: string, meaning: string) => Promise<boolean>;
}) {
  const [word, setWord] = useState("");
  const [meaning, setMeaning] = useState("");
  const [side, setSide] = useState<CollaborationSideJson>(isEmployee() ? kMunicipality : kAssociation);
  const send = async (event: Event) => {
    event.preventDefault();
    if (!(await onSend(side, word, meaning))) return;
    setWord("");
    setMeaning("");
  };
  return (
    <form onSubmit={send} class="form-below">
      {suggested.length > 0 && (
        <div class="chips">
          <span>{t("collaboration.word.suggested")}</span>
          {suggested.map((each) => <button key={each} type="button" class="tag" onClick={() => setWord(each)}>{each}</button>)}
        </div>
      )}
      <Field label={t("collaboration.word.word")} hint={t("collaboration.word.wordHint")}>
        <TextInput value={word} onValue={setWord} maxLength={60} required />
      </Field>
      <Field label={t("collaboration.word.meaning")} wide>
        <TextInput value={meaning} onValue={setMeaning} maxLength={300} required />
      </Field>
      {isEmployee() && (
        <Choice label={t("collaboration.word.who")} value={side} onValue={(to) => setSide(to as CollaborationSideJson)} inline
                options={kBothSides.map((value) => ({ value, label: sideWord(value) }))} />
      )}
      <Button type="submit" kind="secondary" busy={busy}>{t("collaboration.word.send")}</Button>
    </form>
  );
}

export function Words(part: PartProps) {
  const collaborationId = part.found.collaboration?.id;
  const { explain, busy, error } = useExplain(part);
  const agreement = useCall("collab.v1.CollaborationService/GetAgreement",
                            part.found.alignment ? { collaborationId, languageCode: language.value } : undefined);
  // Asks for it anew whenever something in it was changed.
  const version = `${part.found.collaboration?.etag} ${part.found.alignment?.etag}`;
  const asked = useRef(version);
  useEffect(() => {
    if (asked.current === version) return;
    asked.current = version;
    agreement.reload();
  }, [version]);
  const meanings = part.found.collaboration?.meanings ?? [];
  const suggested = (agreement.data?.wordsToExplain ?? []).filter((word) => !meanings.some((each) => each.word === word));
  return (
    <>
      <h2>{t("collaboration.word.title")}</h2>
      <p class="muted">{t("collaboration.word.hint")}</p>
      <dl class="meanings">
        {meanings.map((each) => (
          <Meaning key={each.word} meaning={each} busy={busy} onAccept={(side) => void explain(side, each.word ?? "")} />
        ))}
      </dl>
      <Trouble error={error} retry={error?.code === "aborted" ? part.reload : undefined} />
      {mayActFor(kAssociation) && <Explain suggested={suggested} busy={busy} onSend={explain} />}
      {agreement.data?.text && (
        <details class="agreement-text">
          <summary>{t("collaboration.agreement")}</summary>
          <div class="prose">{agreementText(agreement.data.text, part.found.collaboration ?? {})}</div>
        </details>
      )}
    </>
  );
}
