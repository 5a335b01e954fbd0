// Calls of the hub as hooks.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { call, type In, type Method, type Out } from "../api/client";
import { ApiError } from "../api/errors";
import { connection } from "./connection";

export interface Answer<T> {
  data?: T;
  error?: ApiError;
  loading: boolean;
  // Asks again, and keeps what is shown until the answer is there.
  reload: () => void;
}

// Asks again by itself when the hub, which was away, is back.
export function useAgainWhenBack(error: ApiError | undefined, again: () => void): void {
  useEffect(() => {
    if (!error?.isUnanswered) return;
    if (!connection.away.value) return again();
    return connection.away.watch((away) => !away && again());
  }, [error]);
}

// Asks when shown, and again when `request` changes; undefined asks nothing.
export function useCall<M extends Method>(method: M, request: In<M> | undefined): Answer<Out<M>> {
  const [state, setState] = useState<{ data?: Out<M>; error?: ApiError; loading: boolean }>({ loading: true });
  const [round, setRound] = useState(0);
  const asked = request === undefined ? undefined : JSON.stringify(request);
  useEffect(() => {
    if (asked === undefined) return setState({ loading: false });
    const abort = new AbortController();
    setState((old) => ({ ...old, error: undefined, loading: true }));
    call(method, JSON.parse(asked) as In<M>, { signal: abort.signal }).then(
      (data) => setState({ data, loading: false }),
      (error: unknown) => {
        if (!abort.signal.aborted) setState((old) => ({ ...old, error: error as ApiError, loading: false }));
      },
    );
    return () => abort.abort();
  }, [method, asked, round]);
  const reload = useCallback(() => setRound((n) => n + 1), []);
  useAgainWhenBack(state.error, reload);
  return { ...state, reload };
}

// A write of which it is not known whether it was done, since no answer came.
interface Unsure {
  asked: string;
  id: string;
}

// What is sent once more keeps its request_id, so that the hub does it once.
function asBefore<R extends object>(request: R, unsure: Unsure | undefined): R {
  return unsure?.asked === contentOf(request) ? { ...request, requestId: unsure.id } : request;
}

const contentOf = (request: object): string => JSON.stringify({ ...request, requestId: undefined });

// One write at a time: `run` does nothing while one is under way. Resolves to the answer, or to
// undefined if it failed, and `error` then says why.
export function useWrite<M extends Method>(method: M) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError>();
  const running = useRef(false);
  const unsure = useRef<Unsure | undefined>(undefined);
  const run = async (request: In<M>): Promise<Out<M> | undefined> => {
    if (running.current) return undefined;
    running.current = true;
    setBusy(true);
    setError(undefined);
    const sent = asBefore(request, unsure.current);
    unsure.current = undefined;
    try {
      return await call(method, sent);
    } catch (trouble) {
      const failed = trouble instanceof ApiError ? trouble : new ApiError("unknown", String(trouble));
      const { requestId: id } = sent as { requestId?: string };
      if (failed.isAway && id) unsure.current = { asked: contentOf(sent), id };
      setError(failed);
      return undefined;
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return { run, busy, error, clear: () => setError(undefined) };
}

// A UUID for request_id, so that a write that is sent twice is done once.
export const requestId = (): string => crypto.randomUUID();
