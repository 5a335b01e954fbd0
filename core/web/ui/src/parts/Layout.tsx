import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { connection } from "../state/connection";
import { path } from "../state/router";
import { session } from "../state/session";
import { useSignal } from "../state/signal";
import { t } from "../state/texts";
import { Icon } from "./Icon";
import { Link } from "./Link";
import { Navigation } from "./Navigation";
import { PersonMenu } from "./PersonMenu";
import { SignInAgain } from "./SignInAgain";

function Brand() {
  return (
    <Link to="/" class="brand">
      <svg viewBox="0 0 44 24" aria-hidden="true"><path d="M2 21h40M4 21c0-22 36-22 36 0M13 21V8M22 21V5M31 21V8" /></svg>
      Brobygger
    </Link>
  );
}

// Whether the browser is on a network at all.
function useOnline(): boolean {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const look = () => setOnline(navigator.onLine);
    addEventListener("online", look);
    addEventListener("offline", look);
    return () => {
      removeEventListener("online", look);
      removeEventListener("offline", look);
    };
  }, []);
  return online;
}

function Banner() {
  const away = useSignal(connection.away);
  const online = useOnline();
  const text = !online ? t("layout.offline") : away ? t("layout.away") : "";
  return <div role="status">{text && <div class="banner"><div class="container">{text}</div></div>}</div>;
}

// Navigation and the person's choices, below 992 px.
function Drawer({ onClose }: { onClose: () => void }) {
  const element = useRef<HTMLDialogElement>(null);
  const at = useSignal(path);
  const opened = useRef(at);
  useEffect(() => element.current?.showModal(), []);
  useEffect(() => {
    if (at !== opened.current) onClose();
  }, [at]);
  return (
    <dialog class="drawer" ref={element} aria-label={t("layout.menu")} onClose={onClose}
            onClick={(event) => event.target === element.current && onClose()}>
      <div class="drawer-head">
        <button type="button" class="menu-button" onClick={onClose}><Icon name="close" />{t("common.close")}</button>
      </div>
      <Navigation onFollow={onClose} />
      <PersonMenu />
    </dialog>
  );
}

function Header() {
  const me = useSignal(session.me);
  const [open, setOpen] = useState(false);
  return (
    <>
      <header class="head">
        <div class="container head-inner">
          <Brand />
          <button type="button" class="menu-button" aria-expanded={open} onClick={() => setOpen(true)}><Icon name="menu" />{t("layout.menu")}</button>
          <PersonMenu />
        </div>
        {me && <Navigation />}
      </header>
      {open && <Drawer onClose={() => setOpen(false)} />}
    </>
  );
}

function Footer() {
  const version = useSignal(session.info)?.version;
  return (
    <footer class="foot">
      <div class="container foot-inner">
        <nav class="foot-links" aria-label={t("layout.about")}>
          <Link to="/tilgaengelighed">{t("nav.accessibility")}</Link>
          <Link to="/privatliv">{t("nav.privacy")}</Link>
        </nav>
        <span class="muted">Brobygger {version}</span>
      </div>
    </footer>
  );
}

// What stands around every screen.
export function Layout({ children }: { children?: ComponentChildren }) {
  const asksAgain = useSignal(session.asksAgain);
  const main = useRef<HTMLElement>(null);
  const skip = (event: MouseEvent) => {
    event.preventDefault();
    main.current?.focus();
  };
  return (
    <>
      <a class="skipnav" href="#main" onClick={skip}>{t("layout.skip")}</a>
      <Header />
      <Banner />
      <main class="main container" id="main" tabIndex={-1} ref={main}>{children}</main>
      <Footer />
      {asksAgain && <SignInAgain />}
    </>
  );
}
