// "Hvide pletter": associations that few or none know, and the way to a first contact.
import { useState } from "preact/hooks";
import { Ago } from "../../parts/Ago";
import { Button } from "../../parts/Button";
import { Empty } from "../../parts/Empty";
import { Link } from "../../parts/Link";
import { Loading } from "../../parts/Loading";
import { Name } from "../../parts/Name";
import { Trouble } from "../../parts/Trouble";
import type { BlankSpotJson, ListBlankSpotsResponseJson } from "../../gen/brobygger/discovery/v1/discovery_service_pb";
import type { Home } from "../../parts/useMunicipality";
import type { Answer } from "../../state/hooks";
import { session } from "../../state/session";
import { t } from "../../state/texts";
import TakeContact from "./TakeContact";

export type Kind = "NOBODY" | "ONE_DEPARTMENT" | "SILENT";

function Why({ spot }: { spot: BlankSpotJson }) {
  const { departmentName, familiarity } = spot.acquaintance ?? {};
  if (!departmentName) return <span class="amber">{t("whoKnows.none")}</span>;
  const silent = spot.kind === "BLANK_SPOT_KIND_SILENT";
  return (
    <span class="muted">
      {t(silent ? "gettingStarted.lastSeen" : "gettingStarted.onlyOne")} <Name>{departmentName}</Name>
      {familiarity?.lastDate && <>, <Ago iso={familiarity.lastDate} /></>}
    </span>
  );
}

interface Props {
  home: Home;
  kind: Kind;
  asked: Answer<ListBlankSpotsResponseJson>;
  onMore: () => void;
}

export function BlankSpots({ home, kind, asked, onMore }: Props) {
  const { code, departments = [] } = home;
  const [open, setOpen] = useState<{ id: string; name: string }>();
  const spots = asked.data?.blankSpots ?? [];
  const mayWrite = session.has("contacts.write");
  return (
    <section class="card" aria-labelledby="blank-spots">
      <h2 id="blank-spots">{t("gettingStarted.blankSpots")}</h2>
      <p class="strong">{t(`gettingStarted.kind.${kind}`)}</p>
      <Trouble error={asked.error} retry={asked.reload} />
      {!asked.data && asked.loading && <Loading />}
      {asked.data && !spots.length && (
        asked.data.associationCount ? <Empty title={t("gettingStarted.noSpots")} />
          : <Empty title={t("associations.none.title")}>{t("associations.none.text")}</Empty>
      )}
      <ul class="plain spots">
        {spots.map((spot) => {
          const association = { id: spot.associationId ?? "", name: spot.officialName ?? "" };
          return (
            <li key={association.id}>
              <div>
                <Link to={`/foreninger/${association.id}`}><Name>{association.name}</Name></Link>
                <div class="small"><Why spot={spot} /></div>
              </div>
              {mayWrite && (
                <Button kind="secondary" aria-label={t("gettingStarted.takeOf", { name: association.name })} onClick={() => setOpen(association)}>
                  {t("whoKnows.take")}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {asked.data?.nextPageToken && <Button kind="secondary" busy={asked.loading} onClick={onMore}>{t("gettingStarted.moreSpots")}</Button>}
      {open && (
        <TakeContact association={open} code={code} departments={departments.map((each) => ({ id: each.id ?? "", name: each.officialName ?? "" }))}
                     onClose={() => setOpen(undefined)} onDone={asked.reload} />
      )}
    </section>
  );
}
