// Asks associations to an event, with what each can give there and get out of it.
import { Button } from "../../parts/Button";
import { Checkbox } from "../../parts/Checkbox";
import { Field } from "../../parts/Field";
import { PickAssociations, type Picked } from "../../parts/PickAssociations";
import { TextArea } from "../../parts/TextArea";
import { Trouble } from "../../parts/Trouble";
import { useDraft } from "../../parts/use_draft";
import { requestId, useWrite } from "../../state/hooks";
import { t } from "../../state/texts";
import type { PartProps } from "./One";
import { whenText } from "./words";

interface Typed {
  associations: Picked[];
  canGive: string;
  canGet: string;
  byMail: boolean;
}

const kNothing: Typed = { associations: [], canGive: "", canGet: "", byMail: false };

function Preview({ found, typed }: { found: PartProps["found"]; typed: Typed }) {
  const { title = "", place = "…", ...event } = found.event ?? {};
  const name = typed.associations.map((each) => each.name).join(", ");
  return (
    <div class="invite-preview" aria-live="polite">
      <h3>{t("event.preview")}</h3>
      <p dir="auto">{t("event.previewText", { name, title, when: whenText(event), place })}</p>
      {typed.canGive && <p><strong>{t("event.give")}</strong> <span dir="auto">{typed.canGive}</span></p>}
      {typed.canGet && <p><strong>{t("event.get")}</strong> <span dir="auto">{typed.canGet}</span></p>}
    </div>
  );
}

export function Invite({ found, reload }: PartProps) {
  const draft = useDraft(kNothing);
  const typed = draft.value;
  const { run, busy, error } = useWrite("event.v1.EventService/InviteAssociations");
  const send = async (event: Event) => {
    event.preventDefault();
    const { associations, canGive, canGet, byMail } = typed;
    const invitations = associations.map(({ id: associationId }) => ({ associationId, canGive, canGet }));
    if (!(await run({ eventId: found.event?.id, invitations, byMail, requestId: requestId() }))) return;
    draft.reset();
    reload();
  };
  return (
    <form class="card card-brand form-card section" onSubmit={send}>
      <h2>{t("event.invite")}</h2>
      <p>{t("event.inviteHint")}</p>
      <PickAssociations label={t("collaborations.pick.find")} chosen={typed.associations} onChosen={(associations) => draft.set({ associations })}
                        without={(found.invitations ?? []).map((each) => each.associationId ?? "")} />
      <Field label={t("event.give")} hint={t("event.giveHint")} wide>
        <TextArea value={typed.canGive} onValue={(canGive) => draft.set({ canGive })} rows={2} maxLength={500} />
      </Field>
      <Field label={t("event.get")} hint={t("event.getHint")} wide>
        <TextArea value={typed.canGet} onValue={(canGet) => draft.set({ canGet })} rows={2} maxLength={500} />
      </Field>
      <Checkbox label={t("event.byMail")} hint={t("event.byMailHint")} checked={typed.byMail} onValue={(byMail) => draft.set({ byMail })} />
      {typed.associations.length > 0 && <Preview found={found} typed={typed} />}
      <Trouble error={error} />
      <Button type="submit" busy={busy} disabled={typed.associations.length === 0}>{t("event.inviteSend")}</Button>
    </form>
  );
}
