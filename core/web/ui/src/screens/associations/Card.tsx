// One association of the list.
import type { SearchHitJson, SearchReasonJson } from "../../gen/brobygger/search/v1/search_service_pb";
import { Link } from "../../parts/Link";
import { Name } from "../../parts/Name";
import { Tag } from "../../parts/Tag";
import { navigate } from "../../state/router";
import { session } from "../../state/session";
import { t, word } from "../../state/texts";
import type { Department, Row } from "../whoKnows/matrix";
import { kindText, whenText } from "../whoKnows/words";
import { languageText, statusText } from "./words";

const kActivities = 6;

// "Navn: kulturforening (del af et sammensat ord)".
function reasonText(reason: SearchReasonJson): string {
  const field = word(`associations.fields.${reason.field}`, reason.field ?? "");
  const how = word(`associations.how.${(reason.how ?? "").replace("SEARCH_HOW_", "")}`, "");
  const found = reason.found || reason.asked || "";
  return how ? t("associations.reasonHow", { field, found, how }) : t("associations.reason", { field, found });
}

// What was chosen as a filter needs no reason.
function Reasons({ hit }: { hit: SearchHitJson }) {
  const reasons = (hit.reasons ?? []).filter((reason) => reason.field !== "area" || reason.how !== "SEARCH_HOW_EXACT");
  if (reasons.length === 0) return null;
  return <p class="hit-reasons small muted">{t("associations.foundIn")} {reasons.map(reasonText).join(" · ")}</p>;
}

function KnownBy({ row, departments }: { row: Row; departments: Department[] }) {
  const known = departments.flatMap((department, place) => {
    const pair = row.pairs[place];
    return pair ? [{ department, pair }] : [];
  });
  return (
    <div class="hit-known">
      <p class="strong">{t("associations.knownBy")}</p>
      {known.length === 0 ? <p class="amber">{t("associations.noContact")}</p> : (
        <ul class="plain">
          {known.map(({ department, pair }) => (
            <li key={department.id}>
              <Name>{department.name}</Name>
              <span class="muted">{kindText(pair.familiarity)} · {whenText(pair)}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

// For a volunteer centre: what it has in mind for an association, it writes on its own screen.
function Propose({ hit }: { hit: SearchHitJson }) {
  const association = { id: hit.associationId ?? "", name: hit.officialName ?? "" };
  return (
    <p class="hit-propose">
      <button type="button" class="link-button" onClick={() => navigate("/forslag", { state: { association } })}>
        {t("proposals.propose")}<span class="sr-only"> <Name>{association.name}</Name></span>
      </button>
    </p>
  );
}

interface Props {
  hit: SearchHitJson;
  // Undefined where nobody told who knows it.
  row?: Row;
  departments: Department[];
  // Its municipality, where that is another than one's own.
  elsewhere?: string;
}

export function Card({ hit, row, departments, elsewhere }: Props) {
  const languages = (hit.languageCodes ?? []).map(languageText).join(", ");
  const status = hit.status === "ASSOCIATION_STATUS_ACTIVE" ? "" : statusText(hit.status);
  const activities = hit.activities ?? [];
  const more = activities.length - kActivities;
  return (
    <li class={row?.known === 0 ? "card card-amber hit" : "card card-brand hit"}>
      <div>
        <h2 class="hit-name"><Link to={`/foreninger/${hit.associationId}`}><Name>{hit.officialName}</Name></Link></h2>
        <p class="muted hit-line">
          {[elsewhere, hit.area, languages, status].filter(Boolean).map((part, i) => <span key={i}>{i > 0 && " · "}<Name>{part}</Name></span>)}
        </p>
        {activities.length > 0 && (
          <ul class="plain labels">
            {activities.slice(0, kActivities).map((activity) => <li key={activity}><Tag><Name>{activity}</Name></Tag></li>)}
            {more > 0 && <li class="muted">{t("associations.more", { n: more })}</li>}
          </ul>
        )}
        <Reasons hit={hit} />
        {session.has("collaborations.propose") && <Propose hit={hit} />}
      </div>
      {row && <KnownBy row={row} departments={departments} />}
    </li>
  );
}
