import { useState } from "preact/hooks";
import { Alert } from "../parts/Alert";
import { Button } from "../parts/Button";
import { DemoPeople } from "../parts/DemoPeople";
import { Dialog } from "../parts/Dialog";
import { Field } from "../parts/Field";
import { Name } from "../parts/Name";
import { Page } from "../parts/Page";
import { tellSignedIn } from "../parts/SignInAgain";
import { TextInput } from "../parts/TextInput";
import { loadMe } from "../state/me";
import { loadSession, providerAddress, session, signInAsAssociation } from "../state/session";
import { useSignal } from "../state/signal";
import { t } from "../state/texts";

// The screen that was asked for is shown as soon as it is known who asks, and tabs where a session
// has ended go on. (The door says after the
// "#" what went wrong at the login provider.)
async function enter() {
  await loadSession();
  await loadMe();
  tellSignedIn();
}

type Way = "code" | "key";

// "too many tries" is told apart from "wrong": to try again at once would not help then.
const refusal = (response: Response | undefined) =>
  !response ? t("signIn.unreachable") : response.status === 429 ? t("signIn.tooMany") : t("signIn.refused");

// What a code is turned into.
interface Joined {
  key: string;
  officialName: string;
}

// The key is shown this once: nobody is let in before they say that they have it.
function KeepKey({ joined }: { joined: Joined }) {
  return (
    <Dialog title={t("signIn.association.keepTitle")} actions={<Button onClick={enter}>{t("signIn.association.kept")}</Button>}>
      <p>{t("signIn.association.keepText")} <strong><Name>{joined.officialName}</Name></strong></p>
      <p><code class="secret">{joined.key}</code></p>
      <Button kind="secondary" onClick={() => navigator.clipboard?.writeText(joined.key)}>{t("signIn.association.copy")}</Button>
    </Dialog>
  );
}

// An association comes in with the code of its invitation, once, or with the key it got for it.
function AssociationForm() {
  const [way, setWay] = useState<Way>("code");
  const [secret, setSecret] = useState("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const [joined, setJoined] = useState<Joined>();
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!secret.trim()) return setError(t("signIn.association.missing"));
    setBusy(true);
    const response = await signInAsAssociation(way === "code" ? { code: secret.trim() } : { key: secret.trim() }).catch(() => undefined);
    setBusy(false);
    if (!response?.ok) return setError(refusal(response));
    const told = (await response.json().catch(() => ({}))) as Partial<Joined>;
    if (told.key) return setJoined({ key: told.key, officialName: told.officialName ?? "" });
    await enter().catch(() => setError(t("signIn.unreachable")));
  };
  const turn = () => {
    setWay(way === "code" ? "key" : "code");
    setSecret("");
    setError("");
  };
  return (
    <form onSubmit={submit} noValidate>
      <Field label={t(`signIn.${way}`)} hint={t(`signIn.association.${way}Hint`)} error={error}>
        <TextInput type={way === "key" ? "password" : "text"} autocomplete="off" spellcheck={false} value={secret} onValue={setSecret} />
      </Field>
      <div class="row">
        <Button type="submit" busy={busy}>{t("signIn.association.submit")}</Button>
        <button type="button" class="link-button" onClick={turn}>{t(way === "code" ? "signIn.association.haveKey" : "signIn.association.haveCode")}</button>
      </div>
      {joined && <KeepKey joined={joined} />}
    </form>
  );
}

function EmployeeCard({ provider }: { provider: string }) {
  return (
    <section class="card card-brand">
      <h2>{t("signIn.employee.title")}</h2>
      <p>{t("signIn.employee.text", { provider })}</p>
      <a class="button button-primary" href={providerAddress(location.pathname)}>{t("signIn.employee.submit")}</a>
    </section>
  );
}

export function SignIn() {
  const info = useSignal(session.info);
  const demo = info?.demoPeople ?? [];
  return (
    <Page title={t("signIn.title")} lead={t("signIn.lead")}>
      {(!info || location.hash === "#sign-in-away") && <Alert tone="warning">{t("signIn.unreachable")}</Alert>}
      {location.hash === "#sign-in-failed" && <Alert tone="error">{t("signIn.failed")}</Alert>}
      {demo.length > 0 && (
        <section class="card card-amber">
          <h2>{t("signIn.demo.title")}</h2>
          <p>{t("signIn.demo.text")}</p>
          <DemoPeople people={demo} onDone={enter} />
        </section>
      )}
      {info?.provider && <EmployeeCard provider={info.provider} />}
      <section class="card">
        <h2>{t("signIn.association.title")}</h2>
        <p>{t("signIn.association.text")}</p>
        <AssociationForm />
      </section>
    </Page>
  );
}
