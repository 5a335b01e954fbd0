#include "core/contact/touchpoints.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "core/base/clock.h"
#include "core/base/day.h"
#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/contact/kept.h"
#include "core/contact/retention.h"
#include "core/model/free_text.h"
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
constexpr std::size_t kLongestRole = 80;
constexpr std::size_t kLongestSummary = 500;

bool InReview(const StoredTouchpoint& stored) {
  return stored.review() == StoredTouchpoint::REVIEW_OPEN;
}

// With what is worked out at reading.
absl::StatusOr<Touchpoint> Shown(const storage::Snapshot& snapshot,
                                 const StoredTouchpoint& stored,
                                 const std::string& today) {
  Touchpoint touchpoint = stored.touchpoint();
  touchpoint.set_state(IsHeld(touchpoint, today) ? Touchpoint::STATE_HELD
                                                 : Touchpoint::STATE_PLANNED);
  if (InReview(stored)) touchpoint.set_state(Touchpoint::STATE_IN_REVIEW);
  BB_ASSIGN_OR_RETURN(const auto association,
                      registry::FollowMerges(snapshot, touchpoint.association_id()));
  if (association) {
    touchpoint.set_association_id(association->id());
    touchpoint.set_official_name(association->official_name());
  }
  const auto department = registry::GetDepartment(snapshot, touchpoint.department_id());
  if (department.ok()) touchpoint.set_department_name(department->official_name());
  if (touchpoint.department_name_then() == touchpoint.department_name()) {
    touchpoint.clear_department_name_then();
  }
  if (touchpoint.has_follow_up()) {
    v1::ContactFollowUp& follow_up = *touchpoint.mutable_follow_up();
    const auto owner = registry::GetDepartment(snapshot, follow_up.owner_department_id());
    if (owner.ok()) follow_up.set_owner_department_name(owner->official_name());
  }
  return touchpoint;
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

// The ids that lead to the association, its own first.
absl::StatusOr<std::set<std::string>> IdsOfWanted(const storage::Snapshot& snapshot,
                                                  const std::string& association_id) {
  BB_ASSIGN_OR_RETURN(const auto association, registry::FollowMerges(snapshot, association_id));
  if (!association) return registry::AssociationNotFound(association_id);
  BB_ASSIGN_OR_RETURN(const auto ids, registry::IdsOf(snapshot, association->id()));
  return std::set<std::string>(ids.begin(), ids.end());
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
    BB_ASSIGN_OR_RETURN(const auto ids, IdsOfWanted(snapshot, request.association_id()));
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
  std::erase_if(found, [&](const StoredTouchpoint& each) { return !Wanted(request, each); });
  return found;
}

bool Newer(const StoredTouchpoint& left, const StoredTouchpoint& right) {
  return std::tie(left.touchpoint().date(), left.touchpoint().id()) >
         std::tie(right.touchpoint().date(), right.touchpoint().id());
}

absl::Status AddCounts(const storage::Snapshot& snapshot,
                       const ListTouchpointsRequest& request,
                       ListTouchpointsResponse& response) {
  const bool plain = request.from_date().empty() && request.to_date().empty() &&
                     !request.in_review() && request.page_token().empty();
  if (!plain || request.association_id().empty()) return absl::OkStatus();
  BB_ASSIGN_OR_RETURN(const auto ids, IdsOfWanted(snapshot, request.association_id()));
  for (const std::string& id : ids) {
    BB_ASSIGN_OR_RETURN(
        const auto entries,
        snapshot.Scan(Kind::kTouchpointCount, {.prefix = id + "/", .after = "", .limit = kAtOnce}));
    for (const storage::Entry& entry : entries) {
      v1::TouchpointCount count;
      BB_RETURN_IF_ERROR(registry::ParseRecord(entry.bytes, count));
      const std::string& department = request.department_id();
      if (!department.empty() && count.department_id() != department) continue;
      *response.add_counts() = std::move(count);
    }
  }
  return absl::OkStatus();
}

// Both must exist; the association is led to where it was merged.
absl::Status CheckParties(const storage::Snapshot& snapshot, Touchpoint& touchpoint) {
  BB_ASSIGN_OR_RETURN(const auto association,
                      registry::GetLive(snapshot, touchpoint.association_id()));
  touchpoint.set_association_id(association.id());
  BB_RETURN_IF_ERROR(registry::GetDepartment(snapshot, touchpoint.department_id()).status());
  if (!touchpoint.has_follow_up()) return absl::OkStatus();
  v1::ContactFollowUp& follow_up = *touchpoint.mutable_follow_up();
  if (follow_up.owner_department_id().empty()) {
    follow_up.set_owner_department_id(touchpoint.department_id());
  }
  return registry::GetDepartment(snapshot, follow_up.owner_department_id()).status();
}

absl::Status CheckFollowUp(const Touchpoint& touchpoint, v1::ContactFollowUp& follow_up) {
  const model::Place parent{nullptr, "follow_up"};
  const model::Place place{&parent, "date"};
  BB_RETURN_IF_ERROR(model::FixDate(place, *follow_up.mutable_date()));
  if (follow_up.date().empty()) return model::BrokenRule(place, "is required");
  if (follow_up.date() < touchpoint.date()) {
    return model::BrokenRule(place, "is before the contact itself");
  }
  return absl::OkStatus();
}

absl::Status Check(Touchpoint& touchpoint, base::Instant now) {
  BB_RETURN_IF_ERROR(model::CheckEverywhere(touchpoint, {}));
  BB_RETURN_IF_ERROR(
      model::FixLine({nullptr, "our_role"}, {0, kLongestRole}, *touchpoint.mutable_our_role()));
  BB_RETURN_IF_ERROR(
      model::FixText({nullptr, "summary"}, {0, kLongestSummary}, *touchpoint.mutable_summary()));
  // A contact tells that it took place, and nothing of anybody's belief, origin or health.
  for (const auto& [name, text] : {std::pair("our_role", &touchpoint.our_role()),
                                   std::pair("summary", &touchpoint.summary())}) {
    BB_RETURN_IF_ERROR(model::RefuseSensitiveWords({nullptr, name}, *text));
  }
  BB_RETURN_IF_ERROR(model::FixDate({nullptr, "date"}, *touchpoint.mutable_date()));
  if (touchpoint.date().empty()) return model::BrokenRule({nullptr, "date"}, "is required");
  if (touchpoint.date() < OldestKept(now)) {
    return model::BrokenRule({nullptr, "date"},
                             "is more than 24 months ago, where only counts are kept");
  }
  if (touchpoint.channel() == v1::CONTACT_CHANNEL_APPLICATION) {
    return model::BrokenRule({nullptr, "channel"},
                             "is told by the grant systems: brobygger grant list");
  }
  if (!touchpoint.has_follow_up()) return absl::OkStatus();
  return CheckFollowUp(touchpoint, *touchpoint.mutable_follow_up());
}

// Only what a person may say.
Touchpoint Said(const Touchpoint& wanted) {
  Touchpoint touchpoint;
  touchpoint.set_association_id(wanted.association_id());
  touchpoint.set_department_id(wanted.department_id());
  touchpoint.set_date(wanted.date());
  touchpoint.set_channel(wanted.channel());
  touchpoint.set_purpose(wanted.purpose());
  touchpoint.set_our_role(wanted.our_role());
  touchpoint.set_summary(wanted.summary());
  touchpoint.set_initiator(wanted.initiator());
  touchpoint.set_outcome(wanted.outcome());
  if (wanted.has_follow_up()) {
    touchpoint.mutable_follow_up()->set_date(wanted.follow_up().date());
    touchpoint.mutable_follow_up()->set_owner_department_id(
        wanted.follow_up().owner_department_id());
  }
  return touchpoint;
}

absl::StatusOr<Touchpoint> Store(storage::Transaction& transaction, StoredTouchpoint& stored) {
  BB_RETURN_IF_ERROR(StoreTouchpoint(transaction, stored));
  return Shown(transaction, stored, base::DanishDayOf(transaction.now()));
}

std::string ArgumentsOf(const ListTouchpointsRequest& request) {
  return registry::PageArguments({"touchpoints", request.association_id(), request.department_id(),
                                  request.from_date(), request.to_date(),
                                  request.in_review() ? "review" : "",
                                  request.follow_up_open() ? "owed" : ""});
}

}  // namespace

absl::StatusOr<ListTouchpointsResponse> ListTouchpoints(const storage::Store& store,
                                                        const base::Clock& clock,
                                                        const ListTouchpointsRequest& request) {
  BB_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
  return ListTouchpointsIn(*snapshot, clock.Now(), request);
}

absl::StatusOr<ListTouchpointsResponse> ListTouchpointsIn(const storage::Snapshot& snapshot,
                                                          base::Instant now,
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
  const std::string today = base::DanishDayOf(now);
  for (; next != found.end() && response.touchpoints_size() < size; ++next) {
    BB_ASSIGN_OR_RETURN(*response.add_touchpoints(), Shown(snapshot, *next, today));
  }
  if (next != found.end()) {
    const Touchpoint& last = response.touchpoints(response.touchpoints_size() - 1);
    response.set_next_page_token(registry::MakePageToken(
        {snapshot.revision(), last.date(), last.id()}, ArgumentsOf(checked)));
  }
  BB_RETURN_IF_ERROR(AddCounts(snapshot, checked, response));
  return response;
}

bool IsHeld(const Touchpoint& touchpoint, const std::string& today) {
  const bool written = touchpoint.basis() == Touchpoint::BASIS_PERSON;
  return written ? touchpoint.date() <= today : touchpoint.date() < today;
}

absl::StatusOr<bool> HadContact(const storage::Snapshot& snapshot,
                                const std::string& association_id) {
  BB_ASSIGN_OR_RETURN(const auto ids, IdsOfWanted(snapshot, association_id));
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

absl::StatusOr<Touchpoint> AddTouchpoint(storage::Transaction& transaction,
                                         const Touchpoint& wanted,
                                         const std::string& actor) {
  StoredTouchpoint stored;
  Touchpoint& touchpoint = *stored.mutable_touchpoint();
  touchpoint = Said(wanted);
  BB_RETURN_IF_ERROR(Check(touchpoint, transaction.now()));
  BB_RETURN_IF_ERROR(CheckParties(transaction, touchpoint));
  touchpoint.set_id(base::MakeUuid());
  touchpoint.set_basis(Touchpoint::BASIS_PERSON);
  touchpoint.set_recorded_by(actor);
  return Store(transaction, stored);
}

absl::StatusOr<Touchpoint> AddFromEvent(storage::Transaction& transaction,
                                        const Touchpoint& wanted,
                                        const std::string& actor) {
  if (wanted.date() < OldestKept(transaction.now())) return Touchpoint();
  // It may have been written for an association that is part of this one since.
  BB_ASSIGN_OR_RETURN(const auto ids, IdsOfWanted(transaction, wanted.association_id()));
  const auto id_for = [&](const std::string& association_id) {
    return MeetingTouchpointId("event " + wanted.event_id(), wanted.department_id(),
                               association_id);
  };
  for (const std::string& association_id : ids) {
    BB_ASSIGN_OR_RETURN(const auto before, FindTouchpoint(transaction, id_for(association_id)));
    if (before) return Touchpoint();
  }
  StoredTouchpoint stored;
  Touchpoint& touchpoint = *stored.mutable_touchpoint();
  touchpoint = Said(wanted);
  touchpoint.set_id(id_for(wanted.association_id()));
  touchpoint.set_event_id(wanted.event_id());
  touchpoint.set_basis(Touchpoint::BASIS_EVENT);
  touchpoint.set_recorded_by(actor);
  return Store(transaction, stored);
}

absl::StatusOr<Touchpoint> ReviewTouchpoint(storage::Transaction& transaction,
                                            const v1::ReviewTouchpointRequest& request,
                                            const std::string& actor) {
  BB_ASSIGN_OR_RETURN(StoredTouchpoint stored, FindMeant(transaction, request.touchpoint_id()));
  // What a person wrote needs no review; it can be taken away.
  if (stored.touchpoint().meeting_key().empty()) return TouchpointNotFound(request.touchpoint_id());
  stored.set_review(request.confirmed() ? StoredTouchpoint::REVIEW_CONFIRMED
                                        : StoredTouchpoint::REVIEW_DISMISSED);
  stored.mutable_touchpoint()->set_recorded_by(actor);
  return Store(transaction, stored);
}

absl::StatusOr<Touchpoint> CompleteFollowUp(storage::Transaction& transaction,
                                            const std::string& id) {
  BB_ASSIGN_OR_RETURN(StoredTouchpoint stored, FindMeant(transaction, id));
  if (!stored.touchpoint().has_follow_up()) return TouchpointNotFound(id);
  v1::ContactFollowUp& follow_up = *stored.mutable_touchpoint()->mutable_follow_up();
  if (!follow_up.has_done_time()) {
    *follow_up.mutable_done_time() = base::ToTimestamp(transaction.now());
  }
  return Store(transaction, stored);
}

absl::Status DeleteTouchpoint(storage::Transaction& transaction, const std::string& id) {
  BB_ASSIGN_OR_RETURN(const StoredTouchpoint stored, FindMeant(transaction, id));
  if (!stored.records().empty()) {
    return base::MakeError(errors::v1::ERROR_REASON_TOUCHPOINT_NOT_WRITTEN,
                           "a calendar tells this touchpoint; if it is not the association's, "
                           "brobygger touchpoint dismiss; if it may not count, give the meeting "
                           "the category Brobygger:ingen",
                           {{"touchpoint_id", stored.touchpoint().id()}});
  }
  return RemoveTouchpoint(transaction, stored.touchpoint().id());
}

}  // namespace brobygger::contact
