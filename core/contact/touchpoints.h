#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "brobygger/contact/v1/contact_service.pb.h"

#include "core/access/access.h"
#include "core/base/clock.h"
#include "core/storage/store.h"

namespace brobygger::contact {

// One page of what the caller is told (see Telling), the newest first; the limits are those of the
// request's comments. The clock says what is planned and what is over. ASSOCIATION_NOT_FOUND,
// FIELD_INVALID, PAGE_TOKEN_INVALID.
absl::StatusOr<v1::ListTouchpointsResponse> ListTouchpoints(
    const storage::Store& store,
    const base::Clock& clock,
    const access::Caller& caller,
    const v1::ListTouchpointsRequest& request);

// All of them, for the hub's own questions: who asks says what of it is told, and to whom.
absl::StatusOr<v1::ListTouchpointsResponse> ListAllTouchpoints(
    const storage::Snapshot& snapshot,
    base::Instant now,
    const v1::ListTouchpointsRequest& request);

// Whether it has taken place on this day (Danish, ISO 8601): what a calendar tells when its day
// is over, what a person wrote down on the same day already.
bool IsHeld(const v1::Touchpoint& touchpoint, const std::string& today);

// Whether any department is known to have had contact with the association, planned and
// long past ones too; those in review do not count.
absl::StatusOr<bool> HadContact(const storage::Snapshot& snapshot,
                                const std::string& association_id);

// The association that one is about, as it was then. TOUCHPOINT_NOT_FOUND.
absl::StatusOr<std::string> AssociationOf(const storage::Snapshot& snapshot,
                                          const std::string& touchpoint_id);

// Here and below a department's contacts are written by who works in it, or coordinates across
// departments (access::WritesFor): NOT_ALLOWED for others, saying whom to ask.
//
// Writes down what a person says. ASSOCIATION_NOT_FOUND, DEPARTMENT_NOT_FOUND,
// FIELD_INVALID, CPR_REFUSED.
absl::StatusOr<v1::Touchpoint> AddTouchpoint(storage::Transaction& transaction,
                                             const v1::Touchpoint& wanted,
                                             const access::Caller& caller);

// Writes down that both were at an event, unless that is written already; the answer is
// empty then (no id). The association and the department must exist.
absl::StatusOr<v1::Touchpoint> AddFromEvent(storage::Transaction& transaction,
                                            const v1::Touchpoint& wanted,
                                            const std::string& actor);

// A person says whether what a calendar tells is its association's; saying otherwise later
// is allowed, and the next reading does not ask again. TOUCHPOINT_NOT_FOUND, also for one that
// a person wrote.
absl::StatusOr<v1::Touchpoint> ReviewTouchpoint(storage::Transaction& transaction,
                                                const v1::ReviewTouchpointRequest& request,
                                                const access::Caller& caller);

// What was promised after it is done, says who owes it or who promised it; saying so twice changes
// nothing. TOUCHPOINT_NOT_FOUND, also where nothing was promised.
absl::StatusOr<v1::Touchpoint> CompleteFollowUp(storage::Transaction& transaction,
                                                const std::string& id,
                                                const access::Caller& caller);

// Takes away one that a person wrote. TOUCHPOINT_NOT_FOUND, TOUCHPOINT_NOT_WRITTEN.
absl::Status DeleteTouchpoint(storage::Transaction& transaction,
                              const std::string& id,
                              const access::Caller& caller);

}  // namespace brobygger::contact
