#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "brobygger/event/v1/event_service.pb.h"

#include "core/events/rules.h"
#include "core/storage/store.h"

namespace brobygger::events {

// Asks associations, or changes what those asked before were told; what they answered
// stays. EVENT_NOT_FOUND, ASSOCIATION_NOT_FOUND, FIELD_INVALID, CPR_REFUSED.
absl::StatusOr<event::v1::InviteAssociationsResponse> InviteAssociations(
    storage::Transaction& transaction, const event::v1::InviteAssociationsRequest& request);

// What an association answered, or whether it was there. Absent opens a follow-up, which a
// note closes, and so does any other state. EVENT_NOT_FOUND, INVITATION_NOT_FOUND,
// FIELD_INVALID, CPR_REFUSED.
absl::StatusOr<Invitation> RecordAttendance(storage::Transaction& transaction,
                                            const event::v1::RecordAttendanceRequest& request);

// It was asked by mail now.
absl::Status RecordMail(storage::Transaction& transaction,
                        const std::string& event_id,
                        const std::string& association_id);

}  // namespace brobygger::events
