// What the hub answers when it does not do what was asked: one code, one reason, and facts.

export type Code =
  | "canceled" | "unknown" | "invalid_argument" | "deadline_exceeded" | "not_found"
  | "already_exists" | "permission_denied" | "resource_exhausted" | "failed_precondition"
  | "aborted" | "out_of_range" | "unimplemented" | "internal" | "unavailable" | "data_loss"
  | "unauthenticated";

export class ApiError extends Error {
  constructor(
    readonly code: Code,
    // The hub's own sentence, in English.
    message: string,
    // A value of errors.v1.ErrorReason without its prefix: "ASSOCIATION_NOT_FOUND"; "" if none.
    readonly reason = "",
    readonly facts: Readonly<Record<string, string>> = {},
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
    this.name = "ApiError";
  }

  // Whether the hub, or the way to it, is away: the same call may succeed later.
  get isAway(): boolean {
    return this.code === "unavailable" || this.code === "deadline_exceeded";
  }

  // Whether nobody answered at all. Where the hub says why, as of a source that is away, it is there.
  get isUnanswered(): boolean {
    return this.code === "unavailable" && (this.reason === "" || this.reason === "STOPPING");
  }
}

interface WireDetail {
  type?: string;
  debug?: Record<string, unknown>;
}

// Reads Connect's error object (connectrpc.com/docs/protocol, "Error end-stream").
export function toApiError(wire: unknown, fallback: Code): ApiError {
  const error = (wire ?? {}) as { code?: Code; message?: string; details?: WireDetail[] };
  let reason = "";
  let facts: Record<string, string> = {};
  let retry: number | undefined;
  for (const detail of error.details ?? []) {
    if (detail.type === "google.rpc.ErrorInfo" && detail.debug) {
      reason = String(detail.debug.reason ?? "");
      facts = (detail.debug.metadata as Record<string, string> | undefined) ?? {};
    }
    if (detail.type === "google.rpc.RetryInfo" && detail.debug) {
      retry = Number.parseFloat(String(detail.debug.retryDelay ?? "0"));
    }
  }
  return new ApiError(error.code ?? fallback, error.message ?? "", reason, facts, retry);
}
