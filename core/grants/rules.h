#pragma once

#include <absl/status/status.h>

#include "brobygger/grant/v1/grant_application.pb.h"

namespace brobygger::grants {

using grant::v1::FollowUp;
using grant::v1::GrantApplication;
using grant::v1::GrantState;

// Brings every field into normal form (NFC, trimmed, CVR number as eight digits, DKK
// as nothing) and checks it against the rules in proto/brobygger/grant/v1.
// FIELD_INVALID, IDENTIFIER_INVALID, or CPR_REFUSED where any text looks like a CPR
// number. The error names the field.
absl::Status NormalizeAndCheck(GrantApplication& application);

// Whether money was granted, wholly or in part.
bool IsGranted(GrantState state);

// Whether it may still be granted.
bool IsUndecided(GrantState state);

}  // namespace brobygger::grants
