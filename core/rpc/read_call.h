#pragma once

#include "core/rpc/unary_call.h"
#include "core/scope/scoped_store.h"

namespace brobygger::rpc {

// ServeQuery() for a method that reads the store: `query(store, request)` answers at once, and the
// store it gets holds what the caller may see.
template <typename Request, typename Query>
grpc::ServerUnaryReactor* ServeRead(const Entrance& entrance,
                                    const scope::Stores& stores,
                                    const Incoming& incoming,
                                    const Query& query) {
  return ServeUnary<Request>(entrance, incoming, [&](const Request& request, UnaryCall* call) {
    const scope::ScopedStore store = stores.For(call->caller());
    call->Answer(query(store, request));
    return absl::OkStatus();
  });
}

}  // namespace brobygger::rpc
