#pragma once

#include <grpcpp/grpcpp.h>

#include "brobygger/search/v1/search_service.grpc.pb.h"

#include "core/base/clock.h"
#include "core/discovery/contact_index.h"
#include "core/rpc/search_wait.h"
#include "core/rpc/unary_call.h"
#include "core/search/follower.h"
#include "core/storage/store.h"

namespace brobygger::rpc {

// Every method raw: we read requests and make answers ourselves (messages.h).
using RawSearch = search::v1::SearchService::WithRawCallbackMethod_SearchAssociations<
    search::v1::SearchService::WithRawCallbackMethod_GetSearchHealth<
        search::v1::SearchService::Service>>;

// Serves brobygger.search.v1.SearchService. A search runs on gRPC's thread, since what it may cost
// is bounded; who waits for a revision waits on a small pool.
class SearchService final : public RawSearch {
 public:
  // All must outlive the service.
  SearchService(const storage::Store& store,
                const discovery::ContactIndex& index,
                const base::Clock& clock,
                search::Follower& follower,
                Door& door);

  // Answers who still waits, and lets nobody wait any more.
  void Stop() { wait_.Stop(); }

  grpc::ServerUnaryReactor* SearchAssociations(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetSearchHealth(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* response) override;

 private:
  absl::StatusOr<search::v1::SearchAssociationsResponse> Search(
      const access::Caller& caller, const search::v1::SearchAssociationsRequest& request);

  const storage::Store& store_;
  const discovery::ContactIndex& index_;
  const base::Clock& clock_;
  search::Follower& follower_;
  const Entrance entrance_;
  SearchWait wait_;
};

}  // namespace brobygger::rpc
