#include "core/grants/follow_ups.h"

#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/grants/application_id.h"
#include "core/grants/applications.h"
#include "core/grants/kept.h"
#include "core/model/rules.h"
#include "core/registry/joining.h"
#include "core/registry/page.h"
#include "core/registry/records.h"

namespace brobygger::grants {
namespace {

using grant::v1::ListFollowUpsRequest;
using grant::v1::ListFollowUpsResponse;
using storage::Kind;

constexpr int kAtOnce = 1000;
constexpr std::size_t kLongestNote = 300;

bool Earlier(const FollowUp& left, const FollowUp& right) {
  return std::tuple(left.due_date(), left.application_id()) <
         std::tuple(right.due_date(), right.application_id());
}

bool Matches(const ListFollowUpsRequest& request,
             const std::string& association_id,
             const GrantApplication& application) {
  if (!association_id.empty() && application.association_id() != association_id) return false;
  return request.department_id().empty() || application.department_id() == request.department_id();
}

// Everything that matches, the earliest due first, each with its application.
absl::StatusOr<std::vector<FollowUp>> ReadAll(const storage::Snapshot& snapshot,
                                              const ListFollowUpsRequest& request) {
  std::string association_id;
  if (!request.association_id().empty()) {
    BB_ASSIGN_OR_RETURN(const auto association,
                        registry::FollowMerges(snapshot, request.association_id()));
    if (!association) return registry::AssociationNotFound(request.association_id());
    association_id = association->id();
  }
  std::vector<FollowUp> wanted;
  storage::KeyRange range{.prefix = "", .after = "", .limit = kAtOnce};
  while (true) {
    BB_ASSIGN_OR_RETURN(const auto entries, snapshot.Scan(Kind::kFollowUp, range));
    if (entries.empty()) break;
    range.after = entries.back().key;
    for (const storage::Entry& entry : entries) {
      FollowUp follow_up;
      BB_RETURN_IF_ERROR(registry::ParseRecord(entry.bytes, follow_up));
      if (follow_up.state() != FollowUp::STATE_OPEN && !request.show_done()) continue;
      BB_ASSIGN_OR_RETURN(*follow_up.mutable_application(),
                          GetOwnedApplication(snapshot, follow_up.application_id()));
      if (!Matches(request, association_id, follow_up.application())) continue;
      wanted.push_back(std::move(follow_up));
    }
  }
  std::sort(wanted.begin(), wanted.end(), Earlier);
  return wanted;
}

}  // namespace

absl::StatusOr<std::optional<FollowUp>> OpenFollowUpOf(const storage::Snapshot& snapshot,
                                                       const GrantApplication& application) {
  BB_ASSIGN_OR_RETURN(auto follow_up, FindFollowUp(snapshot, application.id()));
  if (!follow_up || follow_up->state() != FollowUp::STATE_OPEN) return std::optional<FollowUp>();
  *follow_up->mutable_application() = application;
  return follow_up;
}

absl::StatusOr<ListFollowUpsResponse> ListFollowUps(const storage::Store& store,
                                                    const ListFollowUpsRequest& request) {
  BB_ASSIGN_OR_RETURN(const int size, registry::PageSize(request.page_size()));
  const std::string arguments =
      registry::PageArguments({"follow-ups", request.association_id(), request.department_id(),
                               request.show_done() ? "done" : ""});
  registry::PagePlace place;
  BB_ASSIGN_OR_RETURN(std::shared_ptr<const storage::Snapshot> snapshot, store.Latest());
  if (!request.page_token().empty()) {
    BB_ASSIGN_OR_RETURN(place, registry::ReadPageToken(request.page_token(), arguments));
    BB_ASSIGN_OR_RETURN(snapshot, store.At(place.revision));
  }
  BB_ASSIGN_OR_RETURN(auto wanted, ReadAll(*snapshot, request));
  FollowUp last;
  last.set_due_date(place.value);
  last.set_application_id(place.key);
  auto next = std::upper_bound(wanted.begin(), wanted.end(), last, Earlier);
  ListFollowUpsResponse response;
  while (next != wanted.end() && response.follow_ups_size() < size) {
    *response.add_follow_ups() = std::move(*next++);
  }
  if (next != wanted.end()) {
    const FollowUp& end = response.follow_ups(response.follow_ups_size() - 1);
    response.set_next_page_token(registry::MakePageToken(
        {snapshot->revision(), end.due_date(), end.application_id()}, arguments));
  }
  return response;
}

absl::StatusOr<FollowUp> CompleteFollowUp(storage::Transaction& transaction,
                                          const grant::v1::CompleteFollowUpRequest& request,
                                          const std::string& actor) {
  BB_ASSIGN_OR_RETURN(auto follow_up, FindFollowUp(transaction, MeantId(request.application_id())));
  if (!follow_up) {
    const std::string shown = registry::Shown(request.application_id());
    return base::MakeError(
        errors::v1::ERROR_REASON_FOLLOW_UP_NOT_FOUND,
        "the application '" + shown + "' has no follow-up; see brobygger grant follow-ups",
        {{"application_id", shown}});
  }
  grant::v1::CompleteFollowUpRequest checked = request;
  BB_RETURN_IF_ERROR(model::CheckEverywhere(checked, {}));
  BB_RETURN_IF_ERROR(model::FixText({nullptr, "note"}, {0, kLongestNote}, *checked.mutable_note()));
  follow_up->set_state(FollowUp::STATE_DONE);
  follow_up->set_note(checked.note());
  follow_up->set_done_by(actor);
  *follow_up->mutable_done_time() = base::ToTimestamp(transaction.now());
  BB_RETURN_IF_ERROR(StoreFollowUp(transaction, *follow_up));
  BB_ASSIGN_OR_RETURN(*follow_up->mutable_application(),
                      GetOwnedApplication(transaction, follow_up->application_id()));
  return *std::move(follow_up);
}

}  // namespace brobygger::grants
