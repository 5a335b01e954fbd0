#pragma once

#include <grpcpp/grpcpp.h>

#include "brobygger/collab/v1/network_service.grpc.pb.h"

#include "core/base/clock.h"
#include "core/rpc/unary_call.h"
#include "core/scope/scoped_store.h"
#include "core/storage/store.h"

namespace brobygger::rpc {

// Every method raw: we read requests and make answers ourselves (messages.h).
template <typename Base>
using RawNetworks = collab::v1::NetworkService::WithRawCallbackMethod_CreateNetwork<
    collab::v1::NetworkService::WithRawCallbackMethod_UpdateNetwork<
        collab::v1::NetworkService::WithRawCallbackMethod_GetNetwork<
            collab::v1::NetworkService::WithRawCallbackMethod_ListNetworks<
                collab::v1::NetworkService::WithRawCallbackMethod_AddNetworkMember<Base>>>>>;
template <typename Base>
using RawNetworkParts = collab::v1::NetworkService::WithRawCallbackMethod_RemoveNetworkMember<
    collab::v1::NetworkService::WithRawCallbackMethod_SetNetworkMeeting<
        collab::v1::NetworkService::WithRawCallbackMethod_PublishNetwork<
            collab::v1::NetworkService::WithRawCallbackMethod_GetNetworkPage<
                collab::v1::NetworkService::WithRawCallbackMethod_GetNetworkMailingList<Base>>>>>;

// Serves brobygger.collab.v1.NetworkService. Reads run on gRPC's thread.
class NetworkService final
    : public RawNetworks<RawNetworkParts<collab::v1::NetworkService::Service>> {
 public:
  // All must outlive the service.
  NetworkService(storage::Store& store, const base::Clock& clock, Door& door);

  grpc::ServerUnaryReactor* CreateNetwork(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* UpdateNetwork(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetNetwork(grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListNetworks(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* AddNetworkMember(grpc::CallbackServerContext* context,
                                             const grpc::ByteBuffer* request,
                                             grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* RemoveNetworkMember(grpc::CallbackServerContext* context,
                                                const grpc::ByteBuffer* request,
                                                grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* SetNetworkMeeting(grpc::CallbackServerContext* context,
                                              const grpc::ByteBuffer* request,
                                              grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* PublishNetwork(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetNetworkPage(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetNetworkMailingList(grpc::CallbackServerContext* context,
                                                  const grpc::ByteBuffer* request,
                                                  grpc::ByteBuffer* response) override;

 private:
  // Writes `change(transaction, request, actor)`, and answers with the network that it gives.
  template <typename Request, typename Response, typename Change>
  grpc::ServerUnaryReactor* Write(const Incoming& incoming, Change change);

  const scope::Stores stores_;
  const base::Clock& clock_;
  const Entrance entrance_;
};

}  // namespace brobygger::rpc
