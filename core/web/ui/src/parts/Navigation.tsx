import { path } from "../state/router";
import { session } from "../state/session";
import { useSignal } from "../state/signal";
import { t, type TextKey } from "../state/texts";
import { Link } from "./Link";

interface Place {
  to: string;
  text: TextKey;
  // The rights without which it is no use.
  rights: string[];
  // It shows more than public facts.
  internal?: boolean;
}

const places: Place[] = [
  { to: "/foreninger", text: "nav.associations", rights: ["discovery.read"] },
  { to: "/hvem-kender-hvem", text: "nav.whoKnows", rights: ["discovery.read"] },
  { to: "/samarbejder", text: "nav.collaborations", rights: ["collaborations.read"] },
  { to: "/forslag", text: "nav.proposals", rights: ["collaborations.propose"] },
  { to: "/netvaerksdage", text: "nav.events", rights: ["events.read"] },
  { to: "/kom-godt-i-gang", text: "nav.gettingStarted", rights: ["discovery.read"], internal: true },
  { to: "/gennemsyn", text: "nav.review", rights: ["registry.write"] },
  { to: "/rapport", text: "nav.report", rights: ["discovery.read", "collaborations.read"], internal: true },
  { to: "/forbindelser", text: "nav.connections", rights: ["sync.read"] },
  { to: "/hvem-har-set", text: "nav.accessLog", rights: ["access.log.read"] },
];

// Where one can go, by what one may do.
export function Navigation({ onFollow }: { onFollow?: () => void }) {
  const at = useSignal(path);
  const me = useSignal(session.me);
  if (!me) return null;
  const shown = places.filter((place) => place.rights.every((right) => session.has(right)) && (!place.internal || session.seesInternal));
  if (me.associationId) shown.unshift({ to: "/egen-side", text: "nav.ownSide", rights: [] });
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
