// Who is signed in. The session itself is a cookie that this page cannot read; the web door holds
// what it stands for.
import type { WhoAmIResponseJson } from "../gen/brobygger/access/v1/access_service_pb";
import { Signal } from "./signal";

export interface DemoPerson {
  key: string;
  titleDa: string;
  titleEn: string;
}

// What GET /session tells.
export interface SessionInfo {
  signedIn: boolean;
  // "" where the provider tells none.
  displayName: string;
  // What the municipality is called here; "" where nobody said.
  title: string;
  // Whether the municipality's login provider can be used, and its host, for display.
  provider: string;
  // Not empty only in a demo.
  demoPeople: DemoPerson[];
  version: string;
}

export interface Me extends WhoAmIResponseJson {}

class Session {
  readonly info = new Signal<SessionInfo | undefined>(undefined);
  readonly me = new Signal<Me | undefined>(undefined);
  // Set while the person must sign in again without leaving the page: see parts/SignInAgain.
  readonly asksAgain = new Signal(false);
  private waiting: (() => void)[] = [];

  // What the data are read for; the policy's purposes. Kept for this tab.
  get purpose(): string {
    return sessionStorage.getItem("purpose") ?? "collaboration";
  }

  set purpose(value: string) {
    sessionStorage.setItem("purpose", value);
  }

  // Whether a call that says "not signed in" is worth asking the person: somebody was.
  mayAskAgain(): boolean {
    return this.me.value !== undefined;
  }

  // Done when the person has signed in again.
  signInAgain(): Promise<void> {
    this.asksAgain.set(true);
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  // The person has signed in again (in another tab, or in the dialog).
  resume(): void {
    this.asksAgain.set(false);
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  has(right: string): boolean {
    return this.me.value?.rights?.includes(right) ?? false;
  }

  // Whether more than public facts are told, as they are not to a volunteer centre.
  get seesInternal(): boolean {
    return !["DATA_CLASS_UNSPECIFIED", "DATA_CLASS_NONE", "DATA_CLASS_PUBLIC"].includes(this.me.value?.most ?? "DATA_CLASS_NONE");
  }

  // Whether it is told of other departments' contacts when and how often, and not only that there are some.
  get hearsSummaries(): boolean {
    return !["nothing", "existence"].includes(this.me.value?.municipality ?? "nothing");
  }
}

export const session = new Session();

async function post(path: string, body: unknown): Promise<Response> {
  return fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Connect-Protocol-Version": "1" },
    body: JSON.stringify(body),
    cache: "no-store",
  });
}

export async function loadSession(): Promise<SessionInfo> {
  const response = await fetch("/session", { cache: "no-store" });
  if (!response.ok) throw new Error(`/session answers ${response.status}`);
  const info = (await response.json()) as SessionInfo;
  session.info.set(info);
  return info;
}

// Signs in as one of the demo's people. False: it is not taken.
export async function signInAsDemo(key: string): Promise<boolean> {
  return (await post("/session/demo", { person: key })).ok;
}

// Signs in as an association: with the code of its invitation, or with the key it got for one.
export async function signInAsAssociation(secret: { code: string } | { key: string }): Promise<Response> {
  return post("/session/association", secret);
}

// Where the browser goes to sign in by the login provider. `then` is a path of this page.
export function providerAddress(then: string): string {
  return `/session/begin?then=${encodeURIComponent(then)}`;
}

// Ends the session; returns where to go then ("" for the first page).
export async function signOut(): Promise<string> {
  const response = await post("/session/end", {});
  const answer = (await response.json().catch(() => ({}))) as { next?: string };
  return answer.next ?? "";
}
