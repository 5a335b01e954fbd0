#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "core/base/status_macros.h"
#include "core/registry/request_answers.h"
#include "core/rpc/unary_call.h"
#include "core/scope/scoped_store.h"
#include "core/storage/store.h"

namespace brobygger::rpc {

// Whether the request only asks if it would work.
template <typename Request>
bool ValidateOnly(const Request& request) {
  if constexpr (requires { request.validate_only(); }) return request.validate_only();
  return false;
}

// Tells the response which revision it made, if it says that.
template <typename Response>
void SetRevision(storage::Revision revision, Response& response) {
  if constexpr (requires { response.set_revision(revision); }) response.set_revision(revision);
}

// What makes a retry of `request` known: its id, all else that it says, and for whom it is: what
// one municipality or department was answered is not there for another, whatever id it sends.
template <typename Request>
registry::RetryableRequest RetryableOf(const Request& request, const access::Caller& caller) {
  registry::RetryableRequest retryable;
  retryable.method = Request::descriptor()->full_name();
  for (const std::string* whose :
       {&caller.municipality_code, &caller.association_id, &caller.department_id}) {
    if (!access::SeesAll(caller) && !whose->empty()) retryable.method += "@" + *whose;
  }
  // Without one where the answer holds a secret: it must not be kept.
  if constexpr (requires { request.request_id(); }) {
    retryable.request_id = request.request_id();
    if (retryable.request_id.empty()) return retryable;
    Request rest = request;
    rest.clear_request_id();
    retryable.digest = registry::DigestOf(StableBytes(rest));
  }
  return retryable;
}

// Hands a write to the store and answers the call when it is durable.
// `run(transaction, request, actor)` does the work, on what is the caller's, and gives the
// response, without its revision. A retried request gets the answer it got before; a
// caller who no longer waits gets nothing written.
template <typename Response, typename Request, typename Run>
absl::Status SubmitWrite(const scope::Stores& stores, Request request, UnaryCall* call, Run run) {
  struct Write {
    Request request;
    registry::RetryableRequest retryable;
    std::string answer;
    bool validated = false;
  };
  auto write = std::make_shared<Write>();
  write->retryable = RetryableOf(request, call->caller());
  write->request = std::move(request);

  const auto answer_bytes =
      [write, call, run](scope::ScopedTransaction& transaction) -> absl::StatusOr<std::string> {
    auto response = run(transaction, write->request, call->caller().actor);
    if (!response.ok()) return response.status();
    if (!ValidateOnly(write->request)) SetRevision(transaction.revision(), *response);
    return response->SerializeAsString();
  };
  const auto body = [write, call, answer_bytes](scope::ScopedTransaction& transaction) {
    return Guarded([&]() -> absl::Status {
      const auto answer = std::bind_front(answer_bytes, std::ref(transaction));
      BB_RETURN_IF_ERROR(
          registry::AnswerOnce(transaction.Whole(), write->retryable, answer, &write->answer));
      if (ValidateOnly(write->request)) {
        write->validated = true;
        return absl::AbortedError("validated; nothing is to be written");
      }
      return call->StillWanted();
    });
  };
  stores.Submit(call->caller(), body, [write, call](const absl::StatusOr<storage::Revision>& done) {
    if (!done.ok() && !write->validated) return call->Fail(done.status());
    if (done.ok()) call->SayRevision(*done);
    call->Answer(ToBytes(std::move(write->answer)));
  });
  return absl::OkStatus();
}

}  // namespace brobygger::rpc
