// What the association is and does, in its own words first.
import type { ActivityJson, ResourceStatementJson } from "../../gen/brobygger/registry/v1/association_profile_pb";
import type { AddressJson, LocalizedTextJson } from "../../gen/brobygger/registry/v1/common_pb";
import { Day } from "../../parts/Day";
import { inLanguage } from "../../parts/in_language";
import { Name } from "../../parts/Name";
import { moneyText, numberText } from "../../parts/Number";
import { Tag } from "../../parts/Tag";
import { weekdaysText } from "../../parts/weekday";
import { t, word, type TextKey } from "../../state/texts";
import { ageText, audienceText, languageText, statusText, themeText } from "../associations/words";
import { Fact, type About } from "./Fact";

const sides: Record<string, TextKey> = {
  PERSPECTIVE_ASSOCIATION: "association.side.ASSOCIATION",
  PERSPECTIVE_MUNICIPALITY: "association.side.MUNICIPALITY",
  PERSPECTIVE_VOLUNTEER_CENTRE: "association.side.VOLUNTEER_CENTRE",
};

function sideText(perspective: string | undefined): string {
  const key = sides[perspective ?? ""];
  return key ? t(key) : t("common.unknown");
}

function Activity({ activity }: { activity: ActivityJson }) {
  const price = activity.priceOere === undefined ? "" : Number(activity.priceOere) === 0 ? t("association.free") : moneyText(activity.priceOere);
  const whom = [...(activity.audiences ?? []).map(audienceText), ...(activity.ageBands ?? []).map(ageText)].filter(Boolean).join(", ");
  const facts = [
    weekdaysText(activity.recurrenceRule), activity.place, price, activity.capacity && t("association.capacity", { n: activity.capacity }),
    ...(activity.languageCodes ?? []).map(languageText),
  ];
  return (
    <li class="card">
      <h3><Name>{activity.title}</Name></h3>
      {activity.description && <p class="prose" dir="auto">{inLanguage(activity.description)}</p>}
      {whom && <p>{t("association.audience")} {whom}</p>}
      <p class="muted small">{facts.filter(Boolean).join(" · ")}</p>
      <div class="labels">{(activity.themes ?? []).map((theme) => <Tag key={theme}>{themeText(theme)}</Tag>)}</div>
    </li>
  );
}

function Interests({ association }: About) {
  const interests = association.collaborationInterests ?? [];
  return (
    <>
      {interests.map((interest, i) => (
        <div key={i} class="card">
          <p class="strong capital">{sideText(interest.perspective)}{interest.level !== undefined && `: ${word(`association.interest.${interest.level}`, "")}`}</p>
          {interest.motivation && <p class="prose" dir="auto">{inLanguage(interest.motivation)}</p>}
        </div>
      ))}
    </>
  );
}

// What the association said of itself, in its own words.
function OwnWords({ text }: { text: LocalizedTextJson | undefined }) {
  const said = inLanguage(text);
  return said ? <p class="prose own-words" dir="auto">{said}</p> : null;
}

// What it can give to others and wishes of them; with the wish, the premises that it lacks.
function GivesAndWishes({ newest, ...about }: About & { newest: ResourceStatementJson | undefined }) {
  const { offers, wishes, collaborationInterests: interests = [] } = about.association;
  const needs = (newest?.premises ?? []).map((each) => each.needs).filter(Boolean);
  const wishesNothing = !inLanguage(wishes) && interests.length === 0 && needs.length === 0;
  return (
    <>
      <h2>{t("association.offers")}</h2>
      {inLanguage(offers) ? <OwnWords text={offers} /> : <p class="muted">{t("association.noOffers")}</p>}
      <h2>{t("association.wishes")}</h2>
      <OwnWords text={wishes} />
      <Interests {...about} />
      {needs.map((need) => <p key={need} class="prose">{t("association.premisesNeeds")} <Name>{need}</Name></p>)}
      {wishesNothing && <p class="muted">{t("association.noWishes")}</p>}
    </>
  );
}

function Resources({ newest }: { newest: ResourceStatementJson | undefined }) {
  if (!newest) return null;
  const figures: [string, number | undefined][] = [
    [t("association.members"), newest.membersTotal],
    [t("association.membersYoung"), newest.membersUnder25],
    [t("association.volunteers"), newest.volunteersActive],
  ];
  return (
    <section>
      <h2>{t("association.resources", { year: newest.year ?? "" })}</h2>
      <div class="figures">
        {figures.map(([label, value]) => value !== undefined && (
          <div class="figure" key={label}><span class="figure-number">{numberText(value)}</span>{label}</div>
        ))}
      </div>
    </section>
  );
}

function addressText(address: AddressJson): string {
  const street = [address.street, address.houseNumber, address.floorAndDoor].filter(Boolean).join(" ");
  return [street, [address.postalCode, address.postalDistrict].filter(Boolean).join(" ")].filter(Boolean).join(", ");
}

// A web page is only made a link where the address is one of the web.
function Website({ address }: { address: string }) {
  return /^https?:\/\//.test(address) ? <a href={address} rel="noopener noreferrer">{address}</a> : <Name>{address}</Name>;
}

function Reach(about: About) {
  const { association } = about;
  const list = (values: string[] | undefined, show: (value: string) => preact.ComponentChildren) =>
    values?.length ? values.map((value) => <div key={value}>{show(value)}</div>) : undefined;
  return (
    <dl class="facts facts-stacked">
      <Fact {...about} field="emails" label={t("association.fields.emails")}>{list(association.emails, (each) => <a href={`mailto:${each}`}>{each}</a>)}</Fact>
      <Fact {...about} field="phones" label={t("association.fields.phones")}>{list(association.phones, (each) => <a href={`tel:${each}`}>{each}</a>)}</Fact>
      <Fact {...about} field="websites" label={t("association.fields.websites")}>{list(association.websites, (each) => <Website address={each} />)}</Fact>
      <Fact {...about} field="addresses" label={t("association.fields.addresses")}>{list(association.addresses?.map(addressText), (each) => <Name>{each}</Name>)}</Fact>
      <Fact {...about} field="coverage_area" label={t("associations.area")}>{association.coverageArea && <Name>{association.coverageArea}</Name>}</Fact>
      <Fact {...about} field="language_codes" label={t("associations.columns.languages")}>{(association.languageCodes ?? []).map(languageText).join(", ")}</Fact>
      <Fact {...about} field="status" label={t("associations.columns.status")}>{statusText(association.status)}</Fact>
      <Fact {...about} field="founded_date" label={t("association.fields.founded_date")}>{association.foundedDate && <Day iso={association.foundedDate} />}</Fact>
    </dl>
  );
}

function Confirmed({ association }: About) {
  const confirmations = association.confirmations ?? [];
  return (
    <section>
      <h2>{t("association.confirmed")}</h2>
      {confirmations.length === 0 ? <p>{t("association.notConfirmed")}</p> : (
        <ul class="plain">
          {confirmations.map((each) => (
            <li key={`${each.section}${each.perspective}`}>
              {word(`association.sections.${each.section}`, each.section ?? "")}: <Day iso={each.date} /> ({sideText(each.perspective)})
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

export function Overview(about: About) {
  const { association } = about;
  const activities = association.activities ?? [];
  const newest = [...(association.resourceStatements ?? [])].sort((a, b) => (b.year ?? 0) - (a.year ?? 0))[0];
  const groups = association.workGroups ?? [];
  return (
    <div class="columns columns-side">
      <div>
        <h2>{t("association.fields.purpose")}</h2>
        {inLanguage(association.purpose) ? <OwnWords text={association.purpose} /> : <p class="muted">{t("association.noPurpose")}</p>}
        <GivesAndWishes {...about} newest={newest} />
        <h2>{t("association.fields.activities")}</h2>
        {activities.length === 0 ? <p class="muted">{t("association.noActivities")}</p> : (
          <ul class="plain">{activities.map((activity) => <Activity key={activity.id} activity={activity} />)}</ul>
        )}
        <Resources newest={newest} />
        {groups.length > 0 && (
          <section>
            <h2>{t("association.groups")}</h2>
            <ul>{groups.map((group) => <li key={group.id}><Name>{group.title}</Name>{group.task && <>: <Name>{group.task}</Name></>}</li>)}</ul>
          </section>
        )}
      </div>
      <div>
        <h2>{t("association.reach")}</h2>
        <Reach {...about} />
        <Confirmed {...about} />
      </div>
    </div>
  );
}
