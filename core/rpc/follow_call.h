#pragma once

#include <functional>
#include <utility>

#include "core/base/status_macros.h"
#include "core/rpc/follow_streams.h"
#include "core/rpc/unary_call.h"

namespace brobygger::rpc {

// The way in of every method that is followed: lets the caller in, reads the request, tells the
// audit log, and sends what `follow(caller, request, wake)` gives, for as long as the caller may.
// Whoever's key, token or role is taken away is refused within seconds.
template <typename Request, typename Follow>
grpc::ServerWriteReactor<grpc::ByteBuffer>* ServeFollow(const Entrance& entrance,
                                                        FollowStreams& streams,
                                                        const Incoming& incoming,
                                                        const Follow& follow) {
  return streams.Serve([&](std::function<void()> wake) -> absl::StatusOr<FollowStream::Parts> {
    FollowStream::Parts parts;
    BB_ASSIGN_OR_RETURN(parts.pass,
                        entrance.door.Enter(entrance.methods, incoming.method, *incoming.context));
    Request request;
    BB_RETURN_IF_ERROR(
        ParseRequest(*incoming.request, entrance.door.options().request_bytes, &request));
    const Method& method = entrance.methods.at(incoming.method);
    BB_RETURN_IF_ERROR(entrance.door.AuditNow(method, parts.pass.caller(), request));
    BB_ASSIGN_OR_RETURN(parts.news,
                        follow(parts.pass.caller(), std::move(request), std::move(wake)));
    parts.still_may = [&door = entrance.door, &method, context = incoming.context] {
      return door.StillMay(method, *context);
    };
    return parts;
  });
}

}  // namespace brobygger::rpc
