#pragma once

#include <string>
#include <utility>

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

}  // namespace brobygger::rpc
