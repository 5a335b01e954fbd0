// "Rapport": what came of a programme, for who pays for it and for those who took part.
import { useEffect, useState } from "preact/hooks";
import { Alert } from "../../parts/Alert";
import { Button } from "../../parts/Button";
import { Day, dayText } from "../../parts/Day";
import { Empty } from "../../parts/Empty";
import { Field } from "../../parts/Field";
import { Icon } from "../../parts/Icon";
import { Loading } from "../../parts/Loading";
import { Name } from "../../parts/Name";
import { Page } from "../../parts/Page";
import { Select } from "../../parts/Select";
import { TextInput } from "../../parts/TextInput";
import { instantOf, today } from "../../parts/today";
import { Trouble } from "../../parts/Trouble";
import type { ProgrammeJson, ProgrammeReportJson } from "../../gen/brobygger/report/v1/programme_pb";
import { keepState, keptState } from "../../state/router";
import { useCall } from "../../state/hooks";
import { t } from "../../state/texts";
import { download } from "./csv";
import { Figures } from "./Figures";
import { Quotes } from "./Quotes";

interface Asked {
  programme: string;
  // "" is the programme's own.
  from: string;
  to: string;
  // A day; "" is now.
  asOf: string;
}

// Lists are shut on the screen, and open on paper.
function useOpenOnPaper(): void {
  useEffect(() => {
    let opened: HTMLDetailsElement[] = [];
    const open = () => {
      opened = [...document.querySelectorAll<HTMLDetailsElement>(".report-list:not([open])")];
      for (const each of opened) each.open = true;
    };
    const shut = () => opened.forEach((each) => (each.open = false));
    addEventListener("beforeprint", open);
    addEventListener("afterprint", shut);
    return () => {
      removeEventListener("beforeprint", open);
      removeEventListener("afterprint", shut);
    };
  }, []);
}

interface ChoicesProps {
  programmes: ProgrammeJson[];
  chosen: ProgrammeJson;
  asked: Asked;
  set: (fields: Partial<Asked>) => void;
}

function Choices({ programmes, chosen, asked, set }: ChoicesProps) {
  return (
    <form class="report-choices no-print" onSubmit={(event) => event.preventDefault()}>
      <Field label={t("report.programme")}>
        <Select value={chosen.id ?? ""} onValue={(programme) => set({ programme, from: "", to: "" })}
                options={programmes.map((each) => ({ value: each.id ?? "", label: each.title ?? "" }))} />
      </Field>
      <Field label={t("report.from")}><TextInput type="date" value={asked.from || (chosen.startDate ?? "")} onValue={(from) => set({ from })} /></Field>
      <Field label={t("report.to")}><TextInput type="date" value={asked.to || (chosen.endDate ?? "")} onValue={(to) => set({ to })} /></Field>
      <Field label={t("report.asOf")} hint={t("report.asOfHint")}><TextInput type="date" value={asked.asOf} onValue={(asOf) => set({ asOf })} /></Field>
    </form>
  );
}

function Foot({ report, asOf }: { report: ProgrammeReportJson; asOf: string }) {
  return (
    <p class="small muted">
      {t("report.foot", { day: dayText(today()), version: report.definitionsVersion ?? "", revision: String(report.revision ?? "") })}
      {asOf && ` ${t("report.footAsOf", { day: dayText(asOf) })}`}
    </p>
  );
}

function Shown({ programmes }: { programmes: ProgrammeJson[] }) {
  const [asked, setAsked] = useState<Asked>(() => keptState({ programme: "", from: "", to: "", asOf: "" }));
  const chosen = programmes.find((each) => each.id === asked.programme) ?? programmes[0];
  const set = (fields: Partial<Asked>) => {
    const next = { ...asked, ...fields };
    keepState(next);
    setAsked(next);
  };
  const answer = useCall("report.v1.ProgrammeService/GetProgrammeReport", chosen && {
    programmeId: chosen.id, startDate: asked.from, endDate: asked.to, asOf: asked.asOf ? { time: instantOf(asked.asOf, "23:59") } : undefined,
  });
  useOpenOnPaper();
  if (!chosen) return null;
  // A report of another day or programme is not shown under this one's error.
  const report = answer.error ? undefined : answer.data?.report;
  const notYet = asked.asOf && answer.error?.reason === "PROGRAMME_NOT_FOUND";
  return (
    <>
      <Choices programmes={programmes} chosen={chosen} asked={asked} set={set} />
      {notYet ? <Alert tone="info"><p>{t("report.notYet")}</p></Alert> : <Trouble error={answer.error} retry={answer.reload} />}
      {!report && answer.loading && <Loading />}
      {report && (
        <article class="report" aria-busy={answer.loading}>
          <div class="row row-between">
            <div>
              <h2 class="report-title"><Name>{report.programme?.title}</Name></h2>
              <p class="lead"><Day iso={report.startDate} /> – <Day iso={report.endDate} /></p>
            </div>
            <div class="row no-print">
              <Button kind="secondary" onClick={() => print()}>{t("report.print")}</Button>
              <Button kind="secondary" onClick={() => download(report)}><Icon name="download" />{t("report.download")}</Button>
            </div>
          </div>
          {report.partial && <Alert tone="info"><p>{t("report.partial")}</p></Alert>}
          <Figures values={report.values ?? []} />
          <Quotes quotes={report.quotes ?? []} />
          <Foot report={report} asOf={asked.asOf} />
        </article>
      )}
    </>
  );
}

export default function Report() {
  const listed = useCall("report.v1.ProgrammeService/ListProgrammes", {});
  const programmes = listed.data?.programmes ?? [];
  return (
    <Page title={t("nav.report")} lead={t("report.lead")} wide>
      <Trouble error={listed.error} retry={listed.reload} />
      {!listed.data && listed.loading && <Loading />}
      {programmes.length > 0 && <Shown programmes={programmes} />}
      {listed.data && !programmes.length && <Empty title={t("report.none")}>{t("report.noneText")}</Empty>}
    </Page>
  );
}
