#include "core/events/publications.h"

#include <algorithm>
#include <utility>

#include "brobygger/sync/v1/connection.pb.h"

#include "core/base/clock.h"
#include "core/base/day.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/events/kept.h"
#include "core/registry/each_record.h"
#include "core/registry/index_scan.h"
#include "core/registry/records.h"

namespace brobygger::events {
namespace {

using storage::Index;
using storage::Kind;

std::string KeyOf(const Publication& publication) {
  return publication.connection_id() + "/" + publication.event_id() + "/" + publication.calendar();
}

absl::Status Put(storage::Transaction& transaction, Publication& publication) {
  *publication.mutable_update_time() = base::ToTimestamp(transaction.now());
  return transaction.Put(Kind::kPublication, KeyOf(publication), publication.SerializeAsString(),
                         {{Index::kPublicationByEvent, publication.event_id()}});
}

absl::StatusOr<std::optional<Publication>> FindPublication(const storage::Snapshot& snapshot,
                                                           const std::string& key) {
  BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, snapshot.Find(Kind::kPublication, key));
  if (bytes == nullptr) return std::optional<Publication>();
  Publication publication;
  BB_RETURN_IF_ERROR(registry::ParseRecord(bytes, publication));
  return std::optional<Publication>(std::move(publication));
}

// The connection must have the calendar.
absl::Status CheckCalendar(const storage::Snapshot& snapshot,
                           const std::string& connection_id,
                           const std::string& calendar) {
  BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, snapshot.Find(Kind::kConnection, connection_id));
  if (bytes == nullptr) {
    const std::string shown = registry::Shown(connection_id);
    return base::MakeError(errors::v1::ERROR_REASON_CONNECTION_NOT_FOUND,
                           "there is no connection '" + shown + "'; see brobygger connection list",
                           {{"connection_id", shown}});
  }
  sync::v1::Connection connection;
  BB_RETURN_IF_ERROR(registry::ParseRecord(bytes, connection));
  std::string names;
  for (const auto& each : connection.meetings().calendars()) {
    if (each.calendar() == calendar) return absl::OkStatus();
    names += (names.empty() ? "" : ", ") + each.calendar();
  }
  const std::string shown = registry::Shown(calendar);
  return base::MakeError(errors::v1::ERROR_REASON_CALENDAR_NOT_FOUND,
                         "the connection '" + connection_id + "' has no calendar '" + shown +
                             "'; it has " + (names.empty() ? "none" : names),
                         {{"connection_id", connection_id}, {"calendar", shown}});
}

}  // namespace

absl::StatusOr<Publication> PublishEvent(storage::Transaction& transaction,
                                         const event::v1::PublishEventRequest& request) {
  BB_ASSIGN_OR_RETURN(const Event event, LoadEvent(transaction, request.event_id()));
  Publication publication;
  publication.set_event_id(event.id());
  publication.set_connection_id(request.connection_id());
  publication.set_calendar(request.calendar());
  BB_ASSIGN_OR_RETURN(const auto before, FindPublication(transaction, KeyOf(publication)));
  // What stands there can be taken out, though the calendar is no longer named.
  if (!before || !request.withdraw()) {
    BB_RETURN_IF_ERROR(CheckCalendar(transaction, request.connection_id(), request.calendar()));
  }
  if (before) publication = *before;
  publication.clear_trouble();
  publication.clear_withdrawing();
  publication.set_state(request.withdraw() ? Publication::STATE_WITHDRAWING
                                           : Publication::STATE_WAITING);
  // Written anew and not changed: what somebody took out has no version there.
  if (before && before->state() == Publication::STATE_REMOVED_THERE) {
    publication.clear_external_id();
    publication.clear_remote_etag();
  }
  // Never written, or gone already: there is nothing to take out. One that waits may be on
  // its way there just now.
  const bool on_its_way = before && before->state() == Publication::STATE_WAITING;
  if (request.withdraw() && publication.external_id().empty() && !on_its_way) {
    BB_RETURN_IF_ERROR(transaction.Remove(Kind::kPublication, KeyOf(publication)));
    publication.set_state(Publication::STATE_UNSPECIFIED);
    return publication;
  }
  BB_RETURN_IF_ERROR(Put(transaction, publication));
  return publication;
}

absl::Status LetPublicationsWait(storage::Transaction& transaction, const std::string& event_id) {
  BB_ASSIGN_OR_RETURN(auto publications, PublicationsOfEvent(transaction, event_id));
  for (Publication& publication : publications) {
    // What could not be taken out is not put in anew.
    const bool refused = publication.state() == Publication::STATE_REFUSED;
    const bool stands = publication.state() == Publication::STATE_PUBLISHED ||
                        (refused && !publication.withdrawing());
    if (!stands) continue;
    publication.set_state(Publication::STATE_WAITING);
    BB_RETURN_IF_ERROR(Put(transaction, publication));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Publication>> PublicationsOfEvent(const storage::Snapshot& snapshot,
                                                             const std::string& event_id) {
  std::vector<Publication> publications;
  BB_ASSIGN_OR_RETURN(const auto keys,
                      registry::KeysAt(snapshot, Index::kPublicationByEvent, event_id));
  for (const std::string& key : keys) {
    BB_ASSIGN_OR_RETURN(auto publication, FindPublication(snapshot, key));
    if (publication) publications.push_back(*std::move(publication));
  }
  return publications;
}

namespace {

template <typename Wanted>
absl::StatusOr<std::vector<Publication>> PublicationsWhere(const storage::Snapshot& snapshot,
                                                           const std::string& connection_id,
                                                           const Wanted& wanted) {
  std::vector<Publication> found;
  BB_RETURN_IF_ERROR((registry::ForEachRecord<Publication>(
      snapshot, Kind::kPublication, connection_id + "/", [&](Publication publication) {
        if (wanted(publication.state())) found.push_back(std::move(publication));
        return absl::OkStatus();
      })));
  return found;
}

}  // namespace

absl::StatusOr<std::vector<Publication>> WaitingPublications(const storage::Snapshot& snapshot,
                                                             const std::string& connection_id) {
  return PublicationsWhere(snapshot, connection_id, [](Publication::State state) {
    return state == Publication::STATE_WAITING || state == Publication::STATE_WITHDRAWING;
  });
}

absl::StatusOr<std::vector<Publication>> StandingPublications(const storage::Snapshot& snapshot,
                                                              const std::string& connection_id,
                                                              base::Instant now) {
  BB_ASSIGN_OR_RETURN(auto published,
                      PublicationsWhere(snapshot, connection_id, [](Publication::State state) {
                        return state == Publication::STATE_PUBLISHED;
                      }));
  const std::string today = base::DanishDayOf(now);
  std::vector<Publication> standing;
  for (Publication& each : published) {
    const auto event = LoadEvent(snapshot, each.event_id());
    if (event.ok() && LastDay(*event) >= today) standing.push_back(std::move(each));
  }
  return standing;
}

absl::StatusOr<std::optional<Publication>> PublicationNow(const storage::Snapshot& snapshot,
                                                          const Publication& publication) {
  return FindPublication(snapshot, KeyOf(publication));
}

absl::Status StorePublication(storage::Transaction& transaction, Publication publication) {
  if (publication.state() == Publication::STATE_UNSPECIFIED) {
    return transaction.Remove(Kind::kPublication, KeyOf(publication));
  }
  return Put(transaction, publication);
}

absl::StatusOr<Event> EventOf(const storage::Snapshot& snapshot, const Publication& publication) {
  return LoadEvent(snapshot, publication.event_id());
}

}  // namespace brobygger::events
