#include "core/rpc/search_service.h"

#include <string>
#include <utility>

#include "core/base/status_macros.h"
#include "core/discovery/granted_fields.h"
#include "core/discovery/search_associations.h"

namespace brobygger::rpc {
namespace {

using State = search::v1::GetSearchHealthResponse;

State::State ToProto(search::Health::State state) {
  switch (state) {
    case search::Health::State::kLoading:
      return State::STATE_LOADING;
    case search::Health::State::kFollowing:
      return State::STATE_FOLLOWING;
    case search::Health::State::kRebuilding:
      return State::STATE_REBUILDING;
    case search::Health::State::kTooLittleMemory:
      return State::STATE_TOO_LITTLE_MEMORY;
    case search::Health::State::kFailed:
      return State::STATE_FAILED;
  }
  return State::STATE_UNSPECIFIED;
}

}  // namespace

SearchService::SearchService(const storage::Store& store,
                             const discovery::ContactIndex& index,
                             const base::Clock& clock,
                             search::Follower& follower,
                             Door& door)
    : store_(store),
      index_(index),
      clock_(clock),
      follower_(follower),
      entrance_{
          door,
          MethodsOf(*search::v1::SearchAssociationsRequest::descriptor()->file()->FindServiceByName(
              "SearchService"))},
      wait_(store, follower) {}

absl::StatusOr<search::v1::SearchAssociationsResponse> SearchService::Search(
    const access::Caller& caller, const search::v1::SearchAssociationsRequest& request) {
  return discovery::SearchAssociations({store_, index_, clock_, caller}, follower_.shelf(), request,
                                       discovery::SearchableBy(caller));
}

grpc::ServerUnaryReactor* SearchService::SearchAssociations(grpc::CallbackServerContext* context,
                                                            const grpc::ByteBuffer* request,
                                                            grpc::ByteBuffer* response) {
  return ServeUnary<search::v1::SearchAssociationsRequest>(
      entrance_, {"SearchAssociations", context, request, response},
      [this](search::v1::SearchAssociationsRequest wanted, UnaryCall* call) {
        const auto revision = wanted.min_revision();
        return wait_.AnswerWhenThere(revision, call, [this, call, wanted = std::move(wanted)] {
          call->Answer(Search(call->caller(), wanted));
        });
      });
}

grpc::ServerUnaryReactor* SearchService::GetSearchHealth(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request,
                                                         grpc::ByteBuffer* response) {
  return ServeQuery<search::v1::GetSearchHealthRequest>(
      entrance_, {"GetSearchHealth", context, request, response},
      [this](const search::v1::GetSearchHealthRequest&) -> absl::StatusOr<State> {
        const search::Health health = follower_.health();
        State told;
        told.set_state(ToProto(health.state));
        told.set_revision(health.revision);
        told.set_association_count(static_cast<std::int64_t>(health.documents));
        told.set_skipped_count(static_cast<std::int64_t>(health.skipped));
        told.set_bytes(static_cast<std::int64_t>(health.bytes));
        return told;
      });
}

}  // namespace brobygger::rpc
