#include "core/sync/lists.h"

#include <algorithm>
#include <string>

#include <absl/strings/escaping.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/registry/ingest.h"
#include "core/sync/claims.h"
#include "core/sync/connections.h"
#include "core/sync/keys.h"
#include "core/sync/runs.h"

namespace brobygger::sync {
namespace {

using storage::Kind;

constexpr int kDefaultPage = 50;
constexpr int kLargestPage = 500;

absl::StatusOr<int> PageSize(std::int32_t asked) {
  if (asked < 0) {
    return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID, "page_size is negative",
                           {{"field", "page_size"}});
  }
  return asked == 0 ? kDefaultPage : std::min<int>(asked, kLargestPage);
}

absl::Status BadToken() {
  return base::MakeError(errors::v1::ERROR_REASON_PAGE_TOKEN_INVALID,
                         "the page token belongs to another request; start again without it",
                         {{"field", "page_token"}});
}

// A token is where to go on from. It must lie within what the request walks.
absl::StatusOr<std::string> Unseal(const std::string& token, const std::string& prefix) {
  if (token.empty()) return std::string();
  std::string place;
  if (!absl::WebSafeBase64Unescape(token, &place) || !place.starts_with(prefix)) return BadToken();
  return place;
}

std::string Seal(const std::string& place) { return absl::WebSafeBase64Escape(place); }

// Walks one page of records of a kind and hands their keys and bytes to `add`. Returns
// the token of the next page.
template <typename Add>
absl::StatusOr<std::string> Page(const storage::Snapshot& snapshot,
                                 Kind kind,
                                 storage::KeyRange range,
                                 Add add) {
  const int wanted = range.limit;
  range.limit = wanted + 1;
  BB_ASSIGN_OR_RETURN(const auto entries, snapshot.Scan(kind, range));
  const auto shown = std::min<std::size_t>(entries.size(), static_cast<std::size_t>(wanted));
  for (std::size_t i = 0; i < shown; ++i) add(entries[i].key, *entries[i].bytes);
  return entries.size() > shown ? Seal(entries[shown - 1].key) : std::string();
}

std::string PrefixOf(const std::string& connection_id) {
  return connection_id.empty() ? "" : connection_id + "/";
}

template <typename Request>
absl::StatusOr<storage::KeyRange> RangeOf(const Request& request, bool backwards) {
  storage::KeyRange range{
      .prefix = PrefixOf(request.connection_id()), .after = "", .limit = 0, .backwards = backwards};
  BB_ASSIGN_OR_RETURN(range.limit, PageSize(request.page_size()));
  BB_ASSIGN_OR_RETURN(range.after, Unseal(request.page_token(), range.prefix));
  return range;
}

// The name by which people know what it is about.
template <typename About>
void AddName(const storage::Snapshot& snapshot, About& about) {
  const auto association = registry::FindAssociation(snapshot, about.association_id());
  if (association.ok() && *association) about.set_official_name((*association)->official_name());
}

}  // namespace

absl::StatusOr<v1::Plan> FindPlan(const storage::Snapshot& snapshot, const std::string& plan_id) {
  BB_ASSIGN_OR_RETURN(auto plan, Load<v1::Plan>(snapshot, Kind::kPlan, plan_id));
  if (plan) return *std::move(plan);
  return base::MakeError(errors::v1::ERROR_REASON_PLAN_NOT_FOUND,
                         "there is no plan '" + plan_id + "'; make one with brobygger sync plan",
                         {{"plan_id", plan_id}});
}

absl::StatusOr<v1::ListRunsResponse> ListRuns(const storage::Snapshot& snapshot,
                                              const v1::ListRunsRequest& request) {
  v1::ListRunsResponse response;
  BB_ASSIGN_OR_RETURN(const auto range, RangeOf(request, true));
  BB_ASSIGN_OR_RETURN(
      *response.mutable_next_page_token(),
      Page(snapshot, Kind::kRun, range, [&](const std::string& /*key*/, const std::string& bytes) {
        response.add_runs()->ParseFromString(bytes);
      }));
  return response;
}

absl::StatusOr<v1::ListRejectedRecordsResponse> ListRejectedRecords(
    const storage::Snapshot& snapshot, const v1::ListRejectedRecordsRequest& request) {
  v1::ListRejectedRecordsResponse response;
  BB_ASSIGN_OR_RETURN(const auto range, RangeOf(request, false));
  BB_ASSIGN_OR_RETURN(*response.mutable_next_page_token(),
                      Page(snapshot, Kind::kRejected, range,
                           [&](const std::string& /*key*/, const std::string& bytes) {
                             response.add_records()->ParseFromString(bytes);
                           }));
  return response;
}

absl::StatusOr<v1::ListConflictsResponse> ListConflicts(const storage::Snapshot& snapshot,
                                                        const v1::ListConflictsRequest& request) {
  v1::ListConflictsResponse response;
  BB_ASSIGN_OR_RETURN(const auto range, RangeOf(request, false));
  BB_ASSIGN_OR_RETURN(
      *response.mutable_next_page_token(),
      Page(snapshot, Kind::kConflict, range, [&](const std::string& key, const std::string& bytes) {
        response.add_conflicts()->ParseFromString(bytes);
        response.mutable_conflicts()->rbegin()->set_conflict_id(key);
      }));
  for (v1::Conflict& conflict : *response.mutable_conflicts()) AddName(snapshot, conflict);
  return response;
}

absl::StatusOr<v1::ListDeadLettersResponse> ListDeadLetters(
    const storage::Snapshot& snapshot, const v1::ListDeadLettersRequest& request) {
  v1::ListDeadLettersResponse response;
  BB_ASSIGN_OR_RETURN(const auto range, RangeOf(request, false));
  BB_ASSIGN_OR_RETURN(*response.mutable_next_page_token(),
                      Page(snapshot, Kind::kDeadLetter, range,
                           [&](const std::string& /*key*/, const std::string& bytes) {
                             response.add_dead_letters()->ParseFromString(bytes);
                           }));
  for (v1::DeadLetter& letter : *response.mutable_dead_letters()) AddName(snapshot, letter);
  return response;
}

absl::StatusOr<v1::ListOverruledValuesResponse> ListOverruledValues(
    const storage::Snapshot& snapshot, const v1::ListOverruledValuesRequest& request) {
  v1::ListOverruledValuesResponse response;
  BB_ASSIGN_OR_RETURN(const auto range, RangeOf(request, true));
  BB_ASSIGN_OR_RETURN(*response.mutable_next_page_token(),
                      Page(snapshot, Kind::kOverruled, range,
                           [&](const std::string& /*key*/, const std::string& bytes) {
                             response.add_values()->ParseFromString(bytes);
                           }));
  return response;
}

absl::StatusOr<v1::ListRunActionsResponse> ListRunActions(
    const storage::Snapshot& snapshot, const v1::ListRunActionsRequest& request) {
  BB_RETURN_IF_ERROR(FindRun(snapshot, request.run_id()).status());
  BB_ASSIGN_OR_RETURN(const int wanted, PageSize(request.page_size()));
  const std::string prefix = request.run_id() + "/";
  BB_ASSIGN_OR_RETURN(const std::string place, Unseal(request.page_token(), prefix));
  v1::ListRunActionsResponse response;
  int skip = 0;
  if (!place.empty() && std::sscanf(place.c_str() + prefix.size(), "%d", &skip) != 1) {
    return BadToken();
  }
  int at = 0;
  const auto visit = [&](const std::string& /*key*/, const std::string& bytes) {
    v1::RunPart part;
    part.ParseFromString(bytes);
    for (const v1::RunAction& action : part.actions()) {
      if (at++ < skip) continue;
      if (response.actions_size() < wanted) {
        *response.add_actions() = action;
      } else if (response.next_page_token().empty()) {
        response.set_next_page_token(Seal(prefix + std::to_string(skip + wanted)));
      }
    }
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR(ForEach(snapshot, Kind::kRunPart, prefix, visit));
  for (v1::RunAction& done : *response.mutable_actions()) {
    if (done.action().official_name().empty()) AddName(snapshot, *done.mutable_action());
  }
  return response;
}

absl::StatusOr<v1::ListPlannedActionsResponse> ListPlannedActions(
    const storage::Snapshot& snapshot,
    const v1::Plan& plan,
    const v1::ListPlannedActionsRequest& request) {
  BB_ASSIGN_OR_RETURN(const int wanted, PageSize(request.page_size()));
  BB_ASSIGN_OR_RETURN(const std::string place, Unseal(request.page_token(), plan.id() + "/"));
  // The place is "plan/<part>/<action within it>".
  std::uint32_t number = 0;
  int first = 0;
  if (!place.empty() &&
      std::sscanf(place.c_str() + plan.id().size(), "/%u/%d", &number, &first) != 2) {
    return BadToken();
  }
  v1::ListPlannedActionsResponse response;
  for (; number < plan.part_count(); ++number, first = 0) {
    BB_ASSIGN_OR_RETURN(const auto part, Load<v1::PlanPart>(snapshot, Kind::kPlanPart,
                                                            PlanPartKey(plan.id(), number)));
    for (int i = std::max(first, 0); part && i < part->actions_size(); ++i) {
      if (response.actions_size() == wanted) {
        response.set_next_page_token(
            Seal(plan.id() + "/" + std::to_string(number) + "/" + std::to_string(i)));
        return response;
      }
      *response.add_actions() = part->actions(i);
    }
  }
  return response;
}

absl::StatusOr<v1::ListSourcesResponse> ListSources(const storage::Snapshot& snapshot,
                                                    const v1::ListSourcesRequest& /*request*/) {
  BB_ASSIGN_OR_RETURN(const auto connections, AllConnections(snapshot));
  v1::ListSourcesResponse response;
  for (const v1::Connection& connection : connections) {
    v1::Source& source = *response.add_sources();
    source.set_connection_id(connection.id());
    source.set_title(connection.title().empty() ? connection.id() : connection.title());
    source.set_plugin(connection.plugin());
    source.set_has_calendars(connection.has_meetings());
  }
  return response;
}

absl::StatusOr<std::uint64_t> Count(const storage::Snapshot& snapshot,
                                    Kind kind,
                                    const std::string& prefix) {
  std::uint64_t count = 0;
  BB_RETURN_IF_ERROR(ForEach(snapshot, kind, prefix,
                             [&](const std::string& /*key*/, const std::string& /*bytes*/) {
                               ++count;
                               return absl::OkStatus();
                             }));
  return count;
}

}  // namespace brobygger::sync
