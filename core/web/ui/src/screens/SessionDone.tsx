import { useEffect } from "preact/hooks";
import { Page } from "../parts/Page";
import { kChannel, kSignedIn } from "../parts/SignInAgain";
import { t } from "../state/texts";

// Where the login provider leads back to in the tab that SignInAgain opened: tells the other tab,
// and closes. A browser that lets no page close its tab leaves the text.
export default function SessionDone() {
  useEffect(() => {
    const channel = new BroadcastChannel(kChannel);
    channel.postMessage(kSignedIn);
    // A message from a tab that is gone at once may be lost.
    const timer = setTimeout(() => {
      channel.close();
      close();
    }, 500);
    return () => clearTimeout(timer);
  }, []);
  return <Page title={t("signIn.done.title")} lead={t("signIn.done.text")} />;
}
