import { render } from "preact";
import { App } from "./app";
import "./styles/main.scss";
import { loadMe } from "./state/me";
import { loadSession } from "./state/session";
import { storedLanguage, setLanguage } from "./state/texts";

const root = document.getElementById("app");
if (root) {
  await Promise.all([
    setLanguage(storedLanguage()),
    loadSession().then((info) => (info.signedIn ? loadMe() : undefined)).catch(() => undefined),
  ]);
  render(<App />, root);
}
