import { render } from "preact";
import { ApiError } from "./api/errors";
import { App } from "./app";
import "./styles/main.scss";
import { connection } from "./state/connection";
import { loadMe } from "./state/me";
import { loadSession } from "./state/session";
import { storedLanguage, setLanguage } from "./state/texts";

// Who is signed in. While the hub is away nobody can tell: the sign-in screen says so until then.
async function begin(): Promise<void> {
  try {
    if ((await loadSession()).signedIn) await loadMe();
  } catch (error) {
    // What the session stands for is over: one signs in.
    if (error instanceof ApiError && !error.isAway) return;
    connection.missed();
    const end = connection.away.watch((away) => {
      end();
      if (!away) void begin();
    });
  }
}

const root = document.getElementById("app");
if (root) {
  await Promise.all([setLanguage(storedLanguage()), begin()]);
  render(<App />, root);
}
