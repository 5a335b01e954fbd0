#include "core/contact/touchpoints.h"

#include <utility>
#include <vector>

#include "core/base/clock.h"
#include "core/base/day.h"
#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/contact/kept.h"
#include "core/contact/retention.h"
#include "core/contact/telling.h"
#include "core/model/free_text.h"
#include "core/model/rules.h"
#include "core/registry/joining.h"
#include "core/registry/query.h"

namespace brobygger::contact {
namespace {

using v1::StoredTouchpoint;
using v1::Touchpoint;

constexpr std::size_t kLongestRole = 80;
constexpr std::size_t kLongestSummary = 500;

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
  BB_RETURN_IF_ERROR(model::RefusePersonsName({nullptr, "our_role"}, touchpoint.our_role()));
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

absl::StatusOr<Touchpoint> Store(storage::Transaction& transaction,
                                 const access::Caller& caller,
                                 StoredTouchpoint& stored) {
  BB_RETURN_IF_ERROR(StoreTouchpoint(transaction, stored));
  return Telling(transaction, caller, base::DanishDayOf(transaction.now())).TellWriter(stored);
}

// Who wrote all of it is answered with all of it.
absl::StatusOr<Touchpoint> StoreNew(storage::Transaction& transaction, StoredTouchpoint& stored) {
  return Store(transaction, access::LocalOperator(), stored);
}

}  // namespace

bool IsHeld(const Touchpoint& touchpoint, const std::string& today) {
  const bool written = touchpoint.basis() == Touchpoint::BASIS_PERSON;
  return written ? touchpoint.date() <= today : touchpoint.date() < today;
}

absl::StatusOr<Touchpoint> AddTouchpoint(storage::Transaction& transaction,
                                         const Touchpoint& wanted,
                                         const access::Caller& caller) {
  StoredTouchpoint stored;
  Touchpoint& touchpoint = *stored.mutable_touchpoint();
  touchpoint = Said(wanted);
  BB_RETURN_IF_ERROR(Check(touchpoint, transaction.now()));
  BB_RETURN_IF_ERROR(CheckParties(transaction, touchpoint));
  BB_RETURN_IF_ERROR(CheckWritesFor(transaction, caller, {touchpoint.department_id()}));
  touchpoint.set_id(base::MakeUuid());
  touchpoint.set_basis(Touchpoint::BASIS_PERSON);
  touchpoint.set_recorded_by(caller.actor);
  return StoreNew(transaction, stored);
}

absl::StatusOr<Touchpoint> AddFromEvent(storage::Transaction& transaction,
                                        const Touchpoint& wanted,
                                        const std::string& actor) {
  if (wanted.date() < OldestKept(transaction.now())) return Touchpoint();
  // It may have been written for an association that is part of this one since.
  BB_ASSIGN_OR_RETURN(const auto ids, IdsOfAssociation(transaction, wanted.association_id()));
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
  return StoreNew(transaction, stored);
}

absl::StatusOr<Touchpoint> ReviewTouchpoint(storage::Transaction& transaction,
                                            const v1::ReviewTouchpointRequest& request,
                                            const access::Caller& caller) {
  BB_ASSIGN_OR_RETURN(StoredTouchpoint stored, FindMeant(transaction, request.touchpoint_id()));
  // What a person wrote needs no review; it can be taken away.
  if (stored.touchpoint().meeting_key().empty()) return TouchpointNotFound(request.touchpoint_id());
  BB_RETURN_IF_ERROR(CheckWritesFor(transaction, caller, {stored.touchpoint().department_id()}));
  stored.set_review(request.confirmed() ? StoredTouchpoint::REVIEW_CONFIRMED
                                        : StoredTouchpoint::REVIEW_DISMISSED);
  stored.mutable_touchpoint()->set_recorded_by(caller.actor);
  return Store(transaction, caller, stored);
}

absl::StatusOr<Touchpoint> CompleteFollowUp(storage::Transaction& transaction,
                                            const std::string& id,
                                            const access::Caller& caller) {
  BB_ASSIGN_OR_RETURN(StoredTouchpoint stored, FindMeant(transaction, id));
  if (!stored.touchpoint().has_follow_up()) return TouchpointNotFound(id);
  v1::ContactFollowUp& follow_up = *stored.mutable_touchpoint()->mutable_follow_up();
  BB_RETURN_IF_ERROR(CheckWritesFor(
      transaction, caller, {follow_up.owner_department_id(), stored.touchpoint().department_id()}));
  if (!follow_up.has_done_time()) {
    *follow_up.mutable_done_time() = base::ToTimestamp(transaction.now());
  }
  return Store(transaction, caller, stored);
}

absl::Status DeleteTouchpoint(storage::Transaction& transaction,
                              const std::string& id,
                              const access::Caller& caller) {
  BB_ASSIGN_OR_RETURN(const StoredTouchpoint stored, FindMeant(transaction, id));
  BB_RETURN_IF_ERROR(CheckWritesFor(transaction, caller, {stored.touchpoint().department_id()}));
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
