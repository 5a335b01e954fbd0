#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "brobygger/event/v1/event_service.pb.h"

#include "core/storage/store.h"

namespace brobygger::events {

// Makes a touchpoint of each association that was there with each department that held the
// event; again changes nothing. EVENT_NOT_FOUND, EVENT_NOT_OVER.
absl::StatusOr<event::v1::RecordMeetingsResponse> RecordMeetings(storage::Transaction& transaction,
                                                                 const std::string& event_id,
                                                                 const std::string& actor);

}  // namespace brobygger::events
