#pragma once

#include <absl/status/status.h>

#include "brobygger/registry/v1/association.pb.h"
#include "brobygger/registry/v1/municipality.pb.h"

namespace brobygger::model {

// Brings every field into normal form (NFC, trimmed, CVR number as eight digits,
// phone numbers with country code, lower-case e-mail domains) and checks it
// against the rules in proto/brobygger/registry/v1. The error names the field.
// FIELD_INVALID, IDENTIFIER_INVALID, or CPR_REFUSED where any text looks like a
// CPR number.
absl::Status NormalizeAndCheck(registry::v1::Association& association);
absl::Status NormalizeAndCheck(registry::v1::Department& department);
absl::Status NormalizeAndCheck(registry::v1::AssociationRelation& relation);

}  // namespace brobygger::model
