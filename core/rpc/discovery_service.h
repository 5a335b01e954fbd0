#pragma once

#include <grpcpp/grpcpp.h>

#include "brobygger/discovery/v1/discovery_service.grpc.pb.h"

#include "core/base/clock.h"
#include "core/discovery/contact_index.h"
#include "core/rpc/unary_call.h"
#include "core/storage/store.h"

namespace brobygger::rpc {

// Every method raw: we read requests and make answers ourselves (messages.h).
template <typename Base>
using RawDiscoveryLists = discovery::v1::DiscoveryService::WithRawCallbackMethod_WhoKnows<
    discovery::v1::DiscoveryService::WithRawCallbackMethod_ListBlankSpots<
        discovery::v1::DiscoveryService::WithRawCallbackMethod_GetContactMatrix<
            discovery::v1::DiscoveryService::WithRawCallbackMethod_ListOnePersonDependencies<
                Base>>>>;
template <typename Base>
using RawDiscoveryRest =
    discovery::v1::DiscoveryService::WithRawCallbackMethod_GetInitiativeBalance<
        discovery::v1::DiscoveryService::WithRawCallbackMethod_FindWay<
            discovery::v1::DiscoveryService::WithRawCallbackMethod_GetGuide<Base>>>;

// Serves brobygger.discovery.v1.DiscoveryService. All of it runs on gRPC's thread; questions over
// a whole municipality take as long as it has associations.
class DiscoveryService final
    : public RawDiscoveryLists<RawDiscoveryRest<discovery::v1::DiscoveryService::Service>> {
 public:
  // All must outlive the service.
  DiscoveryService(const storage::Store& store,
                   const discovery::ContactIndex& index,
                   const base::Clock& clock,
                   Door& door);

  grpc::ServerUnaryReactor* WhoKnows(grpc::CallbackServerContext* context,
                                     const grpc::ByteBuffer* request,
                                     grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListBlankSpots(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetContactMatrix(grpc::CallbackServerContext* context,
                                             const grpc::ByteBuffer* request,
                                             grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListOnePersonDependencies(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetInitiativeBalance(grpc::CallbackServerContext* context,
                                                 const grpc::ByteBuffer* request,
                                                 grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* FindWay(grpc::CallbackServerContext* context,
                                    const grpc::ByteBuffer* request,
                                    grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetGuide(grpc::CallbackServerContext* context,
                                     const grpc::ByteBuffer* request,
                                     grpc::ByteBuffer* response) override;

 private:
  // Answers with what `ask(asker, request)` gives.
  template <typename Request, typename Ask>
  grpc::ServerUnaryReactor* Serve(const Incoming& incoming, const Ask& ask);

  const storage::Store& store_;
  const discovery::ContactIndex& index_;
  const base::Clock& clock_;
  const Entrance entrance_;
};

}  // namespace brobygger::rpc
