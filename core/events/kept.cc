#include "core/events/kept.h"

#include <algorithm>
#include <chrono>
#include <tuple>
#include <utility>

#include "core/base/clock.h"
#include "core/base/day.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/model/names.h"
#include "core/registry/each_record.h"
#include "core/registry/joining.h"
#include "core/registry/query.h"
#include "core/registry/records.h"

namespace brobygger::events {
namespace {

using storage::Index;
using storage::Kind;

std::string DayAt(std::int64_t seconds) {
  return base::DanishDayOf(base::Instant(std::chrono::seconds(seconds)));
}

std::string InvitationKey(const std::string& event_id, const std::string& association_id) {
  return event_id + "/" + association_id;
}

}  // namespace

absl::StatusOr<Event> LoadEvent(const storage::Snapshot& snapshot, const std::string& id) {
  BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, snapshot.Find(Kind::kEvent, id));
  if (bytes == nullptr) {
    return base::MakeError(
        errors::v1::ERROR_REASON_EVENT_NOT_FOUND,
        "there is no event '" + registry::Shown(id) + "'; see brobygger event list",
        {{"event_id", registry::Shown(id)}});
  }
  Event event;
  BB_RETURN_IF_ERROR(registry::ParseRecord(bytes, event));
  return event;
}

absl::Status StoreEvent(storage::Transaction& transaction, Event& event) {
  event.clear_host_names();
  event.set_etag(registry::EtagOf(transaction.revision()));
  *event.mutable_update_time() = base::ToTimestamp(transaction.now());
  if (!event.has_create_time()) *event.mutable_create_time() = event.update_time();
  return transaction.Put(Kind::kEvent, event.id(), event.SerializeAsString());
}

absl::StatusOr<std::vector<Event>> LoadEvents(const storage::Snapshot& snapshot) {
  std::vector<Event> events;
  BB_RETURN_IF_ERROR((registry::ForEachRecord<Event>(snapshot, Kind::kEvent, "", [&](Event event) {
    events.push_back(std::move(event));
    return absl::OkStatus();
  })));
  return events;
}

std::string FirstDay(const Event& event) {
  return event.start_date().empty() ? DayAt(event.start_time().seconds()) : event.start_date();
}

std::string LastDay(const Event& event) {
  // What ends at midnight is over with the day before.
  return event.end_date().empty() ? DayAt(event.end_time().seconds() - 1) : event.end_date();
}

absl::StatusOr<std::optional<Invitation>> FindInvitation(const storage::Snapshot& snapshot,
                                                         const std::string& event_id,
                                                         const std::string& association_id) {
  BB_ASSIGN_OR_RETURN(const storage::Bytes bytes,
                      snapshot.Find(Kind::kInvitation, InvitationKey(event_id, association_id)));
  if (bytes == nullptr) return std::optional<Invitation>();
  Invitation invitation;
  BB_RETURN_IF_ERROR(registry::ParseRecord(bytes, invitation));
  return std::optional<Invitation>(std::move(invitation));
}

absl::Status StoreInvitation(storage::Transaction& transaction, const Invitation& invitation) {
  Invitation kept = invitation;
  kept.clear_official_name();
  std::vector<storage::IndexTerm> terms = {
      {Index::kInvitationByAssociation, kept.association_id()}};
  if (kept.mail_waiting()) terms.push_back({Index::kInvitationToMail, kMailWaiting});
  return transaction.Put(Kind::kInvitation, InvitationKey(kept.event_id(), kept.association_id()),
                         kept.SerializeAsString(), std::move(terms));
}

namespace {

// Two that were asked and turned out to be one association are one invitation: its own, with
// what is open of either.
absl::Status AddFolded(Invitation invitation,
                       const std::string& asked_as,
                       std::vector<Invitation>& invitations) {
  const auto same = std::find_if(invitations.begin(), invitations.end(), [&](const auto& each) {
    return each.association_id() == invitation.association_id();
  });
  if (same == invitations.end()) {
    invitations.push_back(std::move(invitation));
    return absl::OkStatus();
  }
  const bool open = same->follow_up_open() || invitation.follow_up_open();
  if (asked_as == invitation.association_id()) *same = std::move(invitation);
  same->set_follow_up_open(open);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<Invitation>> InvitationsOf(const storage::Snapshot& snapshot,
                                                      const std::string& event_id) {
  std::vector<Invitation> invitations;
  const auto add = [&](Invitation invitation) -> absl::Status {
    BB_ASSIGN_OR_RETURN(const auto association,
                        registry::FollowMerges(snapshot, invitation.association_id()));
    const std::string asked_as = invitation.association_id();
    if (association) {
      invitation.set_association_id(association->id());
      invitation.set_official_name(association->official_name());
    }
    return AddFolded(std::move(invitation), asked_as, invitations);
  };
  BB_RETURN_IF_ERROR(
      (registry::ForEachRecord<Invitation>(snapshot, Kind::kInvitation, event_id + "/", add)));
  std::sort(invitations.begin(), invitations.end(), [](const auto& left, const auto& right) {
    const auto place = [](const Invitation& each) {
      return std::tuple(model::FoldName(each.official_name()), each.association_id());
    };
    return place(left) < place(right);
  });
  return invitations;
}

absl::StatusOr<Event> Shown(const storage::Snapshot& snapshot, Event event) {
  for (const std::string& id : event.host_department_ids()) {
    const auto department = registry::GetDepartment(snapshot, id);
    event.add_host_names(department.ok() ? department->official_name() : id);
  }
  return event;
}

}  // namespace brobygger::events
