// What people call a connection, where the caller may see connections; else its id.
import { useCall } from "../../state/hooks";
import { session } from "../../state/session";

export function useTitles(): (connectionId: string) => string {
  const { data } = useCall("sync.v1.SyncService/ListConnections", session.has("sync.read") ? {} : undefined);
  return (id) => data?.connections?.find((each) => each.id === id)?.title ?? id;
}
