#pragma once

#include <absl/status/status.h>

#include "brobygger/registry/v1/association.pb.h"
#include "brobygger/registry/v1/municipality.pb.h"
#include "brobygger/registry/v1/municipality_work.pb.h"

#include "core/model/rules.h"

namespace brobygger::model {

// Brings every field into normal form (NFC, trimmed, CVR number as eight digits,
// phone numbers with country code, lower-case e-mail domains) and checks it
// against the rules in proto/brobygger/registry/v1. The error names the field.
// FIELD_INVALID, IDENTIFIER_INVALID, or CPR_REFUSED where any text looks like a
// CPR number.
absl::Status NormalizeAndCheck(registry::v1::Association& association);
absl::Status NormalizeAndCheck(registry::v1::Department& department);
absl::Status NormalizeAndCheck(registry::v1::AssociationRelation& relation);

// What a municipality says of itself. Output-only fields must be empty: they are not
// checked, and go into no error.
absl::Status NormalizeAndCheck(registry::v1::KleAssignment& assignment);
absl::Status NormalizeAndCheck(registry::v1::Policy& policy);
absl::Status NormalizeAndCheck(registry::v1::CoordinationGroup& group);

// The same for a department that stands at `place` in a longer list; its parent may be
// named by any UUID.
absl::Status NormalizeAndCheckAt(const Place& place, registry::v1::Department& department);

// A part of an association by itself, that stands at `place` in a request.
absl::Status NormalizeAndCheckAt(const Place& place, registry::v1::Confirmation& confirmation);

}  // namespace brobygger::model
