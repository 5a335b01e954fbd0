// What an actor may do; for this module's own files.
#pragma once

#include <string>

#include <absl/status/status.h>

#include "core/collab/collaborations.h"

namespace brobygger::collab {

// OK unless an association would do what only an employee may. NOT_ALLOWED.
absl::Status CheckEmployee(const Actor& actor, const std::string& what);

// OK unless an association would act for another side than its own. NOT_ALLOWED.
absl::Status CheckSide(const Actor& actor, v1::CollaborationSide side);

// The collaboration, if its etag is the one that was sent, or none was. ETAG_MISMATCH.
absl::StatusOr<v1::Collaboration> LoadAt(const storage::Snapshot& snapshot,
                                         const std::string& id,
                                         const std::string& etag);

// The party, checked, with the records that it names there. DEPARTMENT_NOT_FOUND,
// ASSOCIATION_NOT_FOUND, ASSOCIATION_DELETED, FIELD_INVALID.
absl::StatusOr<v1::Party> CheckedParty(const storage::Snapshot& snapshot, v1::Party party);

// Lets it take part, or gives who does already these roles.
absl::Status PutParty(const v1::Party& party, v1::Collaboration& collaboration);

}  // namespace brobygger::collab
