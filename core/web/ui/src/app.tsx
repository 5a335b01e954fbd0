import { Suspense, lazy } from "preact/compat";
import type { ComponentType } from "preact";
import { Layout } from "./parts/Layout";
import { Loading } from "./parts/Loading";
import { SignIn } from "./screens/SignIn";
import { NotFound } from "./screens/NotFound";
import { path } from "./state/router";
import { session } from "./state/session";
import { useSignal } from "./state/signal";
import { language } from "./state/texts";

type Screen = ComponentType<{ id: string }>;
type Load = () => Promise<{ default: Screen }>;

interface Route {
  // The path, where ":id" stands for one part.
  path: string;
  screen: Screen;
  // Shown also to who is not signed in.
  open?: boolean;
}

const route = (at: string, load: Load, open = false): Route => ({ path: at, screen: lazy(load) as Screen, open });

const routes: Route[] = [
  route("/", () => import("./screens/Associations")),
  route("/foreninger", () => import("./screens/Associations")),
  route("/foreninger/:id", () => import("./screens/Association")),
  route("/hvem-kender-hvem", () => import("./screens/WhoKnows")),
  route("/samarbejder", () => import("./screens/Collaborations")),
  route("/samarbejder/:id", () => import("./screens/Collaboration")),
  route("/forslag", () => import("./screens/Proposals")),
  route("/netvaerksdage", () => import("./screens/Events")),
  route("/netvaerksdage/:id", () => import("./screens/Event")),
  route("/kom-godt-i-gang", () => import("./screens/GettingStarted")),
  route("/gennemsyn", () => import("./screens/Review")),
  route("/rapport", () => import("./screens/Report")),
  route("/forbindelser", () => import("./screens/Connections")),
  route("/forbindelser/:id", () => import("./screens/Connection")),
  route("/ressourcetjek/:id", () => import("./screens/ResourceCheck")),
  route("/hvem-har-set", () => import("./screens/AccessLog")),
  route("/egen-side", () => import("./screens/OwnSide")),
  route("/tilgaengelighed", () => import("./screens/Accessibility"), true),
  route("/privatliv", () => import("./screens/Privacy"), true),
  route("/session/done", () => import("./screens/SessionDone"), true),
];

// The part of `at` that ":id" stands for; "" where the route has none; undefined: another path.
function match(route: Route, at: string): string | undefined {
  const wanted = route.path.split("/");
  const told = at.replace(/\/+$/, "").split("/");
  if (at === "/") return route.path === "/" ? "" : undefined;
  if (wanted.length !== told.length) return undefined;
  let id = "";
  for (let i = 0; i < wanted.length; ++i) {
    if (wanted[i] === ":id") id = decodeURIComponent(told[i] ?? "");
    else if (wanted[i] !== told[i]) return undefined;
  }
  return id;
}

function Shown() {
  const me = useSignal(session.me);
  const asked = useSignal(path);
  // An association's first page is its own.
  const at = asked === "/" && me?.associationId ? "/egen-side" : asked;
  for (const each of routes) {
    const id = match(each, at);
    if (id === undefined) continue;
    if (!me && !each.open) return <SignIn />;
    const { screen: Screen } = each;
    return <Screen key={at} id={id} />;
  }
  return <NotFound />;
}

export function App() {
  const speaks = useSignal(language);
  return (
    <Layout key={speaks}>
      <Suspense fallback={<Loading />}>
        <Shown />
      </Suspense>
    </Layout>
  );
}
