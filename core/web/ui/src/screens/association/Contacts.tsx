// Contact persons: first only that there is one; who it is when somebody says what for, which is
// written into the access log.
import { useState } from "preact/hooks";
import type { ContactPointJson } from "../../gen/brobygger/people/v1/person_pb";
import { Button } from "../../parts/Button";
import { Choice } from "../../parts/Choice";
import { Day } from "../../parts/Day";
import { Dialog } from "../../parts/Dialog";
import { Empty } from "../../parts/Empty";
import { Loading } from "../../parts/Loading";
import { Name } from "../../parts/Name";
import { Trouble } from "../../parts/Trouble";
import { useCall, useWrite } from "../../state/hooks";
import { session } from "../../state/session";
import { t } from "../../state/texts";
import { functionText } from "./words";

// Of the policy's purposes those for which data about persons may be seen.
const purposes = ["collaboration", "grants", "rights"] as const;

function Unfold({ point, onClose }: { point: ContactPointJson; onClose: () => void }) {
  const unfold = useWrite("people.v1.PeopleService/UnfoldPerson");
  const [chosen, setChosen] = useState("");
  const [missing, setMissing] = useState(false);
  const [person, setPerson] = useState<{ displayName?: string; email?: string; phone?: string }>();
  const submit = async (event: Event) => {
    event.preventDefault();
    const purpose = purposes.find((each) => each === chosen);
    setMissing(!purpose);
    if (!purpose) return;
    // The one purpose that goes with each call, so that the access log has it.
    session.purpose = purpose;
    const told = await unfold.run({ personId: point.personId });
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
        <Choice label={t("association.contacts.reason")} value={chosen} onValue={setChosen} error={missing ? t("association.contacts.missing") : undefined}
                options={purposes.map((value) => ({ value, label: t(`layout.purposes.${value}`) }))} />
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
