import { useEffect, useState } from "preact/hooks";
import { loadMe } from "../state/me";
import { loadSession, providerAddress, session, signInAsAssociation } from "../state/session";
import { useSignal } from "../state/signal";
import { t } from "../state/texts";
import { Alert } from "./Alert";
import { Button } from "./Button";
import { DemoPeople } from "./DemoPeople";
import { Dialog } from "./Dialog";
import { Field } from "./Field";
import { TextInput } from "./TextInput";

// How tabs of this page tell each other that somebody has signed in.
export const kChannel = "brobygger-session";
export const kSignedIn = "signed-in";

export function tellSignedIn(): void {
  const channel = new BroadcastChannel(kChannel);
  channel.postMessage(kSignedIn);
  channel.close();
}

// Goes on with what was refused. What is on the page was read as somebody, and what was typed is
// theirs: for somebody else the page begins anew.
async function goOn(as: string | undefined) {
  await loadMe();
  if (session.me.value?.actor === as) session.resume();
  else location.assign("/");
}

function KeyAgain({ onDone }: { onDone: () => void }) {
  const [key, setKey] = useState("");
  const [refused, setRefused] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    const taken = (await signInAsAssociation({ key: key.trim() }).catch(() => undefined))?.ok ?? false;
    setRefused(!taken);
    if (taken) onDone();
  };
  return (
    <form onSubmit={submit}>
      <Field label={t("signIn.key")} error={refused ? t("signIn.refused") : undefined}>
        <TextInput type="password" autocomplete="off" value={key} onValue={setKey} required />
      </Field>
      <Button type="submit">{t("signIn.association.submit")}</Button>
    </form>
  );
}

// The session has ended. Whoever was signed in signs in again above the page, which stays as it
// is, with what was typed; the calls that were refused are then sent again.
export function SignInAgain() {
  const info = useSignal(session.info);
  const me = useSignal(session.me);
  const [failed, setFailed] = useState(false);
  const done = () => void goOn(me?.actor).catch(() => setFailed(true));
  useEffect(() => {
    const channel = new BroadcastChannel(kChannel);
    channel.onmessage = (event) => {
      if (event.data === kSignedIn) done();
    };
    // A message may be lost, and some sign in elsewhere: whoever comes back to this tab is looked for.
    const look = () => void loadSession().then((now) => now.signedIn && done(), () => undefined);
    addEventListener("focus", look);
    return () => {
      channel.close();
      removeEventListener("focus", look);
    };
  }, []);
  return (
    <Dialog title={t("signIn.again.title")}>
      <p>{t("signIn.again.text")}</p>
      {failed && <Alert tone="error">{t("signIn.refused")}</Alert>}
      {me?.associationId ? <KeyAgain onDone={done} /> : (
        <>
          {info && info.demoPeople.length > 0 && <DemoPeople people={info.demoPeople} onDone={done} />}
          {info?.provider && (
            <Button onClick={() => open(providerAddress("/session/done"))}>{t("signIn.again.provider")}</Button>
          )}
          {info && !info.provider && info.demoPeople.length === 0 && <Alert tone="warning">{t("signIn.none")}</Alert>}
        </>
      )}
    </Dialog>
  );
}
