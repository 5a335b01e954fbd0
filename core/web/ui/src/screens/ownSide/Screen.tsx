// The association's own side: what is stored about it, by whom, and what it may do about that.
import { Button } from "../../parts/Button";
import { Empty } from "../../parts/Empty";
import { Link } from "../../parts/Link";
import { Loading } from "../../parts/Loading";
import { Name } from "../../parts/Name";
import { Page } from "../../parts/Page";
import { Trouble } from "../../parts/Trouble";
import { useSources } from "../../parts/use_sources";
import { useCall } from "../../state/hooks";
import { municipalityText, useMunicipalityNames } from "../../state/municipalities";
import { navigate } from "../../state/router";
import { session } from "../../state/session";
import { t, type TextKey } from "../../state/texts";
import { Corrections } from "./Corrections";
import { Doings } from "./Doings";
import { kSections } from "./fields";
import { Invitations, upcoming } from "./Invitations";
import { Keys } from "./Keys";
import { RecordSection } from "./Record";
import { Sharing } from "./Sharing";

const kContents: [string, TextKey][] = [
  ["basic", "ownSide.section.basic"], ["collaborations", "ownSide.section.collaborations"], ["checks", "ownSide.section.checks"],
  ["sharing", "ownSide.share.title"], ["looked", "accessLog.title"], ["access", "ownSide.section.access"],
];

function Contents({ invited }: { invited: boolean }) {
  const shown: [string, TextKey][] = invited ? [["invitations", "ownSide.section.invitations"], ...kContents] : kContents;
  return (
    <nav class="own-contents" aria-label={t("ownSide.contents")}>
      <ul class="plain">
        {shown.map(([part, title]) => (
          // Not a <Link>: it moves within this page.
          <li key={part}><a href={`#own-${part}`}>{t(title)}</a></li>
        ))}
      </ul>
    </nav>
  );
}

function Shown({ associationId }: { associationId: string }) {
  const own = useCall("people.v1.PeopleService/GetOwnView", { associationId });
  const names = useMunicipalityNames();
  const sourceOf = useSources();
  const view = own.data;
  const association = view?.association;
  const municipality = (code: string): string => municipalityText(code, names?.get(code), association?.municipalityCode);
  const invited = upcoming(view?.events ?? []);
  return (
    <Page title={t("ownSide.title")} lead={association ? <Name>{association.officialName}</Name> : undefined}>
      <Trouble error={own.error} retry={own.reload} />
      {own.loading && !view && <Loading />}
      {view && association && (
        <>
          <p>{t("ownSide.lead")}</p>
          <Contents invited={invited.length > 0} />
          <Invitations events={invited} reload={own.reload} />
          {Object.keys(kSections).map((section) => (
            <RecordSection key={section} association={association} section={section} municipality={municipality} sourceOf={sourceOf} reload={own.reload} />
          ))}
          <Corrections corrections={view.corrections ?? []} />
          <Doings view={view} reload={own.reload} />
          <Sharing association={association} reload={own.reload} />
          <section class="card" aria-labelledby="own-persons">
            <h2 id="own-persons">{t("ownSide.section.persons")}</h2>
            <p>{t("ownSide.persons", { n: view.personCount ?? 0 })}</p>
          </section>
          <section class="card" aria-labelledby="own-looked">
            <h2 id="own-looked">{t("accessLog.title")}</h2>
            <p>{t("ownSide.looked")}</p>
            <Button kind="secondary" onClick={() => navigate("/hvem-har-set")}>{t("ownSide.seeLooked")}</Button>
          </section>
          <Keys associationId={associationId} />
        </>
      )}
    </Page>
  );
}

export function OwnSide() {
  const associationId = session.me.value?.associationId;
  if (associationId) return <Shown associationId={associationId} />;
  return (
    <Page title={t("ownSide.title")}>
      <Empty title={t("ownSide.forAssociations")} action={<Link to="/foreninger">{t("nav.associations")}</Link>}>
        {t("ownSide.forAssociationsHint")}
      </Empty>
    </Page>
  );
}
