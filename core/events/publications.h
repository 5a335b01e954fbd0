#pragma once

#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/event/v1/event_service.pb.h"

#include "core/base/clock.h"
#include "core/events/rules.h"
#include "core/storage/store.h"

namespace brobygger::events {

// Asks for an event to be put into a calendar, or taken out; the connection's next run
// does it. Publishing anew what somebody had taken out there is a person's wish, and is
// done. CONNECTION_NOT_FOUND, CALENDAR_NOT_FOUND, EVENT_NOT_FOUND.
absl::StatusOr<Publication> PublishEvent(storage::Transaction& transaction,
                                         const event::v1::PublishEventRequest& request);

// The event changed: calendars it stands in wait for it.
absl::Status LetPublicationsWait(storage::Transaction& transaction, const std::string& event_id);

absl::StatusOr<std::vector<Publication>> PublicationsOfEvent(const storage::Snapshot& snapshot,
                                                             const std::string& event_id);

// Those of a connection that wait to be written or taken out.
absl::StatusOr<std::vector<Publication>> WaitingPublications(const storage::Snapshot& snapshot,
                                                             const std::string& connection_id);

// Those of a connection that stand in a calendar as far as the hub knows, of events that
// are not over.
absl::StatusOr<std::vector<Publication>> StandingPublications(const storage::Snapshot& snapshot,
                                                              const std::string& connection_id,
                                                              base::Instant now);

// The publication as it is now, or nothing.
absl::StatusOr<std::optional<Publication>> PublicationNow(const storage::Snapshot& snapshot,
                                                          const Publication& publication);

// Stores what became of one; one that was taken out goes.
absl::Status StorePublication(storage::Transaction& transaction, Publication publication);

// The event of a publication. EVENT_NOT_FOUND.
absl::StatusOr<Event> EventOf(const storage::Snapshot& snapshot, const Publication& publication);

}  // namespace brobygger::events
