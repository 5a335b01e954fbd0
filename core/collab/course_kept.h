#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/collab/v1/course_service.pb.h"

#include "core/collab/collaborations.h"
#include "core/storage/store.h"

// How courses lie in the store, and who is told what of them; for this module's own files.
namespace brobygger::collab {

// The one that `typed` means: a whole id, or the beginning of just one. With an etag only as that
// has it. COURSE_NOT_FOUND, ETAG_MISMATCH.
absl::StatusOr<v1::Course> LoadCourse(const storage::Snapshot& snapshot,
                                      const std::string& typed,
                                      const std::string& etag = "");

// Stores it, and gives it as `actor` may see it; sets etag and update time.
absl::StatusOr<v1::Course> StoredCourse(storage::Transaction& transaction,
                                        v1::Course course,
                                        const Actor& actor);

// With the names of who takes part, associations led to where they were merged. An association is
// told when it was there itself, its own trials and while it takes part those that others share;
// who else was there, and what the municipality does meanwhile, it is not.
absl::StatusOr<v1::Course> ShownCourse(const storage::Snapshot& snapshot,
                                       v1::Course course,
                                       const Actor& actor);

// Who was not at the last session that was written down for them, and nobody has called since. Of
// a course as employees are shown it.
std::vector<v1::CourseCall> CallsOf(const v1::Course& course);

}  // namespace brobygger::collab
