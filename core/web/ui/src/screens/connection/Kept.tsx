// What did not get through, or gave way: records that could not be used, writes that the source
// refused, and values that the other side overruled.
import { useState } from "preact/hooks";
import { Ago } from "../../parts/Ago";
import { Alert } from "../../parts/Alert";
import { Button } from "../../parts/Button";
import { Empty } from "../../parts/Empty";
import { Link } from "../../parts/Link";
import { Loading } from "../../parts/Loading";
import { Name } from "../../parts/Name";
import { Pager } from "../../parts/Pager";
import { Table } from "../../parts/Table";
import { Trouble } from "../../parts/Trouble";
import { usePages } from "../../parts/use_pages";
import { useWrite } from "../../state/hooks";
import { language, t, word } from "../../state/texts";
import { fieldText, valueText } from "./words";

interface Told {
  textDa?: string;
  textEn?: string;
  code?: string;
}

// Why something did not get through, in the person's language, with the code to search for.
function Why({ of: { textDa, textEn, code } }: { of: Told }) {
  // What the hub itself says comes in English, and is told anew.
  const own = word(`connection.letters.${(code ?? "").replace(".", "_")}`, "");
  return <>{own || (language.value === "da" ? textDa || textEn : textEn || textDa)}<div class="small muted">{code}</div></>;
}

export function Rejected({ connectionId }: { connectionId: string }) {
  const pages = usePages("sync.v1.SyncService/ListRejectedRecords", { connectionId });
  const records = pages.data?.records ?? [];
  return (
    <>
      <p>{t("connection.rejectedText")}</p>
      <Trouble error={pages.error} retry={pages.reload} />
      {!pages.data && !pages.error && <Loading />}
      {pages.data && !records.length && <Empty title={t("connection.noRejected")} />}
      {records.length > 0 && (
        <Table quiet caption={t("connection.tab.rejected")} head={[t("connection.place"), t("connection.recordHead"), t("connection.why"), t("connection.since")]}
               rows={records.map((each, i) => ({
                 key: `${each.place} ${each.externalId} ${i}`,
                 cells: [each.place || "–", each.externalId || "–", <Why of={each} />, <Ago iso={each.firstTime} />],
               }))} />
      )}
      <Pager pages={pages} />
    </>
  );
}

export function Overruled({ connectionId }: { connectionId: string }) {
  const pages = usePages("sync.v1.SyncService/ListOverruledValues", { connectionId });
  const values = pages.data?.values ?? [];
  return (
    <>
      <p>{t("connection.overruledText")}</p>
      <Trouble error={pages.error} retry={pages.reload} />
      {!pages.data && !pages.error && <Loading />}
      {pages.data && !values.length && <Empty title={t("connection.noOverruled")} />}
      {values.length > 0 && (
        <Table quiet caption={t("connection.tab.overruled")}
               head={[t("connection.who"), t("connection.field"), t("connection.gaveWay"), t("connection.now"), t("connection.when")]}
               rows={values.map((each, i) => ({
                 key: `${each.associationId} ${each.path} ${i}`,
                 cells: [
                   <Link to={`/foreninger/${each.associationId}`}>{t("connection.record", { id: each.externalId ?? "" })}</Link>,
                   fieldText(each.path),
                   <><Name>{valueText(each.path, each.value)}</Name><div class="small muted">{t(each.atSource ? "connection.there" : "connection.here")}</div></>,
                   <Name>{valueText(each.path, each.replacedBy)}</Name>, <Ago iso={each.time} />,
                 ],
               }))} />
      )}
      <Pager pages={pages} />
    </>
  );
}

interface LettersProps {
  connectionId: string;
  mayOperate: boolean;
  onChange: () => void;
}

export function DeadLetters({ connectionId, mayOperate, onChange }: LettersProps) {
  const pages = usePages("sync.v1.SyncService/ListDeadLetters", { connectionId });
  const replay = useWrite("sync.v1.SyncService/ReplayDeadLetters");
  const [replayed, setReplayed] = useState<number>();
  const letters = pages.data?.deadLetters ?? [];
  const again = (associationId?: string) => void replay.run({ connectionId, associationId }).then((done) => {
    if (!done) return;
    setReplayed(Number(done.replayedCount ?? 0));
    pages.reload();
    onChange();
  });
  return (
    <>
      <p>{t("connection.lettersText")}</p>
      {replayed !== undefined && <Alert tone="success" announce><p>{t("connection.replayed", { n: replayed })}</p></Alert>}
      <Trouble error={pages.error} retry={pages.reload} />
      <Trouble error={replay.error} />
      {!pages.data && !pages.error && <Loading />}
      {pages.data && !letters.length && <Empty title={t("connection.noLetters")} />}
      {letters.length > 0 && (
        <>
          {mayOperate && <Button busy={replay.busy} onClick={() => again()}>{t("connection.replayAll")}</Button>}
          <Table quiet caption={t("connection.tab.letters")}
                 head={[t("connection.who"), t("connection.why"), t("connection.field"), t("connection.tried"), t("connection.answerHead")]}
                 rows={letters.map((each) => ({
                   key: each.associationId ?? "",
                   cells: [
                     <Link to={`/foreninger/${each.associationId}`}><Name>{each.officialName}</Name></Link>,
                     <Why of={each} />, each.path ?? "", t("connection.times", { n: each.attempts ?? 0 }),
                     mayOperate && <Button kind="tertiary" disabled={replay.busy} onClick={() => again(each.associationId)}>{t("connection.replay")}</Button>,
                   ],
                 }))} />
        </>
      )}
      <Pager pages={pages} />
    </>
  );
}
