// Asks the hub who is signed in, and what they may do.
import { call } from "../api/client";
import { session } from "./session";

export async function loadMe(): Promise<void> {
  session.me.set(await call("access.v1.AccessService/WhoAmI", {}));
}
