// Calls of the hub, by the Connect protocol with JSON (connectrpc.com/docs/protocol). Our own, and
// not @connectrpc/connect-web, which with the descriptors it needs is as large as the whole page:
// here messages are plain JSON, with types made of the protos. A test holds the web door against
// the unmodified library.
import type { Methods } from "../gen/methods";
import { ApiError, toApiError, type Code } from "./errors";
import { session } from "../state/session";
import { connection } from "../state/connection";

export type Method = keyof Methods;
export type In<M extends Method> = Methods[M]["in"];
export type Out<M extends Method> = Methods[M]["out"];

export interface CallOptions {
  signal?: AbortSignal;
  // Milliseconds; the hub stops working on it then.
  timeout?: number;
  // A read that is dear: where a source is away that is told at once. It is tried again only while
  // the hub itself is away.
  once?: boolean;
}

const kTimeout = 20_000;
// How often and how long a read is tried again while the hub is away.
const kPauses = [300, 700, 1500, 3000, 5000, 5000, 5000, 5000];

const codeOfStatus: Record<number, Code> = {
  400: "internal", 401: "unauthenticated", 403: "permission_denied", 404: "unimplemented",
  408: "deadline_exceeded", 429: "unavailable", 502: "unavailable", 503: "unavailable",
  504: "unavailable",
};

// Reads are tried again by themselves; what changes something never is.
function isRead(method: string): boolean {
  return /\/(Get|List|Find|Search|Who|Explain|Suggest|Fit|Preview)/.test(method);
}

function headers(timeout: number, type: string): Record<string, string> {
  const all: Record<string, string> = {
    "Content-Type": type,
    "Connect-Protocol-Version": "1",
    "Connect-Timeout-Ms": String(timeout),
  };
  if (session.purpose) all["Brobygger-Purpose"] = session.purpose;
  return all;
}

async function send(method: string, request: unknown, type: string, options: CallOptions) {
  const timeout = options.timeout ?? kTimeout;
  try {
    return await fetch(`/api/brobygger.${method}`, {
      method: "POST",
      headers: headers(timeout, type),
      body: request as BodyInit,
      signal: options.signal,
      cache: "no-store",
      redirect: "error",
    });
  } catch (error) {
    if (options.signal?.aborted) throw new ApiError("canceled", "");
    throw new ApiError("unavailable", String(error));
  }
}

async function failure(response: Response): Promise<ApiError> {
  const fallback = codeOfStatus[response.status] ?? "unknown";
  const text = await response.text().catch(() => "");
  try {
    return toApiError(JSON.parse(text), fallback);
  } catch {
    return new ApiError(fallback, text.slice(0, 200));
  }
}

async function once<M extends Method>(method: M, request: In<M>, options: CallOptions): Promise<Out<M>> {
  const response = await send(method, JSON.stringify(request), "application/json", options);
  if (!response.ok) throw await failure(response);
  return (await response.json()) as Out<M>;
}

function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new ApiError("canceled", ""));
    });
  });
}

// Runs `attempt` until it succeeds: signs in again if the session has ended, which keeps the page
// and what is typed in it as they are; and if `retries` says so, waits for what is away.
async function persist<T>(attempt: () => Promise<T>, retries: (error: ApiError) => boolean, signal?: AbortSignal): Promise<T> {
  for (let tries = 0; ; ) {
    try {
      const answer = await attempt();
      connection.reached();
      return answer;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code === "unauthenticated" && session.mayAskAgain()) {
        await session.signInAgain();
        continue;
      }
      if (error.isUnanswered) connection.missed();
      if (!error.isAway || !retries(error) || tries >= kPauses.length) throw error;
      await pause(kPauses[tries++] ?? 0, signal);
    }
  }
}

// Calls a method that answers once.
export function call<M extends Method>(method: M, request: In<M>, options: CallOptions = {}): Promise<Out<M>> {
  const retries = (error: ApiError) => isRead(method) && (!options.once || error.isUnanswered);
  return persist(() => once(method, request, options), retries, options.signal);
}

function envelope(text: string): Uint8Array<ArrayBuffer> {
  const data = new TextEncoder().encode(text);
  const whole = new Uint8Array(5 + data.length);
  new DataView(whole.buffer).setUint32(1, data.length);
  whole.set(data, 5);
  return whole;
}

const kEnd = 2;

// Splits a streaming answer into its enveloped messages.
async function* messages(body: ReadableStream<Uint8Array>): AsyncGenerator<{ flags: number; text: string }> {
  const reader = body.getReader();
  let kept = new Uint8Array();
  try {
    for (;;) {
      while (kept.length >= 5) {
        const length = new DataView(kept.buffer, kept.byteOffset).getUint32(1);
        if (kept.length < 5 + length) break;
        yield { flags: kept[0] ?? 0, text: new TextDecoder().decode(kept.subarray(5, 5 + length)) };
        kept = kept.slice(5 + length);
      }
      const { done, value } = await reader.read();
      if (done) return;
      const joined = new Uint8Array(kept.length + value.length);
      joined.set(kept);
      joined.set(value, kept.length);
      kept = joined;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

// Calls a method that answers with a stream. Ends when the hub ends it; throws ApiError if it broke
// off. Nothing is tried again: whoever reads knows from where to go on.
export async function* stream<M extends Method>(
  method: M, request: In<M>, options: CallOptions = {},
): AsyncGenerator<Out<M>> {
  const ask = async () => {
    const response = await send(method, envelope(JSON.stringify(request)), "application/connect+json",
                                { timeout: 3_600_000, ...options });
    if (!response.ok || !response.body) throw await failure(response);
    return response.body;
  };
  const body = await persist(ask, () => false, options.signal);
  try {
    for await (const message of messages(body)) {
      const told = JSON.parse(message.text) as { error?: unknown };
      if ((message.flags & kEnd) === 0) yield told as Out<M>;
      else if (told.error) throw toApiError(told.error, "unknown");
      else return;
    }
  } catch (error) {
    if (options.signal?.aborted) throw new ApiError("canceled", "");
    throw error instanceof ApiError ? error : new ApiError("unavailable", String(error));
  }
  throw new ApiError("unavailable", "the stream broke off");
}
