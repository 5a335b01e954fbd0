// The resource checks of an association, a department or a municipality: a picture, the same
// numbers as a table, what there is to talk about, and the form for a new one.
import { useState } from "preact/hooks";
import type { ResourceCheckJson, ResourceStatementJson } from "../../gen/brobygger/collab/v1/resource_check_pb";
import { Alert } from "../../parts/Alert";
import { Button } from "../../parts/Button";
import { Checkbox } from "../../parts/Checkbox";
import { dayText } from "../../parts/Day";
import { Empty } from "../../parts/Empty";
import { Link } from "../../parts/Link";
import { Loading } from "../../parts/Loading";
import { Name } from "../../parts/Name";
import { Page } from "../../parts/Page";
import { Trouble } from "../../parts/Trouble";
import { useCall } from "../../state/hooks";
import { navigate } from "../../state/router";
import { session } from "../../state/session";
import { t } from "../../state/texts";
import { Numbers } from "./Numbers";
import { Radar } from "./Radar";
import { Record } from "./Record";
import { Sharing } from "./Sharing";
import { Steps } from "./Steps";
import { useSubject, type Subject } from "./subject";
import { kAssociation, statementText, toTalkAbout, topicText } from "./words";

const kMostShown = 3;

// Which rounds are drawn: the first one, since change is counted from there, and the newest.
function usual(checks: ResourceCheckJson[]): string[] {
  return checks.filter((_, i) => i === 0 || checks.length - i < kMostShown).map((each) => each.id ?? "");
}

function Pick({ checks, shown, onShown }: { checks: ResourceCheckJson[]; shown: string[]; onShown: (ids: string[]) => void }) {
  if (checks.length <= kMostShown) return null;
  return (
    <fieldset class="field">
      <legend class="form-label">{t("resourceCheck.pick", { n: kMostShown })}</legend>
      <div class="choices-inline">
        {checks.map((each) => {
          const on = shown.includes(each.id ?? "");
          return (
            <Checkbox key={each.id} label={dayText(each.date ?? "")} checked={on} disabled={on ? shown.length === 1 : shown.length >= kMostShown}
                      onValue={(to) => onShown(to ? [...shown, each.id ?? ""] : shown.filter((id) => id !== each.id))} />
          );
        })}
      </div>
    </fieldset>
  );
}

function NextStep({ subject, checks, statements }: { subject: Subject; checks: ResourceCheckJson[]; statements: ResourceStatementJson[] }) {
  const talk = toTalkAbout(checks[checks.length - 1] ?? {}, statements);
  const topics = [...new Set(talk.map((each) => each.topic))];
  const propose = () => navigate("/samarbejder", { state: subject.kind === kAssociation ? { associationId: subject.id } : undefined });
  return (
    <section class="card card-brand section" aria-labelledby="next-step">
      <h2 id="next-step">{t("resourceCheck.next")}</h2>
      <Steps checks={checks} />
      <p>{t("resourceCheck.nextHint")}</p>
      {talk.length > 0 && (
        <details class="section-details">
          <summary>{t("resourceCheck.talk", { n: talk.length })}</summary>
          {topics.map((topic) => (
            <div key={topic}>
              <h3>{topicText(topic ?? "")}</h3>
              <ul>{talk.filter((each) => each.topic === topic).map((each) => <li key={each.id}>{statementText(each)}</li>)}</ul>
            </div>
          ))}
        </details>
      )}
      {session.has("collaborations.write") && <Button kind="secondary" onClick={propose}>{t("resourceCheck.propose")}</Button>}
    </section>
  );
}

function Rounds({ subject, checks, reload }: { subject: Subject; checks: ResourceCheckJson[]; reload: () => void }) {
  const [picked, setPicked] = useState<string[]>();
  const statements = useCall("collab.v1.ResourceCheckService/ListResourceStatements", { subject: subject.kind });
  const shown = picked ?? usual(checks);
  const drawn = checks.filter((each) => shown.includes(each.id ?? ""));
  return (
    <>
      <Pick checks={checks} shown={shown} onShown={setPicked} />
      <div class="columns resource-columns">
        <Radar checks={drawn} />
        <Numbers checks={drawn} />
      </div>
      <NextStep subject={subject} checks={checks} statements={statements.data?.statements ?? []} />
      <Sharing subject={subject} checks={checks} reload={reload} />
    </>
  );
}

function Shown({ subject }: { subject: Subject }) {
  const [recording, setRecording] = useState(false);
  const answer = useCall("collab.v1.ResourceCheckService/ListResourceChecks", { subject: subject.kind, subjectId: subject.id });
  const checks = answer.data?.resourceChecks ?? [];
  const done = () => {
    setRecording(false);
    answer.reload();
  };
  const record = subject.mayRecord && !recording && <Button onClick={() => setRecording(true)}>{t("resourceCheck.record")}</Button>;
  const name = <Name>{subject.name}</Name>;
  return (
    <Page title={t("resourceCheck.title")} wide actions={record}
          lead={subject.kind === kAssociation ? <Link to={subject.own ? "/egen-side" : `/foreninger/${subject.id}`}>{name}</Link> : name}>
      <Alert tone="info">{t(subject.kind === kAssociation ? "resourceCheck.label" : "resourceCheck.labelMunicipality")}</Alert>
      <Trouble error={answer.error} retry={answer.reload} />
      {recording && <Record subject={subject} first={checks.length === 0} onDone={done} onClose={() => setRecording(false)} />}
      {answer.loading && !answer.data && <Loading />}
      {!recording && answer.data && checks.length === 0 && (
        <Empty title={t(subject.own ? "resourceCheck.none" : "resourceCheck.noneShared")} action={record}>
          {t(subject.own ? "resourceCheck.noneHint" : "resourceCheck.noneSharedHint")}
        </Empty>
      )}
      {!recording && checks.length > 0 && <Rounds subject={subject} checks={checks} reload={answer.reload} />}
    </Page>
  );
}

export function ResourceCheck({ id }: { id: string }) {
  const { subject, error, reload } = useSubject(id);
  if (subject) return <Shown key={id} subject={subject} />;
  return (
    <Page title={t("resourceCheck.title")}>
      {error ? <Trouble error={error} retry={reload} /> : <Loading />}
    </Page>
  );
}
