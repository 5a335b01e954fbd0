#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "brobygger/sync/v1/connection.pb.h"

#include "core/base/clock.h"
#include "core/storage/store.h"
#include "core/sync/source_writer.h"

namespace brobygger::sync {

// Writes the events that wait into the connection's calendars, and takes out those that are
// withdrawn. Each is settled in a commit of its own after it was written; a hub that dies
// between the two writes the same item again, which changes nothing. UNAVAILABLE if the
// source put something off; what was done is kept.
absl::StatusOr<v1::PublicationCounts> PublishWaiting(storage::Store& store,
                                                     const std::string& connection_id,
                                                     SourceWriter& writer);

// Looks whether the events that are published and not over still stand there. One that somebody
// took out is not written there again.
absl::StatusOr<v1::PublicationCounts> LookForPublished(storage::Store& store,
                                                       const base::Clock& clock,
                                                       const std::string& connection_id,
                                                       SourceWriter& writer);

}  // namespace brobygger::sync
