// Calls of the hub as hooks.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { call, type In, type Method, type Out } from "../api/client";
import { ApiError } from "../api/errors";

export interface Answer<T> {
  data?: T;
  error?: ApiError;
  loading: boolean;
  // Asks again, and keeps what is shown until the answer is there.
  reload: () => void;
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
  return { ...state, reload: useCallback(() => setRound((n) => n + 1), []) };
}

// One write at a time: `run` does nothing while one is under way. Resolves to the answer, or to
// undefined if it failed, and `error` then says why.
export function useWrite<M extends Method>(method: M) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError>();
  const running = useRef(false);
  const run = async (request: In<M>): Promise<Out<M> | undefined> => {
    if (running.current) return undefined;
    running.current = true;
    setBusy(true);
    setError(undefined);
    try {
      return await call(method, request);
    } catch (trouble) {
      setError(trouble instanceof ApiError ? trouble : new ApiError("unknown", String(trouble)));
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
