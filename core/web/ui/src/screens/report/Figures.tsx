// The figures of a programme: the number, what is counted, and the list behind it.
import { Link } from "../../parts/Link";
import { Name } from "../../parts/Name";
import { numberText } from "../../parts/Number";
import type { ReportItemJson, ReportValueJson } from "../../gen/brobygger/report/v1/programme_pb";
import { t } from "../../state/texts";
import { ChangeChart } from "./ChangeChart";
import { definitionOf, figureOf, isTold, itemDetail, itemTitle, numberOf, ofText, titleOf } from "./words";

// Where the page has a screen for what a line is about.
const screens: Record<string, string> = {
  ASSOCIATIONS: "foreninger", NOT_ABOUT_MONEY: "foreninger", NEW_COLLABORATIONS: "samarbejder",
  COLLABORATION_DAYS: "netvaerksdage", NETWORK_DAYS: "netvaerksdage",
};

function Item({ item, figure }: { item: ReportItemJson; figure: string }) {
  const screen = screens[figure];
  const name = <Name>{itemTitle(item)}</Name>;
  const detail = itemDetail(item);
  return (
    <li>
      {screen && item.id ? <Link to={`/${screen}/${item.id}`}>{name}</Link> : name}
      {detail && <span class="muted"> <Name>{detail}</Name></span>}
    </li>
  );
}

// Open on paper, where nobody can press.
function List({ value }: { value: ReportValueJson }) {
  const items = value.items ?? [];
  if (!items.length) return null;
  return (
    <details class="report-list">
      <summary>{t("report.list", { n: items.length })}</summary>
      <ul>{items.map((item, i) => <Item key={item.id || i} item={item} figure={figureOf(value)} />)}</ul>
    </details>
  );
}

// A list longer than this takes the whole width of a sheet.
const kShortList = 8;

function Figure({ value }: { value: ReportValueJson }) {
  const long = (value.items ?? []).length > kShortList && figureOf(value) !== "RESOURCE_CHANGE";
  const source = figureOf(value) === "NATIONAL_ESTIMATE" ? value.items?.[0]?.title : undefined;
  return (
    <section class={long ? "card report-figure report-long" : "card report-figure"}>
      <h2>{titleOf(value)}</h2>
      <p class={value.keptBack ? "report-number report-kept" : "report-number"}>{numberOf(value)}</p>
      <p class="small">
        {ofText(value)}
        {value.target !== undefined && <span> {t("report.target", { n: numberText(value.target) })}</span>}
        {source && <span>{t("report.source", { source })}</span>}
      </p>
      {value.keptBack && <p class="small strong">{t("report.keptBack")}</p>}
      <p class="small muted">{definitionOf(value)}</p>
      {figureOf(value) !== "RESOURCE_CHANGE" && !source && <List value={value} />}
    </section>
  );
}

export function Figures({ values }: { values: ReportValueJson[] }) {
  const change = values.find((value) => figureOf(value) === "RESOURCE_CHANGE");
  const topics = change?.items ?? [];
  return (
    <>
      <div class="report-figures">
        {values.filter(isTold).map((value) => <Figure key={value.figure} value={value} />)}
      </div>
      {topics.length > 0 && (
        <section class="card">
          <h2>{t("report.change")}</h2>
          <p>{t("report.changeLead")}</p>
          <ChangeChart items={topics} />
        </section>
      )}
    </>
  );
}
