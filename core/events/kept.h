#pragma once

#include <optional>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "core/events/rules.h"
#include "core/storage/store.h"

// How events and what belongs to them lie in the store; for this module's own files.
namespace brobygger::events {

// By its id. EVENT_NOT_FOUND.
absl::StatusOr<Event> LoadEvent(const storage::Snapshot& snapshot, const std::string& id);

// Stores it; sets etag and update time.
absl::Status StoreEvent(storage::Transaction& transaction, Event& event);

// Every event there is.
absl::StatusOr<std::vector<Event>> LoadEvents(const storage::Snapshot& snapshot);

// The first day of the event in Copenhagen, ISO 8601, and the last one.
std::string FirstDay(const Event& event);
std::string LastDay(const Event& event);

absl::StatusOr<std::optional<Invitation>> FindInvitation(const storage::Snapshot& snapshot,
                                                         const std::string& event_id,
                                                         const std::string& association_id);
// Where invitations stand that are to be mailed.
inline constexpr char kMailWaiting[] = "waiting";

absl::Status StoreInvitation(storage::Transaction& transaction, const Invitation& invitation);

// All of an event, with the associations' names, in the order of these. Associations are
// led to where they were merged.
absl::StatusOr<std::vector<Invitation>> InvitationsOf(const storage::Snapshot& snapshot,
                                                      const std::string& event_id);

// With the departments' names.
absl::StatusOr<Event> Shown(const storage::Snapshot& snapshot, Event event);

}  // namespace brobygger::events
