#pragma once

#include <string>
#include <vector>

#include <absl/status/status.h>

#include "brobygger/collab/v1/course.pb.h"

namespace brobygger::collab {

// From where a course may go where.
struct CourseMove {
  v1::CourseState from;
  v1::CourseState to;
};
const std::vector<CourseMove>& CourseMoves();

// What decides whether a course may be moved.
struct CourseSituation {
  const v1::Course& course;
  std::string today;        // ISO 8601, in Denmark
  std::string reason = {};  // what was given for the move
};

// Codes of all that is missing before it can enter the state, whatever it is in now:
//
//   participant     an association that takes part and has not left
//   session         a session in one of its modules
//   sessions_ahead  no session that lies ahead: hold it or call it off
//   reason          why
std::vector<std::string> MissingForCourse(const CourseSituation& situation, v1::CourseState to);

// OK if it may go there now. COURSE_STATE_INVALID says where it may go, or what is missing.
absl::Status CheckCourseMove(const CourseSituation& situation, v1::CourseState to);

// What is written down of a course at some times alone. All else is at any time.
enum class CourseEntry {
  kParticipants,  // while it is planned or runs
  kModules,       // the same
  kSession,       // the same
  kAttendance,    // once it has begun
  kTrial,         // once it has begun
};

// COURSE_STATE_INVALID.
absl::Status CheckMayWrite(const v1::Course& course, CourseEntry entry);

// "planned".
std::string CourseStateWord(v1::CourseState state);

}  // namespace brobygger::collab
