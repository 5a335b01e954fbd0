#include "core/rpc/discovery_service.h"

#include <utility>

#include "core/base/status_macros.h"
#include "core/discovery/blank_spots.h"
#include "core/discovery/guide.h"
#include "core/discovery/way.h"
#include "core/discovery/who_knows.h"

namespace brobygger::rpc {
namespace {

namespace v1 = discovery::v1;

const google::protobuf::ServiceDescriptor& Descriptor() {
  return *v1::WhoKnowsRequest::descriptor()->file()->FindServiceByName("DiscoveryService");
}

}  // namespace

DiscoveryService::DiscoveryService(const storage::Store& store,
                                   const discovery::ContactIndex& index,
                                   const base::Clock& clock,
                                   Door& door)
    : store_(store), index_(index), clock_(clock), entrance_{door, MethodsOf(Descriptor())} {}

template <typename Request, typename Ask>
grpc::ServerUnaryReactor* DiscoveryService::Serve(const Incoming& incoming, const Ask& ask) {
  return ServeUnary<Request>(entrance_, incoming, [&](const Request& request, UnaryCall* call) {
    call->Answer(ask(discovery::Asker{store_, index_, clock_, call->caller()}, request));
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* DiscoveryService::WhoKnows(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer* request,
                                                     grpc::ByteBuffer* response) {
  return Serve<v1::WhoKnowsRequest>({"WhoKnows", context, request, response}, discovery::WhoKnows);
}

grpc::ServerUnaryReactor* DiscoveryService::ListBlankSpots(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request,
                                                           grpc::ByteBuffer* response) {
  return Serve<v1::ListBlankSpotsRequest>({"ListBlankSpots", context, request, response},
                                          discovery::ListBlankSpots);
}

grpc::ServerUnaryReactor* DiscoveryService::GetContactMatrix(grpc::CallbackServerContext* context,
                                                             const grpc::ByteBuffer* request,
                                                             grpc::ByteBuffer* response) {
  return Serve<v1::GetContactMatrixRequest>({"GetContactMatrix", context, request, response},
                                            discovery::GetContactMatrix);
}

grpc::ServerUnaryReactor* DiscoveryService::ListOnePersonDependencies(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return Serve<v1::ListOnePersonDependenciesRequest>(
      {"ListOnePersonDependencies", context, request, response},
      discovery::ListOnePersonDependencies);
}

grpc::ServerUnaryReactor* DiscoveryService::GetInitiativeBalance(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return Serve<v1::GetInitiativeBalanceRequest>(
      {"GetInitiativeBalance", context, request, response}, discovery::GetInitiativeBalance);
}

grpc::ServerUnaryReactor* DiscoveryService::FindWay(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) {
  const auto ask = [](const discovery::Asker& asker,
                      const v1::FindWayRequest& wanted) -> absl::StatusOr<v1::FindWayResponse> {
    BB_ASSIGN_OR_RETURN(const auto snapshot, asker.store.Latest());
    return discovery::FindWay(*snapshot, wanted, asker.clock.Now());
  };
  return Serve<v1::FindWayRequest>({"FindWay", context, request, response}, ask);
}

grpc::ServerUnaryReactor* DiscoveryService::GetGuide(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer* request,
                                                     grpc::ByteBuffer* response) {
  return Serve<v1::GetGuideRequest>({"GetGuide", context, request, response}, discovery::GetGuide);
}

}  // namespace brobygger::rpc
