import { useEffect, useState } from "preact/hooks";
import { call } from "../../api/client";
import type { DecisionJson } from "../../gen/brobygger/identity/v1/decision_pb";
import { actorText } from "../../parts/actor";
import { Ago } from "../../parts/Ago";
import { Button } from "../../parts/Button";
import { Checkbox } from "../../parts/Checkbox";
import { Empty } from "../../parts/Empty";
import { Loading } from "../../parts/Loading";
import { Name } from "../../parts/Name";
import { Pager } from "../../parts/Pager";
import { Trouble } from "../../parts/Trouble";
import { usePages } from "../../parts/use_pages";
import { useSources } from "../../parts/use_sources";
import { requestId, useWrite } from "../../state/hooks";
import { t, word } from "../../state/texts";

// A decision tells ids: the names that go with them are asked for, anew with each page. The id of
// an association that was put together with another leads to that one, and so to its name.
function useNames(page: object | undefined, ids: string[]): (id: string | undefined) => string {
  const [names, setNames] = useState<Record<string, string>>({});
  const wanted = ids.join();
  useEffect(() => {
    if (!wanted) return;
    let shown = true;
    void Promise.all(wanted.split(",").map(async (id) => {
      const told = await call("registry.v1.RegistryService/GetAssociation", { associationId: id }).catch(() => undefined);
      return [id, told?.association?.officialName ?? id.slice(0, 8)];
    })).then((found) => shown && setNames(Object.fromEntries(found)));
    return () => {
      shown = false;
    };
  }, [page, wanted]);
  return (id) => names[id ?? ""] ?? "…";
}

interface LineProps {
  decision: DecisionJson;
  nameOf: (id: string | undefined) => string;
  titleOf: (connectionId: string) => string;
  onUndone: () => void;
}

function Line({ decision, nameOf, titleOf, onUndone }: LineProps) {
  const undo = useWrite("identity.v1.IdentityService/UndoDecision");
  const holds = !decision.undoneByDecisionId;
  const name = nameOf(decision.fromAssociationId);
  const second = nameOf(decision.toAssociationId);
  const other = decision.toAssociationId
    ? decision.mergeId && second === name ? t("review.anotherRecord") : second
    : t("review.recordAt", { title: titleOf(decision.record?.connectionId ?? ""), id: decision.record?.externalId ?? "" });
  return (
    <li class="decision">
      <div>
        <Name>{name}</Name> <strong>{word(`review.between.${decision.kind}`, "–")}</strong> <Name>{other}</Name>
        <div class="small muted">
          {decision.maker === "MAKER_HUB" ? t("review.byHub") : t("review.by", { actor: actorText(decision.actor) })} · <Ago iso={decision.decideTime} />
          {decision.undoneByDecisionId && ` · ${t("review.takenBack")}`}
        </div>
        {decision.note && <p class="prose">“{decision.note}”</p>}
        <Trouble error={undo.error} />
      </div>
      {holds && (
        <Button kind="tertiary" busy={undo.busy}
                onClick={() => void undo.run({ decisionId: decision.id, requestId: requestId() }).then((done) => done && onUndone())}>
          {t("review.undo")}
        </Button>
      )}
    </li>
  );
}

// The log of decisions, newest first: each can be taken back, also long after.
export function Decisions({ onUndone }: { onUndone: () => void }) {
  const [hub, setHub] = useState(false);
  // The hub decides most by itself, so a small page would often hold no person's answer.
  const pages = usePages("identity.v1.IdentityService/ListDecisions", { pageSize: hub ? 25 : 200 });
  // Taking one back is an entry of its own; that it was stands with the decision.
  const all = (pages.data?.decisions ?? []).filter((each) => each.kind !== "KIND_RETRACTED");
  const shown = all.filter((each) => hub || each.maker !== "MAKER_HUB");
  const nameOf = useNames(pages.data, [...new Set(shown.flatMap((each) => [each.fromAssociationId ?? "", each.toAssociationId ?? ""]))].filter(Boolean));
  const titleOf = useSources();
  const undone = () => {
    pages.reload();
    onUndone();
  };
  return (
    <>
      <p>{t("review.decisionsText")}</p>
      <Checkbox label={t("review.alsoHub")} checked={hub} onValue={setHub} />
      <Trouble error={pages.error} retry={pages.reload} />
      {pages.loading && !pages.data && <Loading />}
      {pages.data && !shown.length && <Empty title={t("review.noDecisions")} />}
      <ul class="plain decisions">
        {shown.map((each) => <Line key={each.id} decision={each} nameOf={nameOf} titleOf={titleOf} onUndone={undone} />)}
      </ul>
      <Pager pages={pages} />
    </>
  );
}
