import { useState } from "preact/hooks";
import { signInAsDemo, type DemoPerson } from "../state/session";
import { language, t } from "../state/texts";
import { Alert } from "./Alert";
import { Button } from "./Button";
import { Name } from "./Name";

// The demo's people, as buttons. None of them exists.
export function DemoPeople({ people, onDone }: { people: DemoPerson[]; onDone: () => void }) {
  const [busy, setBusy] = useState("");
  const [failed, setFailed] = useState(false);
  const choose = async (key: string) => {
    setBusy(key);
    const taken = await signInAsDemo(key).catch(() => false);
    setBusy("");
    setFailed(!taken);
    if (taken) onDone();
  };
  return (
    <>
      {failed && <Alert tone="error">{t("signIn.refused")}</Alert>}
      <ul class="plain demo-people">
        {people.map((person) => (
          <li key={person.key}>
            <Button kind="secondary" busy={busy === person.key} onClick={() => choose(person.key)}>
              <Name>{language.value === "da" ? person.titleDa : person.titleEn}</Name>
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}
