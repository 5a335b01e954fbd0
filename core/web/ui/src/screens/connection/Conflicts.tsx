import { useState } from "preact/hooks";
import type { ConflictJson } from "../../gen/brobygger/sync/v1/plan_pb";
import type { ResolveConflictRequest_ChoiceJson } from "../../gen/brobygger/sync/v1/sync_answers_pb";
import { Ago } from "../../parts/Ago";
import { Alert } from "../../parts/Alert";
import { Button } from "../../parts/Button";
import { Empty } from "../../parts/Empty";
import { Field } from "../../parts/Field";
import { Link } from "../../parts/Link";
import { Loading } from "../../parts/Loading";
import { Name } from "../../parts/Name";
import { Pager } from "../../parts/Pager";
import { TextInput } from "../../parts/TextInput";
import { Trouble } from "../../parts/Trouble";
import { usePages } from "../../parts/use_pages";
import { requestId, useWrite } from "../../state/hooks";
import { t, word } from "../../state/texts";
import { fieldText, typedValue, valueText } from "./words";

interface Props {
  connectionId: string;
  mayOperate: boolean;
  onChange: () => void;
}

type Choose = (choice: ResolveConflictRequest_ChoiceJson, value?: string) => void;

// Several records are one association: it is asked which, not what a field holds.
function isTwin(conflict: ConflictJson): boolean {
  return conflict.kind === "KIND_DUPLICATE";
}

// What a deletion on one side means is said in words: there is no value to show.
function side(conflict: ConflictJson, value: string | undefined): string {
  if (conflict.kind === "KIND_DELETE_VS_EDIT") return value === "deleted" ? t("connection.deleted") : t("connection.edited");
  return valueText(conflict.path, value);
}

function Answers({ conflict, busy, choose }: { conflict: ConflictJson; busy: boolean; choose: Choose }) {
  const [other, setOther] = useState<string>();
  // Only a field can get another value.
  const twin = isTwin(conflict);
  const field = Boolean(conflict.path) && !twin;
  if (other !== undefined) {
    return (
      <form onSubmit={(event) => {
        event.preventDefault();
        choose("CHOICE_VALUE", typedValue(conflict.path, other));
      }}>
        <Field label={t("connection.otherLabel", { field: fieldText(conflict.path) })} hint={t("connection.otherHint")}>
          <TextInput value={other} onValue={setOther} dir="auto" />
        </Field>
        <div class="row">
          <Button type="submit" busy={busy}>{t("connection.useOther")}</Button>
          <Button kind="tertiary" onClick={() => setOther(undefined)}>{t("common.cancel")}</Button>
        </div>
      </form>
    );
  }
  return (
    <div class="row">
      <Button kind="secondary" busy={busy} onClick={() => choose("CHOICE_REGISTRY")}>{t(twin ? "connection.notThis" : "connection.keepOurs")}</Button>
      <Button kind="secondary" disabled={busy} onClick={() => choose("CHOICE_SOURCE")}>{t(twin ? "connection.thisOne" : "connection.keepTheirs")}</Button>
      {field && <Button kind="tertiary" disabled={busy} onClick={() => setOther("")}>{t("connection.other")}</Button>}
    </div>
  );
}

interface OneProps {
  conflict: ConflictJson;
  mayOperate: boolean;
  // What holds now, if it was settled here; of twins, what was chosen.
  onSettled: (value?: string) => void;
}

function One({ conflict, mayOperate, onSettled }: OneProps) {
  const resolve = useWrite("sync.v1.SyncService/ResolveConflict");
  // Somebody else may have settled it meanwhile: then there is nothing to choose any more.
  const gone = resolve.error?.reason === "CONFLICT_NOT_FOUND";
  const choose: Choose = (choice, value) => {
    void resolve.run({ conflictId: conflict.conflictId, choice, value, requestId: requestId() }).then((done) => done && onSettled(isTwin(conflict) ? choice : done.registryValue ?? ""));
  };
  const values: [string, string | undefined][] = isTwin(conflict) ? [
    [t("connection.thisRecord"), conflict.externalId],
    [t("connection.allRecords"), conflict.sourceValue],
  ] : [[t("connection.ours"), conflict.registryValue], [t("connection.theirs"), conflict.sourceValue]];
  return (
    <li class="card">
      <h2 class="connection-title">
        <Link to={`/foreninger/${conflict.associationId}`}><Name>{conflict.officialName ?? conflict.externalId}</Name></Link>
        {conflict.path && !isTwin(conflict) && <span class="weight-normal"> · {fieldText(conflict.path)}</span>}
      </h2>
      <p>{word(`connection.conflict.${conflict.kind}`, "")} <span class="muted"><Ago iso={conflict.openTime} /></span></p>
      <dl class="facts">
        {values.map(([label, value]) => [<dt key={label}>{label}</dt>, <dd key={`${label} value`}><Name>{side(conflict, value)}</Name></dd>])}
        {conflict.baseValue && [<dt key="base">{t("connection.both")}</dt>, <dd key="base value"><Name>{valueText(conflict.path, conflict.baseValue)}</Name></dd>]}
      </dl>
      {gone
        ? <p role="status">{t("connection.settledByAnother")} <Button kind="tertiary" onClick={() => onSettled()}>{t("connection.seeRest")}</Button></p>
        : <Trouble error={resolve.error} />}
      {mayOperate && !gone && <Answers conflict={conflict} busy={resolve.busy} choose={choose} />}
    </li>
  );
}

// Fields where two sides changed: a person chooses.
export function Conflicts({ connectionId, mayOperate, onChange }: Props) {
  const pages = usePages("sync.v1.SyncService/ListConflicts", { connectionId });
  const conflicts = pages.data?.conflicts ?? [];
  const [last, setLast] = useState<string>();
  const settled = (conflict: ConflictJson, value?: string) => {
    if (value !== undefined && isTwin(conflict)) {
      const key = value === "CHOICE_SOURCE" ? "connection.settledThis" : "connection.settledOther";
      setLast(t(key, { name: conflict.officialName ?? "", record: conflict.externalId ?? "" }));
    } else setLast(value === undefined ? undefined : t("connection.settled", {
      name: conflict.officialName ?? "", field: conflict.path ? fieldText(conflict.path) : t("connection.recordHead"), value: side(conflict, value),
    }));
    pages.reload();
    onChange();
  };
  return (
    <>
      <p>{t("connection.conflictsText")}</p>
      {last && <Alert tone="success" announce><p>{last}</p></Alert>}
      <Trouble error={pages.error} retry={pages.reload} />
      {!pages.data && !pages.error && <Loading />}
      {pages.data && !conflicts.length && <Empty title={t("connection.noConflicts")} />}
      <ul class="plain">{conflicts.map((each) => <One key={each.conflictId} conflict={each} mayOperate={mayOperate} onSettled={(value) => settled(each, value)} />)}</ul>
      <Pager pages={pages} />
    </>
  );
}
