#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "brobygger/collab/v1/course_calls.pb.h"
#include "brobygger/collab/v1/course_service.pb.h"

#include "core/base/clock.h"
#include "core/collab/collaborations.h"
#include "core/storage/store.h"

namespace brobygger::collab {

// A course is its municipality's, whose employees write it down, and every association in it sees
// it: see ShownCourse() in course_kept.h for what that is told. Whose it is decides the store that
// is given (core/scope). Each gives the course as it is then, as `actor` may see it. Common
// errors: COURSE_NOT_FOUND, FIELD_INVALID, CPR_REFUSED, ETAG_MISMATCH, COURSE_STATE_INVALID (see
// course_moves.h), and NOT_ALLOWED for what an association may not do.

// DEPARTMENT_NOT_FOUND, ASSOCIATION_NOT_FOUND.
absl::StatusOr<v1::Course> CreateCourse(storage::Transaction& transaction,
                                        const v1::CreateCourseRequest& wanted,
                                        const Actor& actor);

// DEPARTMENT_NOT_FOUND.
absl::StatusOr<v1::Course> UpdateCourse(storage::Transaction& transaction,
                                        const v1::UpdateCourseRequest& wanted,
                                        const Actor& actor);

absl::StatusOr<v1::Course> MoveCourse(storage::Transaction& transaction,
                                      const v1::MoveCourseRequest& wanted,
                                      const Actor& actor);

// ASSOCIATION_NOT_FOUND.
absl::StatusOr<v1::Course> AddCourseParticipant(storage::Transaction& transaction,
                                                const v1::AddCourseParticipantRequest& wanted,
                                                const Actor& actor);

// Who has left already stays so.
absl::StatusOr<v1::Course> RemoveCourseParticipant(storage::Transaction& transaction,
                                                   const v1::RemoveCourseParticipantRequest& wanted,
                                                   const Actor& actor);

absl::StatusOr<v1::Course> SetCourseModules(storage::Transaction& transaction,
                                            const v1::SetCourseModulesRequest& wanted,
                                            const Actor& actor);

absl::StatusOr<v1::Course> SetCourseSession(storage::Transaction& transaction,
                                            const v1::SetCourseSessionRequest& wanted,
                                            const Actor& actor);

absl::StatusOr<v1::Course> RecordCourseAttendance(storage::Transaction& transaction,
                                                  const v1::RecordCourseAttendanceRequest& wanted,
                                                  const Actor& actor);

absl::StatusOr<v1::Course> SetCourseDocument(storage::Transaction& transaction,
                                             const v1::SetCourseDocumentRequest& wanted,
                                             const Actor& actor);

// An association writes down its own alone.
absl::StatusOr<v1::Course> SetCourseTrial(storage::Transaction& transaction,
                                          const v1::SetCourseTrialRequest& wanted,
                                          const Actor& actor);

// DEPARTMENT_NOT_FOUND.
absl::StatusOr<v1::Course> SetConsultantSession(storage::Transaction& transaction,
                                                const v1::SetConsultantSessionRequest& wanted,
                                                const Actor& actor);

// With where it may go and whom to call, for employees.
absl::StatusOr<v1::GetCourseResponse> GetCourse(const storage::Snapshot& snapshot,
                                                const std::string& typed,
                                                base::Instant now,
                                                const Actor& actor);

// PAGE_TOKEN_INVALID.
absl::StatusOr<v1::ListCoursesResponse> ListCourses(const storage::Snapshot& snapshot,
                                                    const v1::ListCoursesRequest& request,
                                                    const Actor& actor);

}  // namespace brobygger::collab
