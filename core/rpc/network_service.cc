#include "core/rpc/network_service.h"

#include <utility>

#include "core/base/status_macros.h"
#include "core/collab/networks.h"
#include "core/rpc/collab_actor.h"
#include "core/rpc/read_call.h"
#include "core/rpc/write_call.h"

namespace brobygger::rpc {
namespace {

const google::protobuf::ServiceDescriptor& NetworkDescriptor() {
  return *collab::v1::GetNetworkRequest::descriptor()->file()->FindServiceByName("NetworkService");
}

}  // namespace

NetworkService::NetworkService(storage::Store& store, const base::Clock& clock, Door& door)
    : stores_(store), clock_(clock), entrance_{door, MethodsOf(NetworkDescriptor())} {}

template <typename Request, typename Response, typename Change>
grpc::ServerUnaryReactor* NetworkService::Write(const Incoming& incoming, Change change) {
  return ServeUnary<Request>(entrance_, incoming, [this, change](Request wanted, UnaryCall* call) {
    const auto run = [change, actor = ActorOf(call->caller())](
                         storage::Transaction& transaction, const Request& request,
                         const std::string& /*name*/) -> absl::StatusOr<Response> {
      Response response;
      BB_ASSIGN_OR_RETURN(*response.mutable_network(), change(transaction, request, actor));
      return response;
    };
    return SubmitWrite<Response>(stores_, std::move(wanted), call, run);
  });
}

grpc::ServerUnaryReactor* NetworkService::CreateNetwork(grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* request,
                                                        grpc::ByteBuffer* response) {
  return Write<collab::v1::CreateNetworkRequest, collab::v1::CreateNetworkResponse>(
      {"CreateNetwork", context, request, response}, collab::CreateNetwork);
}

grpc::ServerUnaryReactor* NetworkService::UpdateNetwork(grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* request,
                                                        grpc::ByteBuffer* response) {
  return Write<collab::v1::UpdateNetworkRequest, collab::v1::UpdateNetworkResponse>(
      {"UpdateNetwork", context, request, response}, collab::UpdateNetwork);
}

grpc::ServerUnaryReactor* NetworkService::GetNetwork(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer* request,
                                                     grpc::ByteBuffer* response) {
  return ServeUnary<collab::v1::GetNetworkRequest>(
      entrance_, {"GetNetwork", context, request, response},
      [this](const collab::v1::GetNetworkRequest& wanted, UnaryCall* call) -> absl::Status {
        const scope::ScopedStore store = stores_.For(call->caller());
        BB_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
        collab::v1::GetNetworkResponse told;
        BB_ASSIGN_OR_RETURN(
            *told.mutable_network(),
            collab::GetNetwork(*snapshot, wanted.network_id(), ActorOf(call->caller())));
        call->Answer(absl::StatusOr<collab::v1::GetNetworkResponse>(std::move(told)));
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* NetworkService::ListNetworks(grpc::CallbackServerContext* context,
                                                       const grpc::ByteBuffer* request,
                                                       grpc::ByteBuffer* response) {
  return ServeUnary<collab::v1::ListNetworksRequest>(
      entrance_, {"ListNetworks", context, request, response},
      [this](const collab::v1::ListNetworksRequest& wanted, UnaryCall* call) -> absl::Status {
        const scope::ScopedStore store = stores_.For(call->caller());
        BB_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
        call->Answer(collab::ListNetworks(*snapshot, wanted, ActorOf(call->caller())));
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* NetworkService::AddNetworkMember(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request,
                                                           grpc::ByteBuffer* response) {
  return Write<collab::v1::AddNetworkMemberRequest, collab::v1::AddNetworkMemberResponse>(
      {"AddNetworkMember", context, request, response}, collab::AddNetworkMember);
}

grpc::ServerUnaryReactor* NetworkService::RemoveNetworkMember(grpc::CallbackServerContext* context,
                                                              const grpc::ByteBuffer* request,
                                                              grpc::ByteBuffer* response) {
  return Write<collab::v1::RemoveNetworkMemberRequest, collab::v1::RemoveNetworkMemberResponse>(
      {"RemoveNetworkMember", context, request, response}, collab::RemoveNetworkMember);
}

grpc::ServerUnaryReactor* NetworkService::SetNetworkMeeting(grpc::CallbackServerContext* context,
                                                            const grpc::ByteBuffer* request,
                                                            grpc::ByteBuffer* response) {
  return Write<collab::v1::SetNetworkMeetingRequest, collab::v1::SetNetworkMeetingResponse>(
      {"SetNetworkMeeting", context, request, response}, collab::SetNetworkMeeting);
}

grpc::ServerUnaryReactor* NetworkService::PublishNetwork(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request,
                                                         grpc::ByteBuffer* response) {
  return Write<collab::v1::PublishNetworkRequest, collab::v1::PublishNetworkResponse>(
      {"PublishNetwork", context, request, response}, collab::PublishNetwork);
}

grpc::ServerUnaryReactor* NetworkService::GetNetworkPage(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request,
                                                         grpc::ByteBuffer* response) {
  return ServeUnary<collab::v1::GetNetworkPageRequest>(
      entrance_, {"GetNetworkPage", context, request, response},
      [this](const collab::v1::GetNetworkPageRequest& wanted, UnaryCall* call) -> absl::Status {
        const scope::ScopedStore store = stores_.For(call->caller());
        BB_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
        call->Answer(collab::GetNetworkPage(*snapshot, wanted, clock_.Now()));
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* NetworkService::GetNetworkMailingList(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return ServeUnary<collab::v1::GetNetworkMailingListRequest>(
      entrance_, {"GetNetworkMailingList", context, request, response},
      [this](const collab::v1::GetNetworkMailingListRequest& wanted,
             UnaryCall* call) -> absl::Status {
        const scope::ScopedStore store = stores_.For(call->caller());
        BB_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
        const access::Caller& caller = call->caller();
        const std::string own = access::SeesAll(caller) ? "" : caller.municipality_code;
        call->Answer(
            collab::GetNetworkMailingList(*snapshot, wanted.network_id(), own, ActorOf(caller)));
        return absl::OkStatus();
      });
}

}  // namespace brobygger::rpc
