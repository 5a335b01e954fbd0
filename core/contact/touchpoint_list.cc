// Lists of touchpoints, for a caller and for the hub's own questions. See touchpoints.h.
#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include "core/base/day.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/contact/kept.h"
#include "core/contact/telling.h"
#include "core/contact/touchpoints.h"
#include "core/model/rules.h"
#include "core/registry/each_record.h"
#include "core/registry/joining.h"
#include "core/registry/links.h"
#include "core/registry/page.h"
#include "core/registry/query.h"
#include "core/registry/records.h"

namespace brobygger::contact {
namespace {

using storage::Index;
using storage::Kind;
using v1::ListTouchpointsRequest;
using v1::ListTouchpointsResponse;
using v1::StoredTouchpoint;
using v1::Touchpoint;

constexpr int kAtOnce = 1000;

bool InReview(const StoredTouchpoint& stored) {
  return stored.review() == StoredTouchpoint::REVIEW_OPEN;
}

bool Wanted(const ListTouchpointsRequest& request, const StoredTouchpoint& stored) {
  const Touchpoint& touchpoint = stored.touchpoint();
  if (stored.review() == StoredTouchpoint::REVIEW_DISMISSED) return false;
  if (InReview(stored) != request.in_review()) return false;
  const v1::ContactFollowUp& follow_up = touchpoint.follow_up();
  const bool owed = touchpoint.has_follow_up() && !follow_up.has_done_time();
  if (request.follow_up_open() && !owed) return false;
  const std::string& department = request.department_id();
  const std::string& whose =
      request.follow_up_open() ? follow_up.owner_department_id() : touchpoint.department_id();
  if (!department.empty() && whose != department) return false;
  if (touchpoint.date() < request.from_date()) return false;
  return request.to_date().empty() || touchpoint.date() <= request.to_date();
}

absl::StatusOr<std::vector<StoredTouchpoint>> ReadAll(const storage::Snapshot& snapshot) {
  std::vector<StoredTouchpoint> all;
  const auto keep = [&all](StoredTouchpoint stored) {
    all.push_back(std::move(stored));
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR(
      (registry::ForEachRecord<StoredTouchpoint>(snapshot, Kind::kTouchpoint, "", keep)));
  return all;
}

// Those after which something is still to be done, by this department or by any.
absl::StatusOr<std::vector<StoredTouchpoint>> Owed(const storage::Snapshot& snapshot,
                                                   const std::string& department_id) {
  std::vector<StoredTouchpoint> owed;
  storage::IndexRange range{.prefix = department_id, .after = {}, .limit = kAtOnce};
  while (true) {
    BB_ASSIGN_OR_RETURN(const auto places, snapshot.ScanIndex(Index::kFollowUpOwed, range));
    if (places.empty()) return owed;
    for (const storage::IndexEntry& place : places) {
      BB_ASSIGN_OR_RETURN(auto stored, FindTouchpoint(snapshot, place.key));
      if (stored) owed.push_back(*std::move(stored));
    }
    range.after = places.back();
  }
}

absl::StatusOr<std::vector<StoredTouchpoint>> Find(const storage::Snapshot& snapshot,
                                                   const ListTouchpointsRequest& request) {
  std::vector<StoredTouchpoint> found;
  if (!request.association_id().empty()) {
    BB_ASSIGN_OR_RETURN(const auto ids, IdsOfAssociation(snapshot, request.association_id()));
    for (const std::string& id : ids) {
      BB_ASSIGN_OR_RETURN(auto some, TouchpointsAt(snapshot, Index::kTouchpointByAssociation, id));
      std::move(some.begin(), some.end(), std::back_inserter(found));
    }
  } else if (request.follow_up_open()) {
    BB_ASSIGN_OR_RETURN(found, Owed(snapshot, request.department_id()));
  } else if (!request.department_id().empty()) {
    BB_ASSIGN_OR_RETURN(
        found, TouchpointsAt(snapshot, Index::kTouchpointByDepartment, request.department_id()));
  } else {
    BB_ASSIGN_OR_RETURN(found, ReadAll(snapshot));
  }
  return found;
}

// Those of them that are wanted and told.
absl::StatusOr<std::vector<StoredTouchpoint>> Sift(std::vector<StoredTouchpoint> found,
                                                   const ListTouchpointsRequest& request,
                                                   Telling& telling) {
  std::vector<StoredTouchpoint> left;
  for (StoredTouchpoint& each : found) {
    if (!Wanted(request, each)) continue;
    BB_ASSIGN_OR_RETURN(const Telling::Part part, telling.PartOf(each.touchpoint()));
    if (part != Telling::Part::kNothing) left.push_back(std::move(each));
  }
  return left;
}

bool Newer(const StoredTouchpoint& left, const StoredTouchpoint& right) {
  return std::tie(left.touchpoint().date(), left.touchpoint().id()) >
         std::tie(right.touchpoint().date(), right.touchpoint().id());
}

absl::Status AddCounts(const storage::Snapshot& snapshot,
                       const ListTouchpointsRequest& request,
                       Telling& telling,
                       ListTouchpointsResponse& response) {
  const bool plain = request.from_date().empty() && request.to_date().empty() &&
                     !request.in_review() && request.page_token().empty();
  if (!plain || request.association_id().empty()) return absl::OkStatus();
  BB_ASSIGN_OR_RETURN(const auto ids, IdsOfAssociation(snapshot, request.association_id()));
  for (const std::string& id : ids) {
    BB_ASSIGN_OR_RETURN(
        const auto entries,
        snapshot.Scan(Kind::kTouchpointCount, {.prefix = id + "/", .after = "", .limit = kAtOnce}));
    for (const storage::Entry& entry : entries) {
      v1::TouchpointCount count;
      BB_RETURN_IF_ERROR(registry::ParseRecord(entry.bytes, count));
      const std::string& department = request.department_id();
      if (!department.empty() && count.department_id() != department) continue;
      BB_ASSIGN_OR_RETURN(const bool told, telling.TellsCount(count));
      if (told) *response.add_counts() = std::move(count);
    }
  }
  return absl::OkStatus();
}

std::string ArgumentsOf(const ListTouchpointsRequest& request) {
  return registry::PageArguments({"touchpoints", request.association_id(), request.department_id(),
                                  request.from_date(), request.to_date(),
                                  request.in_review() ? "review" : "",
                                  request.follow_up_open() ? "owed" : ""});
}

absl::StatusOr<ListTouchpointsResponse> ListFor(const storage::Snapshot& snapshot,
                                                Telling& telling,
                                                const ListTouchpointsRequest& request) {
  BB_ASSIGN_OR_RETURN(const int size, registry::PageSize(request.page_size()));
  ListTouchpointsRequest checked = request;
  BB_RETURN_IF_ERROR(model::FixDate({nullptr, "from_date"}, *checked.mutable_from_date()));
  BB_RETURN_IF_ERROR(model::FixDate({nullptr, "to_date"}, *checked.mutable_to_date()));
  registry::PagePlace place;
  if (!request.page_token().empty()) {
    BB_ASSIGN_OR_RETURN(place, registry::ReadPageToken(request.page_token(), ArgumentsOf(checked)));
  }
  BB_ASSIGN_OR_RETURN(auto found, Find(snapshot, checked));
  // Before they are counted: how many there are that are not told is not told either.
  BB_ASSIGN_OR_RETURN(found, Sift(std::move(found), checked, telling));
  std::sort(found.begin(), found.end(), Newer);
  auto next = found.begin();
  if (!place.key.empty()) {
    StoredTouchpoint last;
    last.mutable_touchpoint()->set_date(place.value);
    last.mutable_touchpoint()->set_id(place.key);
    next = std::upper_bound(found.begin(), found.end(), last, Newer);
  }
  ListTouchpointsResponse response;
  response.set_total_count(static_cast<std::int64_t>(found.size()));
  for (; next != found.end() && response.touchpoints_size() < size; ++next) {
    BB_ASSIGN_OR_RETURN(const Telling::Part part, telling.PartOf(next->touchpoint()));
    BB_ASSIGN_OR_RETURN(*response.add_touchpoints(), telling.Tell(*next, part));
  }
  if (next != found.end()) {
    const Touchpoint& last = response.touchpoints(response.touchpoints_size() - 1);
    response.set_next_page_token(registry::MakePageToken(
        {snapshot.revision(), last.date(), last.id()}, ArgumentsOf(checked)));
  }
  BB_RETURN_IF_ERROR(AddCounts(snapshot, checked, telling, response));
  return response;
}

}  // namespace

absl::StatusOr<ListTouchpointsResponse> ListTouchpoints(const storage::Store& store,
                                                        const base::Clock& clock,
                                                        const access::Caller& caller,
                                                        const ListTouchpointsRequest& request) {
  BB_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
  Telling telling(*snapshot, caller, base::DanishDayOf(clock.Now()));
  return ListFor(*snapshot, telling, request);
}

absl::StatusOr<ListTouchpointsResponse> ListAllTouchpoints(const storage::Snapshot& snapshot,
                                                           base::Instant now,
                                                           const ListTouchpointsRequest& request) {
  const access::Caller hub = access::LocalOperator();
  Telling telling(snapshot, hub, base::DanishDayOf(now));
  return ListFor(snapshot, telling, request);
}

absl::StatusOr<std::string> AssociationOf(const storage::Snapshot& snapshot,
                                          const std::string& touchpoint_id) {
  BB_ASSIGN_OR_RETURN(const StoredTouchpoint stored, FindMeant(snapshot, touchpoint_id));
  return stored.touchpoint().association_id();
}

absl::StatusOr<bool> HadContact(const storage::Snapshot& snapshot,
                                const std::string& association_id) {
  BB_ASSIGN_OR_RETURN(const auto ids, IdsOfAssociation(snapshot, association_id));
  for (const std::string& id : ids) {
    BB_ASSIGN_OR_RETURN(
        const auto counts,
        snapshot.Scan(Kind::kTouchpointCount, {.prefix = id + "/", .after = "", .limit = 1}));
    if (!counts.empty()) return true;
    BB_ASSIGN_OR_RETURN(const auto some,
                        TouchpointsAt(snapshot, Index::kTouchpointByAssociation, id));
    if (std::any_of(some.begin(), some.end(), [](const StoredTouchpoint& each) {
          return !InReview(each) && each.review() != StoredTouchpoint::REVIEW_DISMISSED;
        })) {
      return true;
    }
  }
  return false;
}

}  // namespace brobygger::contact
