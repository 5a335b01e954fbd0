// What those who took part said came of it, where they agreed to have it shown.
import type { ReportQuoteJson } from "../../gen/brobygger/report/v1/programme_pb";
import { Day } from "../../parts/Day";
import { Link } from "../../parts/Link";
import { Name } from "../../parts/Name";
import { session } from "../../state/session";
import { t } from "../../state/texts";

function Quote({ quote }: { quote: ReportQuoteJson }) {
  const title = <Name>{quote.collaborationTitle}</Name>;
  return (
    <figure class="report-quote">
      <blockquote class="prose" dir="auto">{quote.text}</blockquote>
      <figcaption class="small">
        <strong><Name>{quote.saidBy}</Name></strong> {t("report.quoteOf")}{" "}
        {session.has("collaborations.read") ? <Link to={`/samarbejder/${quote.collaborationId}`}>{title}</Link> : title}
        {quote.date && <>, <Day iso={quote.date} /></>}
      </figcaption>
    </figure>
  );
}

export function Quotes({ quotes }: { quotes: ReportQuoteJson[] }) {
  if (quotes.length === 0) return null;
  return (
    <section class="card report-quotes">
      <h2>{t("report.quotes")}</h2>
      <p>{t("report.quotesLead")}</p>
      {quotes.map((each, i) => <Quote key={i} quote={each} />)}
    </section>
  );
}
