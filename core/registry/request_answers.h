#pragma once

#include <string>

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "core/storage/store.h"

namespace brobygger::registry {

// A write that carries a request id, so that a retry is harmless.
struct RetryableRequest {
  // The method's full name: requests of two methods never meet.
  std::string method;
  // UUID, or "" for a request that cannot be retried.
  std::string request_id;
  // SHA-256 of the request without its `request_id`; see DigestOf().
  std::string digest;
};

// SHA-256 of the bytes of a request.
std::string DigestOf(const std::string& request_bytes);

// Runs `run` and keeps its answer for 24 hours, in the same transaction as what
// `run` writes; or, if the request was answered before, runs nothing and gives
// that answer again. A failed run keeps nothing. Also forgets a few answers that
// have expired. FIELD_INVALID (the id is no UUID), REQUEST_ID_REUSED, and what
// `run` answers.
absl::Status AnswerOnce(storage::Transaction& transaction,
                        const RetryableRequest& request,
                        absl::FunctionRef<absl::StatusOr<std::string>()> run,
                        std::string* answer);

}  // namespace brobygger::registry
