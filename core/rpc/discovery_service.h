#pragma once

#include <chrono>
#include <thread>

#include <grpcpp/grpcpp.h>

#include "brobygger/discovery/v1/discovery_service.grpc.pb.h"

#include "core/base/clock.h"
#include "core/discovery/contact_index.h"
#include "core/rpc/follow_streams.h"
#include "core/rpc/search_wait.h"
#include "core/rpc/unary_call.h"
#include "core/search/follower.h"
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
using RawPartners = discovery::v1::DiscoveryService::WithRawCallbackMethod_FindPartners<
    discovery::v1::DiscoveryService::WithRawCallbackMethod_GetPartner<
        discovery::v1::DiscoveryService::WithRawCallbackMethod_FollowPartners<Base>>>;
template <typename Base>
using RawDiscoveryRest =
    discovery::v1::DiscoveryService::WithRawCallbackMethod_GetInitiativeBalance<
        discovery::v1::DiscoveryService::WithRawCallbackMethod_FindWay<
            discovery::v1::DiscoveryService::WithRawCallbackMethod_GetGuide<Base>>>;

// Serves brobygger.discovery.v1.DiscoveryService. All of it runs on gRPC's threads; questions over
// a whole municipality take as long as it has associations. A thread of its own tells those who
// follow partners that the search index has come further. The server must have ended every call
// before the service is destroyed.
class DiscoveryService final
    : public RawPartners<
          RawDiscoveryLists<RawDiscoveryRest<discovery::v1::DiscoveryService::Service>>> {
 public:
  // All must outlive the service. A stream without news gives a sign of life within `heartbeat`.
  DiscoveryService(const storage::Store& store,
                   const discovery::ContactIndex& index,
                   const base::Clock& clock,
                   search::Follower& search,
                   Door& door,
                   std::chrono::milliseconds heartbeat = std::chrono::seconds(15));
  ~DiscoveryService() override { Stop(); }

  // Answers who still waits, and ends every stream with STOPPING.
  void Stop();

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
  grpc::ServerUnaryReactor* FindPartners(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetPartner(grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override;
  grpc::ServerWriteReactor<grpc::ByteBuffer>* FollowPartners(
      grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) override;

 private:
  // Wakes the followers when the search index has come further.
  void Watch(const std::stop_token& stop);

  // Answers with what `ask(asker, request)` gives.
  template <typename Request, typename Ask>
  grpc::ServerUnaryReactor* Serve(const Incoming& incoming, const Ask& ask);

  const storage::Store& store_;
  const discovery::ContactIndex& index_;
  const base::Clock& clock_;
  search::Follower& search_;
  const Entrance entrance_;
  SearchWait wait_;
  FollowStreams followers_;
  std::jthread watcher_;
};

}  // namespace brobygger::rpc
