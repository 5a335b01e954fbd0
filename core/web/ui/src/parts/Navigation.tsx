import { path } from "../state/router";
import { session } from "../state/session";
import { useSignal } from "../state/signal";
import { t, type TextKey } from "../state/texts";
import { Link } from "./Link";

interface Place {
  to: string;
  text: TextKey;
  // The right without which it is no use.
  right?: string;
}

const places: Place[] = [
  { to: "/foreninger", text: "nav.associations", right: "discovery.read" },
  { to: "/hvem-kender-hvem", text: "nav.whoKnows", right: "discovery.read" },
  { to: "/samarbejder", text: "nav.collaborations", right: "collaborations.read" },
  { to: "/netvaerksdage", text: "nav.events", right: "events.read" },
  { to: "/kom-godt-i-gang", text: "nav.gettingStarted", right: "discovery.read" },
  { to: "/gennemsyn", text: "nav.review", right: "registry.write" },
  { to: "/rapport", text: "nav.report", right: "discovery.read" },
  { to: "/forbindelser", text: "nav.connections", right: "sync.read" },
  { to: "/hvem-har-set", text: "nav.accessLog", right: "access.log.read" },
];

// Where one can go, by what one may do.
export function Navigation({ onFollow }: { onFollow?: () => void }) {
  const at = useSignal(path);
  const me = useSignal(session.me);
  if (!me) return null;
  const shown = places.filter((place) => !place.right || me.rights?.includes(place.right));
  if (me.associationId) shown.unshift({ to: "/egen-side", text: "nav.ownSide" });
  const isAt = (to: string) => at === to || at.startsWith(`${to}/`) || (at === "/" && to === shown[0]?.to);
  return (
    <nav class="nav" aria-label={t("layout.navigation")}>
      <div class="container">
        <ul class="plain nav-list">
          {shown.map((place) => (
            <li key={place.to}>
              <Link to={place.to} aria-current={isAt(place.to) ? "page" : undefined} onClick={onFollow}>{t(place.text)}</Link>
            </li>
          ))}
        </ul>
      </div>
    </nav>
  );
}
