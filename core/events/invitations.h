#pragma once

#include <string>
#include <vector>

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

// What an association answers itself: that it comes, or not. EVENT_NOT_FOUND, INVITATION_NOT_FOUND,
// EVENT_OVER, FIELD_INVALID.
absl::StatusOr<Invitation> AnswerInvitation(storage::Transaction& transaction,
                                            const event::v1::AnswerInvitationRequest& request);

// Whether an association can answer the invitation on that day, ISO 8601.
bool CanBeAnswered(const Event& event, const Invitation& invitation, const std::string& today);

// An invitation that is to be mailed, with all that the mail tells.
struct InvitationToMail {
  Event event;
  Invitation invitation;
  std::string to;        // the association's first address; empty: it has none any more
  std::string reply_to;  // the first host's mailbox; may be empty
};

// Those that wait.
absl::StatusOr<std::vector<InvitationToMail>> InvitationsToMail(const storage::Snapshot& snapshot);

// Whether another invitation to this event was mailed to what is the same association by now:
// the two were merged after they had been asked. Looks at every invitation to the event.
absl::StatusOr<bool> IsAskedByMail(const storage::Snapshot& snapshot, const Invitation& invitation);

// The mail was sent now, or cannot be: `trouble` says why, or is empty.
absl::Status RecordMail(storage::Transaction& transaction,
                        const Invitation& invitation,
                        const std::string& trouble);

}  // namespace brobygger::events
