import { useEffect, useId, useRef } from "preact/hooks";
import { useMunicipalityNames } from "../state/municipalities";
import { session, signOut } from "../state/session";
import { useSignal } from "../state/signal";
import { language, setLanguage, t } from "../state/texts";
import { Name } from "./Name";
import { Select } from "./Select";
import { useMunicipality } from "./useMunicipality";

const purposes = ["collaboration", "grants", "overview", "rights"] as const;

// Where a page is made anew for who is signed in now, or for another purpose: what was read before
// is not kept.
async function leave() {
  location.assign((await signOut().catch(() => "")) || "/");
}

function choosePurpose(purpose: string) {
  session.purpose = purpose;
  location.reload();
}

// What the data are read for: it decides how much is told, and stands in the access log.
function PurposePicker() {
  const id = useId();
  return (
    <span class="head-purpose">
      <label class="form-label" for={id}>{t("layout.purpose")}</label>
      <Select id={id} value={session.purpose} onValue={choosePurpose}
              options={purposes.map((value) => ({ value, label: t(`layout.purposes.${value}`) }))} />
    </span>
  );
}

// "Fjordby Kommune": as whoever runs the page calls it, else by the hub's list, else its code.
function useMunicipalityName(code: string | undefined): string {
  const names = useMunicipalityNames();
  const title = useSignal(session.info)?.title;
  // An association is at home in the municipality that is shown to it.
  const { municipalityCode, associationId } = session.me.value ?? {};
  if (title && code && (associationId || code === municipalityCode)) return title;
  if (!code || !names) return "";
  const known = names.get(code);
  return known ? t("layout.municipality", { name: known }) : t("layout.municipalityCode", { code });
}

function Who() {
  const me = useSignal(session.me);
  const info = useSignal(session.info);
  const home = useMunicipality();
  const municipality = useMunicipalityName(home.code);
  const department = home.departments?.find((each) => each.id === me?.departmentId)?.officialName;
  // Not twice, where the title says it already.
  const person = info?.demoPeople.find((each) => each.titleDa === info.displayName);
  const called = person && language.value === "en" ? person.titleEn : info?.displayName;
  const says = department && !info?.displayName?.includes(department) ? department : undefined;
  return (
    <span class="head-who">
      <strong><Name>{municipality}</Name></strong>
      <span>
        <Name>{called}</Name>
        {says && <>{info?.displayName && ", "}<Name>{says}</Name></>}
      </span>
    </span>
  );
}

// The page is drawn anew in the other language; the focus stays where it was.
let switched = false;

function LanguageButton() {
  const button = useRef<HTMLButtonElement>(null);
  const other = language.value === "da" ? "en" : "da";
  useEffect(() => {
    if (switched) button.current?.focus();
    switched = false;
  }, []);
  const change = () => {
    switched = true;
    void setLanguage(other);
  };
  return <button type="button" class="link-button" lang={other} ref={button} onClick={change}>{other === "da" ? "Dansk" : "English"}</button>;
}

// Who is signed in and for what purpose, the language, and the way out.
export function PersonMenu() {
  const me = useSignal(session.me);
  return (
    <div class="head-person">
      {me && <Who />}
      {me && <PurposePicker />}
      <LanguageButton />
      {me && <button type="button" class="link-button" onClick={leave}>{t("layout.signOut")}</button>}
    </div>
  );
}
