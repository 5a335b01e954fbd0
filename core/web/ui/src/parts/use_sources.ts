// What people call the systems that tell the hub something. Everybody may know that: also who sees
// nothing else of a connection.
import type { SourceJson } from "../gen/brobygger/sync/v1/sync_answers_pb";
import { useCall } from "../state/hooks";

function useList(): SourceJson[] {
  return useCall("sync.v1.SyncService/ListSources", {}).data?.sources ?? [];
}

// The title of a connection; its id where it has none.
export function useSources(): (connectionId: string) => string {
  const sources = useList();
  return (id) => sources.find((each) => each.connectionId === id)?.title || id;
}

// The titles of what a plugin reads, as "files.csv": one plugin may read several systems.
export function useSourcesOf(): (plugin: string) => string[] {
  const sources = useList();
  return (plugin) => sources.filter((each) => each.plugin === plugin).map((each) => each.title || (each.connectionId ?? ""));
}
