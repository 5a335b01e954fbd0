// Who else may hear of the association: its own choice, and nobody unless it said so.
import type { AssociationJson, VisibilityConsentJson } from "../../gen/brobygger/registry/v1/association_pb";
import { Button } from "../../parts/Button";
import { Checkbox } from "../../parts/Checkbox";
import { Day } from "../../parts/Day";
import { Trouble } from "../../parts/Trouble";
import { today } from "../../parts/today";
import { useDraft } from "../../parts/use_draft";
import { requestId, useWrite } from "../../state/hooks";
import { t } from "../../state/texts";

const kChoices = ["otherMunicipalities", "volunteerCentres", "contact"] as const;

function Since({ consent }: { consent: VisibilityConsentJson | undefined }) {
  if (!consent) return <p class="muted">{t("ownSide.share.nobodyAsked")}</p>;
  const itself = consent.perspective === "PERSPECTIVE_ASSOCIATION";
  return (
    <p class="small muted">
      {t(itself ? "ownSide.share.byYourselves" : "ownSide.share.byMunicipality")} <Day iso={consent.date} />
      {!itself && consent.evidence && ` (${consent.evidence})`}
    </p>
  );
}

export function Sharing({ association, reload }: { association: AssociationJson; reload: () => void }) {
  const consent = association.visibilityConsent;
  const draft = useDraft(Object.fromEntries(kChoices.map((each) => [each, consent?.[each] ?? false])) as Record<(typeof kChoices)[number], boolean>);
  const { run, busy, error } = useWrite("registry.v1.RegistryService/RecordVisibilityConsent");
  const save = async (event: Event) => {
    event.preventDefault();
    if (!(await run({ associationId: association.id, consent: { ...draft.value, date: today() }, requestId: requestId() }))) return;
    draft.reset();
    reload();
  };
  return (
    <section class="card" aria-labelledby="own-sharing">
      <h2 id="own-sharing">{t("ownSide.share.title")}</h2>
      <p>{t("ownSide.share.lead")}</p>
      <form onSubmit={save}>
        {kChoices.map((each) => (
          <Checkbox key={each} label={t(`ownSide.share.${each}`)} checked={draft.value[each]} onValue={(on) => draft.set({ [each]: on })} />
        ))}
        <Since consent={consent} />
        <Trouble error={error} />
        <Button type="submit" busy={busy} disabled={!draft.dirty}>{t("common.save")}</Button>
      </form>
    </section>
  );
}
