#pragma once

#include <absl/status/statusor.h>

#include "brobygger/report/v1/programme_service.pb.h"

#include "core/collab/collaborations.h"
#include "core/storage/store.h"

namespace brobygger::report {

// Writes a programme down with all that is known of it. An association or department is the one
// with the same name in the same municipality, whatever the case of its letters, or a new one; a
// collaboration with the same title, first day and parties, and a day of the same department with
// the same title, kind and date, are there already. FIELD_INVALID names the entry; so is a name
// that several have.
//
// With validate_only the caller must not commit `transaction`.
absl::StatusOr<v1::ImportProgrammeResponse> ImportProgramme(
    storage::Transaction& transaction,
    const v1::ImportProgrammeRequest& request,
    const collab::Actor& actor);

}  // namespace brobygger::report
