#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/base/status_macros.h"
#include "core/rpc/unary_call.h"
#include "core/rpc/worker_pool.h"

namespace brobygger::rpc {

// Answers the call with what `work(request, caller)` gives, if its caller still waits.
template <typename Request, typename Work>
void DoWork(UnaryCall* call, const Work& work, const Request& request) {
  const absl::Status status = Guarded([&]() -> absl::Status {
    BB_RETURN_IF_ERROR(call->StillWanted());
    BB_ASSIGN_OR_RETURN(std::string answer, work(request, call->caller()));
    call->Answer(ToBytes(std::move(answer)));
    return absl::OkStatus();
  });
  if (!status.ok()) call->Fail(status);
}

// Runs `work(request, caller)`, which may wait, on a worker, and answers the call
// with the bytes it gives.
template <typename Request, typename Work>
grpc::ServerUnaryReactor* ServeWork(const Entrance& entrance,
                                    WorkerPool& workers,
                                    const Incoming& incoming,
                                    const Work& work) {
  return ServeUnary<Request>(
      entrance, incoming, [&workers, work](Request request, UnaryCall* call) {
        return workers.Push(
            [call, work, request = std::move(request)] { DoWork(call, work, request); });
      });
}

// Whether the call changes something, once it is known about whom it is.
enum class Changes { kNothing, kSomething };

// How a call is answered of which its request alone does not say about whom it is. All three run on
// a worker, one after the other; `find_out(request, caller, subject_ids)` may fail, and says about
// whom as far as it knows all the same.
template <typename FindOut, typename Work>
struct ResolvedWork {
  Changes changes;
  FindOut find_out;
  Work work;  // (request, caller, subject_ids)
};

// clang 14 does not work it out.
template <typename FindOut, typename Work>
ResolvedWork(Changes, FindOut, Work) -> ResolvedWork<FindOut, Work>;

template <typename Request, typename Parts>
absl::StatusOr<std::string> RunResolved(UnaryCall* call,
                                        const Parts& parts,
                                        const Request& request) {
  BB_RETURN_IF_ERROR(call->StillWanted());
  std::vector<std::string> subject_ids;
  const absl::Status found = parts.find_out(request, call->caller(), subject_ids);
  if (!subject_ids.empty()) call->SayAbout(subject_ids);
  BB_RETURN_IF_ERROR(found);
  if (parts.changes == Changes::kSomething) BB_RETURN_IF_ERROR(call->AuditBegun());
  return parts.work(request, call->caller(), subject_ids);
}

// ServeWork() of such a call: the audit log is told of it, and about whom, before anything is
// changed or answered.
template <typename Request, typename Parts>
grpc::ServerUnaryReactor* ServeResolved(const Entrance& entrance,
                                        WorkerPool& workers,
                                        const Incoming& incoming,
                                        const Parts& parts) {
  return LetIn<Request>(entrance, incoming, [&](Request request, UnaryCall* call) {
    const Method& method = entrance.methods.at(incoming.method);
    auto audited = entrance.door.ToAudit(method, call->caller(), request);
    if (audited) call->AuditAnswer(*entrance.door.options().auditor, *std::move(audited));
    return workers.Push([call, parts, request = std::move(request)] {
      const absl::Status status = Guarded([&]() -> absl::Status {
        BB_ASSIGN_OR_RETURN(std::string answer, RunResolved(call, parts, request));
        call->Answer(ToBytes(std::move(answer)));
        return absl::OkStatus();
      });
      if (!status.ok()) call->Fail(status);
    });
  });
}

}  // namespace brobygger::rpc
