#include "core/rpc/search_wait.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/base/status_macros.h"

namespace brobygger::rpc {
namespace {

constexpr int kWaiters = 2;
constexpr int kMostWaiting = 64;
constexpr absl::Duration kLongestWait = absl::Seconds(5);

}  // namespace

SearchWait::SearchWait(const storage::Store& store, search::Follower& follower)
    : store_(store), follower_(follower), waiting_(kWaiters, kMostWaiting) {}

absl::StatusOr<bool> SearchWait::IsThere(storage::Revision revision) const {
  if (revision == 0) return true;
  BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
  if (revision > latest->revision()) {
    return storage::RevisionUnknown(revision, latest->revision());
  }
  return follower_.AwaitRevision(revision, absl::InfinitePast());
}

absl::Status SearchWait::Await(storage::Revision revision) const {
  if (follower_.AwaitRevision(revision, absl::Now() + kLongestWait)) return absl::OkStatus();
  const std::string wanted = std::to_string(revision);
  const std::string found = std::to_string(follower_.health().revision);
  return base::MakeError(errors::v1::ERROR_REASON_SEARCH_BEHIND,
                         "Search has come to revision " + found + " and not to " + wanted +
                             " yet; ask again in a few seconds.",
                         {{"revision", wanted}, {"found_revision", found}});
}

absl::Status SearchWait::AnswerWhenThere(storage::Revision revision,
                                         UnaryCall* call,
                                         std::function<void()> answer) {
  // The index follows the store, so what holds for other reads has to be waited for here.
  revision = std::max(revision, call->MinRevision());
  BB_ASSIGN_OR_RETURN(const bool there, IsThere(revision));
  if (there) {
    answer();
    return absl::OkStatus();
  }
  return waiting_.Push([this, call, revision, answer = std::move(answer)] {
    const absl::Status status = Guarded([&]() -> absl::Status {
      BB_RETURN_IF_ERROR(call->StillWanted());
      BB_RETURN_IF_ERROR(Await(revision));
      answer();
      return absl::OkStatus();
    });
    if (!status.ok()) call->Fail(status);
  });
}

}  // namespace brobygger::rpc
