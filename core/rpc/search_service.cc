#include "core/rpc/search_service.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/discovery/search_associations.h"

namespace brobygger::rpc {
namespace {

namespace v1 = search::v1;
using State = v1::GetSearchHealthResponse;

constexpr int kWaiters = 2;
constexpr int kMostWaiting = 64;
constexpr absl::Duration kLongestWait = absl::Seconds(5);

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
      entrance_{door,
                MethodsOf(*v1::SearchAssociationsRequest::descriptor()->file()->FindServiceByName(
                    "SearchService"))},
      waiting_(kWaiters, kMostWaiting) {}

absl::StatusOr<v1::SearchAssociationsResponse> SearchService::Search(
    const access::Caller& caller, const v1::SearchAssociationsRequest& request) {
  return discovery::SearchAssociations({store_, index_, clock_, caller}, follower_.shelf(),
                                       request);
}

absl::StatusOr<bool> SearchService::IsThere(const v1::SearchAssociationsRequest& request) const {
  if (request.min_revision() == 0) return true;
  BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
  if (request.min_revision() > latest->revision()) {
    return storage::RevisionUnknown(request.min_revision(), latest->revision());
  }
  return follower_.AwaitRevision(request.min_revision(), absl::InfinitePast());
}

absl::Status SearchService::Await(const v1::SearchAssociationsRequest& request) const {
  if (follower_.AwaitRevision(request.min_revision(), absl::Now() + kLongestWait)) {
    return absl::OkStatus();
  }
  const std::string wanted = std::to_string(request.min_revision());
  const std::string found = std::to_string(follower_.health().revision);
  return base::MakeError(errors::v1::ERROR_REASON_SEARCH_BEHIND,
                         "Search has come to revision " + found + " and not to " + wanted +
                             " yet; ask again in a few seconds.",
                         {{"revision", wanted}, {"found_revision", found}});
}

absl::Status SearchService::AnswerWhenThere(v1::SearchAssociationsRequest wanted, UnaryCall* call) {
  // The index follows the store, so what holds for other reads has to be waited for here.
  wanted.set_min_revision(std::max(wanted.min_revision(), call->MinRevision()));
  BB_ASSIGN_OR_RETURN(const bool there, IsThere(wanted));
  if (there) {
    call->Answer(Search(call->caller(), wanted));
    return absl::OkStatus();
  }
  return waiting_.Push([this, call, wanted = std::move(wanted)] {
    const absl::Status status = Guarded([&]() -> absl::Status {
      BB_RETURN_IF_ERROR(call->StillWanted());
      BB_RETURN_IF_ERROR(Await(wanted));
      call->Answer(Search(call->caller(), wanted));
      return absl::OkStatus();
    });
    if (!status.ok()) call->Fail(status);
  });
}

grpc::ServerUnaryReactor* SearchService::SearchAssociations(grpc::CallbackServerContext* context,
                                                            const grpc::ByteBuffer* request,
                                                            grpc::ByteBuffer* response) {
  return ServeUnary<v1::SearchAssociationsRequest>(
      entrance_, {"SearchAssociations", context, request, response},
      [this](v1::SearchAssociationsRequest wanted, UnaryCall* call) {
        return AnswerWhenThere(std::move(wanted), call);
      });
}

grpc::ServerUnaryReactor* SearchService::GetSearchHealth(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request,
                                                         grpc::ByteBuffer* response) {
  return ServeQuery<v1::GetSearchHealthRequest>(
      entrance_, {"GetSearchHealth", context, request, response},
      [this](const v1::GetSearchHealthRequest&) -> absl::StatusOr<State> {
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
