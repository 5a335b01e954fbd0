#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "brobygger/event/v1/event_service.pb.h"

#include "core/storage/store.h"

namespace brobygger::events {

// Makes a touchpoint of each association that was there with each department that was: those that
// the request names, or else those that held the event; again changes nothing. EVENT_NOT_FOUND,
// EVENT_NOT_OVER, DEPARTMENT_NOT_FOUND, FIELD_INVALID.
absl::StatusOr<event::v1::RecordMeetingsResponse> RecordMeetings(
    storage::Transaction& transaction,
    const event::v1::RecordMeetingsRequest& request,
    const std::string& actor);

}  // namespace brobygger::events
