#pragma once

#include <string>

#include <absl/status/statusor.h>
#include <google/protobuf/field_mask.pb.h>

#include "brobygger/event/v1/event_service.pb.h"

#include "core/base/clock.h"
#include "core/events/rules.h"
#include "core/storage/store.h"

namespace brobygger::events {

// DEPARTMENT_NOT_FOUND, and what NormalizeAndCheck() says.
absl::StatusOr<Event> CreateEvent(storage::Transaction& transaction, const Event& wanted);

// Replaces the fields in `mask`; those that only the hub sets are not among them. A change
// that changes nothing raises no sequence. EVENT_NOT_FOUND, ETAG_MISMATCH, and as above.
absl::StatusOr<Event> UpdateEvent(storage::Transaction& transaction,
                                  const Event& wanted,
                                  const google::protobuf::FieldMask& mask);

// Cancelling twice is cancelling once. EVENT_NOT_FOUND.
absl::StatusOr<Event> CancelEvent(storage::Transaction& transaction, const std::string& id);

// With invitations and publications. `id`: whole, or its beginning if that says which.
// EVENT_NOT_FOUND.
absl::StatusOr<event::v1::GetEventResponse> GetEvent(const storage::Snapshot& snapshot,
                                                     const std::string& id);

// One page, the earliest first. FIELD_INVALID, PAGE_TOKEN_INVALID.
absl::StatusOr<event::v1::ListEventsResponse> ListEvents(
    const storage::Store& store,
    const base::Clock& clock,
    const event::v1::ListEventsRequest& request);

}  // namespace brobygger::events
