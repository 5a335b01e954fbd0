// Contact persons: first only that there is one; who it is when somebody says what for, which is
// written into the access log.
import { useState } from "preact/hooks";
import type { ContactPointJson } from "../../gen/brobygger/people/v1/person_pb";
import { Button } from "../../parts/Button";
import { Choice } from "../../parts/Choice";
import { Day } from "../../parts/Day";
import { Dialog } from "../../parts/Dialog";
import { Empty } from "../../parts/Empty";
import { Field } from "../../parts/Field";
import { Loading } from "../../parts/Loading";
import { Name } from "../../parts/Name";
import { TextInput } from "../../parts/TextInput";
import { Trouble } from "../../parts/Trouble";
import { useCall, useWrite } from "../../state/hooks";
import { t } from "../../state/texts";
import { functionText } from "./words";

const reasons = ["grants", "invitation", "collaboration", "other"] as const;

function Unfold({ point, onClose }: { point: ContactPointJson; onClose: () => void }) {
  const unfold = useWrite("people.v1.PeopleService/UnfoldPerson");
  const [reason, setReason] = useState("");
  const [other, setOther] = useState("");
  const [missing, setMissing] = useState(false);
  const [person, setPerson] = useState<{ displayName?: string; email?: string; phone?: string }>();
  const submit = async (event: Event) => {
    event.preventDefault();
    const chosen = reasons.find((each) => each === reason);
    const purpose = chosen === "other" ? other.trim() : chosen ? t(`association.contacts.reasons.${chosen}`) : "";
    setMissing(!purpose);
    if (!purpose) return;
    const told = await unfold.run({ personId: point.personId, purpose });
    if (told?.person) setPerson(told.person);
  };
  if (person) {
    return (
      <Dialog title={functionText(point.function)} onClose={onClose}>
        <dl class="facts">
          {person.displayName && <><dt>{t("association.contacts.name")}</dt><dd><Name>{person.displayName}</Name></dd></>}
          {person.email && <><dt>{t("associations.columns.email")}</dt><dd><a href={`mailto:${person.email}`}>{person.email}</a></dd></>}
          {person.phone && <><dt>{t("associations.columns.phone")}</dt><dd><a href={`tel:${person.phone}`}>{person.phone}</a></dd></>}
        </dl>
        <p class="muted">{t("association.contacts.logged")}</p>
      </Dialog>
    );
  }
  return (
    <Dialog title={t("association.contacts.show")} onClose={onClose}>
      <form onSubmit={submit}>
        <p>{t("association.contacts.why")}</p>
        <Choice label={t("association.contacts.reason")} value={reason} onValue={setReason} error={missing && !reason ? t("association.contacts.missing") : undefined}
                options={reasons.map((value) => ({ value, label: t(`association.contacts.reasons.${value}`) }))} />
        {reason === "other" && (
          <Field label={t("association.contacts.otherReason")} error={missing && !other.trim() ? t("association.contacts.missing") : undefined}>
            <TextInput value={other} onValue={setOther} maxLength={200} />
          </Field>
        )}
        <Trouble error={unfold.error} />
        <Button type="submit" busy={unfold.busy}>{t("association.contacts.show")}</Button>
      </form>
    </Dialog>
  );
}

export function Contacts({ id }: { id: string }) {
  const told = useCall("people.v1.PeopleService/ListContactPoints", { associationId: id });
  const [shown, setShown] = useState<ContactPointJson>();
  const points = told.data?.contactPoints ?? [];
  return (
    <>
      <Trouble error={told.error} retry={told.reload} />
      {!told.data && told.loading && <Loading />}
      {told.data && points.length === 0 && <Empty title={t("association.contacts.none")}>{t("association.contacts.noneText")}</Empty>}
      <ul class="plain">
        {points.map((point) => (
          <li class="card row row-between" key={`${point.personId}${point.function}`}>
            <span>
              <strong>{functionText(point.function)}</strong>
              {point.valid?.toDate && <span class="muted"> {t("association.contacts.until")} <Day iso={point.valid.toDate} /></span>}
            </span>
            <Button kind="secondary" onClick={() => setShown(point)}>{t("association.contacts.show")}</Button>
          </li>
        ))}
      </ul>
      {shown && <Unfold point={shown} onClose={() => setShown(undefined)} />}
    </>
  );
}
