// "Kom godt i gang": where nobody has been, what to know of one's own municipality first, and how to
// take the first step.
import { useState } from "preact/hooks";
import type { BlankSpotKindJson } from "../../gen/brobygger/discovery/v1/discovery_service_pb";
import { Link } from "../../parts/Link";
import { Loading } from "../../parts/Loading";
import { numberText } from "../../parts/Number";
import { Page } from "../../parts/Page";
import { Trouble } from "../../parts/Trouble";
import { MunicipalityChoice, useMunicipality, type Home } from "../../parts/useMunicipality";
import { useCall } from "../../state/hooks";
import { session } from "../../state/session";
import { t } from "../../state/texts";
import { BlankSpots, type Kind } from "./BlankSpots";
import { Guide } from "./Guide";
import { PolicyDialog, type PolicyKind } from "./PolicyDialog";

const policyOf: Record<string, PolicyKind> = { INTEGRATION_POLICY: "INTEGRATION", VOLUNTEER_POLICY: "VOLUNTEER", GOALS: "INTEGRATION" };

interface NumbersProps {
  counts: Partial<Record<Kind, number>>;
  kind: Kind;
  onKind: (kind: Kind) => void;
}

// The numbers that are told; each chooses the list behind it.
function Numbers({ counts, kind, onKind }: NumbersProps) {
  return (
    <div class="start-numbers" role="group" aria-label={t("gettingStarted.blankSpots")}>
      {(Object.keys(counts) as Kind[]).map((each) => (
        <button key={each} type="button" class="start-number" aria-pressed={each === kind} onClick={() => onKind(each)}>
          <span class="figure-number">{numberText(counts[each] ?? 0)}</span>
          <span>{t(`gettingStarted.number.${each}`, { n: counts[each] ?? 0 })}</span>
        </button>
      ))}
    </div>
  );
}

function Municipality({ code }: { code: string }) {
  const asked = useCall("discovery.v1.DiscoveryService/GetGuide", { municipalityCode: code });
  const [policy, setPolicy] = useState<PolicyKind>();
  const mayWrite = session.has("municipality.write");
  const actionOf = (question: string, answered: boolean) => {
    const kind = policyOf[question];
    if (!kind) return <Link to="/hvem-kender-hvem">{t("gettingStarted.seeMatrix")}</Link>;
    return mayWrite && <button type="button" class="link-button" onClick={() => setPolicy(kind)}>{t(answered ? "common.edit" : "gettingStarted.fillIn")}</button>;
  };
  const saved = () => {
    setPolicy(undefined);
    asked.reload();
  };
  return (
    <section>
      <h2>{t("gettingStarted.aboutMunicipality")}</h2>
      <Trouble error={asked.error} retry={asked.reload} />
      {!asked.data && asked.loading && <Loading />}
      <Guide answers={asked.data?.answers ?? []} actionOf={actionOf} />
      <p class="muted">{t("gettingStarted.source")}</p>
      {policy && <PolicyDialog code={code} kind={policy} onClose={() => setPolicy(undefined)} onSaved={saved} />}
    </section>
  );
}

const kPage = 10;

function Start({ home, code }: { home: Home; code: string }) {
  const [{ kind, size }, setShown] = useState<{ kind: Kind; size: number }>({ kind: "NOBODY", size: kPage });
  const asked = useCall("discovery.v1.DiscoveryService/ListBlankSpots", {
    municipalityCode: code, kind: `BLANK_SPOT_KIND_${kind}` as BlankSpotKindJson, pageSize: size,
  });
  const { associationCount = 0, nobodyCount = 0, oneDepartmentCount = 0, silentCount = 0 } = asked.data ?? {};
  const silent = session.hearsSummaries ? { SILENT: silentCount } : {};
  const counts = { NOBODY: nobodyCount, ONE_DEPARTMENT: oneDepartmentCount, ...silent };
  return (
    <>
      {asked.data && <Numbers counts={counts} kind={kind} onKind={(to) => setShown({ kind: to, size: kPage })} />}
      {asked.data && <p class="muted">{t("gettingStarted.of", { n: associationCount })}</p>}
      <div class="columns start-columns">
        <BlankSpots home={home} kind={kind} asked={asked} onMore={() => setShown({ kind, size: size + 5 * kPage })} />
        <Municipality code={code} />
      </div>
    </>
  );
}

export default function GettingStarted() {
  const home = useMunicipality();
  return (
    <Page title={t("nav.gettingStarted")} lead={t("gettingStarted.lead")} wide>
      <MunicipalityChoice home={home} />
      <Trouble error={home.error} />
      {home.code ? <Start key={home.code} home={home} code={home.code} /> : !home.error && <Loading />}
    </Page>
  );
}
