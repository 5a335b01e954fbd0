// The hits of a filter, 50 a page: by the hub's pages, or, where only blank spots are wanted, which
// search does not know, all of them, held against the matrix of contacts.
import { useEffect, useState } from "preact/hooks";
import { call } from "../../api/client";
import type { ApiError } from "../../api/errors";
import type { SearchAssociationsResponseJson, SearchHitJson } from "../../gen/brobygger/search/v1/search_service_pb";
import { usePages, type Pages } from "../../parts/use_pages";
import { useAgainWhenBack } from "../../state/hooks";
import { queryOf, type Filter } from "./query";

const kMethod = "search.v1.SearchService/SearchAssociations";
const kPage = 50;
const kAll = 500;

// Short, so that hits are there while the next letter is typed; long enough that a word typed at
// once is one question.
const kPause = 40;

// An answer from an index that is being made, as after the hub's start, is asked for again.
const kCatchUp = 1000;

// All pages of one, more seldom.
const kCatchUpAll = 3000;

export interface Hits extends Pages {
  hits?: SearchHitJson[];
  // Unset where the hub does not tell it.
  total?: number;
  told?: SearchAssociationsResponseJson;
  error?: ApiError;
  loading: boolean;
  reload: () => void;
}

interface AllHits {
  hits: SearchHitJson[];
  // Some may be missing: a page's index was being made.
  catchingUp: boolean;
}

export async function allHits(filter: Filter, signal?: AbortSignal): Promise<AllHits> {
  const all: AllHits = { hits: [], catchingUp: false };
  const request = { query: queryOf(filter), pageSize: kAll, pageToken: "" };
  do {
    const page = await call(kMethod, request, { signal });
    all.hits.push(...(page.hits ?? []));
    all.catchingUp ||= page.catchingUp ?? false;
    request.pageToken = page.nextPageToken ?? "";
  } while (request.pageToken);
  return all;
}

// Asks again a while after each answer of an index that is being made.
function useAgainWhile(catchingUp: boolean, answer: unknown, again: () => void, pause: number): void {
  useEffect(() => {
    if (!catchingUp) return;
    const timer = setTimeout(again, pause);
    return () => clearTimeout(timer);
  }, [catchingUp, answer]);
}

// Nothing while `filter` is undefined.
function useAllHits(filter: Filter | undefined) {
  const [state, setState] = useState<Partial<AllHits> & { error?: ApiError; loading: boolean }>({ loading: false });
  const [round, setRound] = useState(0);
  const asked = filter && JSON.stringify(filter);
  useEffect(() => {
    if (!filter) return;
    const abort = new AbortController();
    setState((old) => ({ ...old, error: undefined, loading: true }));
    allHits(filter, abort.signal).then(
      (all) => setState({ ...all, loading: false }),
      (error: unknown) => !abort.signal.aborted && setState((old) => ({ ...old, error: error as ApiError, loading: false })),
    );
    return () => abort.abort();
  }, [asked, round]);
  const reload = () => setRound((n) => n + 1);
  useAgainWhenBack(state.error, reload);
  useAgainWhile(Boolean(filter && state.catchingUp), state.hits, reload, kCatchUpAll);
  return { ...state, reload };
}

function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), kPause);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

// `isBlank` says whether nobody knows an association; undefined as long as that is not known.
export function useHits(wanted: Filter, isBlank: ((id: string) => boolean) | undefined): Hits {
  const filter = useSettled(wanted);
  const query = queryOf(filter);
  const facets = ["theme", "area", "language", "activity", "capacity"];
  const pages = usePages(kMethod, { query, asYouType: true, facets, pageSize: filter.blank ? 1 : kPage });
  useAgainWhile(Boolean(pages.data?.catchingUp), pages.data, pages.reload, kCatchUp);
  const all = useAllHits(filter.blank ? filter : undefined);
  const [at, setAt] = useState({ query, page: 1 });
  if (!filter.blank) {
    const total = pages.data?.totalCount;
    return { ...pages, hits: pages.data && (pages.data.hits ?? []), told: pages.data, total: total === undefined ? undefined : Number(total) };
  }
  const blank = isBlank && all.hits?.filter((hit) => isBlank(hit.associationId ?? ""));
  const page = at.query === query ? at.page : 1;
  const go = (to: number) => {
    setAt({ query, page: to });
    scrollTo(0, 0);
  };
  return {
    hits: blank?.slice((page - 1) * kPage, page * kPage),
    total: blank?.length,
    told: pages.data && { ...pages.data, catchingUp: pages.data.catchingUp || all.catchingUp },
    error: all.error ?? pages.error,
    loading: all.loading,
    reload: all.reload,
    page,
    hasNext: page * kPage < (blank?.length ?? 0),
    next: () => go(page + 1),
    previous: () => go(Math.max(1, page - 1)),
  };
}
