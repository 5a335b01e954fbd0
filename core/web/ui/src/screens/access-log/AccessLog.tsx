import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../../api/errors";
import { Alert } from "../../parts/Alert";
import { Button } from "../../parts/Button";
import { Day } from "../../parts/Day";
import { Empty } from "../../parts/Empty";
import { Field } from "../../parts/Field";
import { Link } from "../../parts/Link";
import { Loading } from "../../parts/Loading";
import { Name } from "../../parts/Name";
import { Page } from "../../parts/Page";
import { Select } from "../../parts/Select";
import { Table } from "../../parts/Table";
import { Tag } from "../../parts/Tag";
import { Trouble } from "../../parts/Trouble";
import { useDepartments } from "../../parts/use_departments";
import { keepState, keptState } from "../../state/router";
import { session } from "../../state/session";
import { t } from "../../state/texts";
import { Chooser, type Chosen } from "./Chooser";
import { loadLog, type Line, type Log } from "./log";

const kDays = ["1", "7", "30", "365"] as const;
const kLinesAtOnce = 40;

interface Shown {
  days: string;
  // The association whose log is shown; all else.
  association?: Chosen;
  actor?: string;
}

function useLog(shown: Shown) {
  const [state, setState] = useState<{ log?: Log; error?: ApiError }>({});
  const [round, setRound] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    setState({});
    loadLog({ associationId: shown.association?.id, actor: shown.actor, days: Number(shown.days) }, abort.signal).then(
      (log) => !abort.signal.aborted && setState({ log }),
      (error: unknown) => !abort.signal.aborted && setState({ error: error instanceof ApiError ? error : new ApiError("unknown", String(error)) }),
    );
    return () => abort.abort();
  }, [shown.association?.id, shown.actor, shown.days, round]);
  return { ...state, reload: () => setRound((n) => n + 1) };
}

// Who looked is a pseudonym; the log holds no names. To see what one of them did is for those who
// look after the log.
function Who({ line, onActor }: { line: Line; onActor?: (actor: string) => void }) {
  return (
    <>
      {line.who}
      {onActor && (
        <div>
          <button type="button" class="link-button small" onClick={() => onActor(line.actor)}>
            {t("accessLog.onlyThis")}<span class="sr-only"> {line.actor}</span>
          </button>
        </div>
      )}
    </>
  );
}

// In which role it was done, and for which department: who it was is not told, but where to ask.
function Role({ line, nameOf }: { line: Line; nameOf: (departmentId: string) => string }) {
  if (!line.departmentId && !line.roles) return <>–</>;
  return (
    <>
      {line.departmentId && <div><Name>{nameOf(line.departmentId)}</Name></div>}
      {line.roles && <div class={line.departmentId ? "small muted" : undefined}>{line.roles}</div>}
    </>
  );
}

// What a department is called; the log holds ids.
function useDepartmentNames(): (departmentId: string) => string {
  const { all, loading } = useDepartments();
  return (id) => all.find((each) => each.id === id)?.officialName ?? (loading ? "…" : t("accessLog.otherDepartment"));
}

function Lines({ lines, onActor }: { lines: Line[]; onActor?: (actor: string) => void }) {
  const [most, setMost] = useState(kLinesAtOnce);
  const nameOf = useDepartmentNames();
  const choosable = new Set(lines.map((line) => line.actor)).size > 1 ? onActor : undefined;
  return (
    <>
      <Table quiet caption={t("accessLog.title")}
             head={[t("accessLog.time"), t("accessLog.whoHead"), t("accessLog.roleHead"), t("accessLog.did"), t("accessLog.fieldsHead"), t("accessLog.purpose")]}
             rows={lines.slice(0, most).map((line) => ({
               key: line.key,
               cells: [
                 <Day iso={line.time} time />,
                 <Who line={line} onActor={choosable} />,
                 <Role line={line} nameOf={nameOf} />,
                 <>
                   {line.did}{line.times > 1 && ` (${t("accessLog.times", { n: line.times })})`}
                   {line.associationId && <> (<Link to={`/foreninger/${line.associationId}`}>{t("accessLog.see")}</Link>)</>}
                   {line.about && <div class="small muted"><Name>{line.about}</Name></div>}
                   {line.refused && <div><Tag tone="warn">{t("accessLog.refused")}</Tag></div>}
                 </>,
                 line.fields, line.purpose,
               ],
             }))} />
      {lines.length > most && <Button kind="secondary" onClick={() => setMost(most + kLinesAtOnce)}>{t("accessLog.more", { n: lines.length - most })}</Button>}
    </>
  );
}

// Who has seen the data: of one association, or of all that the caller may see the log of.
export default function AccessLog() {
  const own = session.me.value?.associationId;
  const begin: Shown = own ? { days: "365", association: { id: own, name: "" } } : { days: "7" };
  const [shown, setShown] = useState({ ...begin, ...keptState<Partial<Shown>>({}) });
  const { log, error, reload } = useLog(shown);
  const show = (some: Partial<Shown>) => {
    const next = { ...shown, ...some };
    keepState(next);
    setShown(next);
  };
  const { association, actor } = shown;
  return (
    <Page title={t("accessLog.title")} lead={t(own ? "accessLog.leadOwn" : "accessLog.lead")} wide>
      <div class="row log-choices">
        <Field label={t("accessLog.period")}>
          <Select value={shown.days} onValue={(days) => show({ days })} options={kDays.map((value) => ({ value, label: t(`accessLog.days.${value}`) }))} />
        </Field>
        {!own && <Chooser onChoose={(chosen) => show({ association: chosen })} />}
      </div>
      {!own && (association || actor) && (
        <div class="chips">
          {association && <span>{t("accessLog.of")} <strong><Name>{association.name}</Name></strong></span>}
          {association && <Button kind="tertiary" onClick={() => show({ association: undefined })}>{t("accessLog.showAll")}</Button>}
          {actor && <span>{t("accessLog.by", { actor })}</span>}
          {actor && <Button kind="tertiary" onClick={() => show({ actor: undefined })}>{t("accessLog.showEverybody")}</Button>}
        </div>
      )}
      <Trouble error={error} retry={reload} />
      {!log && !error && <Loading />}
      {log?.damaged && <Alert tone="error" title={t("accessLog.damaged")}><p>{t("accessLog.damagedText")}</p></Alert>}
      {log?.cut && <Alert tone="warning"><p>{t("accessLog.cut")}</p></Alert>}
      {log && (log.lines.length ? <Lines lines={log.lines} onActor={own ? undefined : (to) => show({ actor: to })} /> : <Empty title={t("accessLog.none")} />)}
      <p class="small muted">{t(own || association ? "accessLog.scopeOne" : "accessLog.scopeAll")}</p>
    </Page>
  );
}
