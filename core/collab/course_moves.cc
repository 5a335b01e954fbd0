#include "core/collab/course_moves.h"

#include <algorithm>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "core/base/error.h"

namespace brobygger::collab {
namespace {

using v1::Course;
using v1::CourseState;

bool HasParticipant(const Course& course) {
  const auto& all = course.participants();
  return std::any_of(all.begin(), all.end(),
                     [](const v1::CourseParticipant& each) { return each.left_date().empty(); });
}

template <typename Matches>
bool AnySession(const Course& course, const Matches& matches) {
  for (const v1::CourseModule& module : course.modules()) {
    for (const v1::CourseSession& session : module.sessions()) {
      if (!session.called_off() && matches(session)) return true;
    }
  }
  return false;
}

struct Writable {
  CourseEntry entry;
  const char* what;
  std::vector<CourseState> states;
};

const Writable& WritableOf(CourseEntry entry) {
  static const std::vector<Writable> kTable = {
      {CourseEntry::kParticipants,
       "who takes part is changed",
       {v1::COURSE_STATE_PLANNED, v1::COURSE_STATE_RUNNING}},
      {CourseEntry::kModules,
       "modules are changed",
       {v1::COURSE_STATE_PLANNED, v1::COURSE_STATE_RUNNING}},
      {CourseEntry::kSession,
       "sessions are changed",
       {v1::COURSE_STATE_PLANNED, v1::COURSE_STATE_RUNNING}},
      {CourseEntry::kAttendance,
       "who was there is written down",
       {v1::COURSE_STATE_RUNNING, v1::COURSE_STATE_FINISHED, v1::COURSE_STATE_STOPPED}},
      {CourseEntry::kTrial,
       "trials are written down",
       {v1::COURSE_STATE_RUNNING, v1::COURSE_STATE_FINISHED, v1::COURSE_STATE_STOPPED}},
  };
  return *std::find_if(kTable.begin(), kTable.end(),
                       [&](const Writable& each) { return each.entry == entry; });
}

}  // namespace

const std::vector<CourseMove>& CourseMoves() {
  static const std::vector<CourseMove> kMoves = {
      {v1::COURSE_STATE_PLANNED, v1::COURSE_STATE_RUNNING},
      {v1::COURSE_STATE_PLANNED, v1::COURSE_STATE_STOPPED},
      {v1::COURSE_STATE_RUNNING, v1::COURSE_STATE_FINISHED},
      {v1::COURSE_STATE_RUNNING, v1::COURSE_STATE_STOPPED},
      // There was one more session after all.
      {v1::COURSE_STATE_FINISHED, v1::COURSE_STATE_RUNNING},
      {v1::COURSE_STATE_STOPPED, v1::COURSE_STATE_PLANNED},
  };
  return kMoves;
}

std::vector<std::string> MissingForCourse(const CourseSituation& situation, CourseState to) {
  const Course& course = situation.course;
  std::vector<std::string> missing;
  const auto unless = [&](bool there, const char* code) {
    if (!there) missing.emplace_back(code);
  };
  switch (to) {
    case v1::COURSE_STATE_RUNNING:
      unless(HasParticipant(course), "participant");
      unless(AnySession(course, [](const auto& /*session*/) { return true; }), "session");
      break;
    case v1::COURSE_STATE_FINISHED:
      unless(!AnySession(course,
                         [&](const auto& session) { return session.date() > situation.today; }),
             "sessions_ahead");
      break;
    case v1::COURSE_STATE_STOPPED:
      unless(!situation.reason.empty(), "reason");
      break;
    default:
      break;
  }
  return missing;
}

absl::Status CheckCourseMove(const CourseSituation& situation, CourseState to) {
  const CourseState from = situation.course.state();
  std::vector<std::string> allowed;
  bool known = false;
  for (const CourseMove& move : CourseMoves()) {
    if (move.from != from) continue;
    allowed.push_back(CourseStateWord(move.to));
    known = known || move.to == to;
  }
  if (!known) {
    return base::MakeError(
        errors::v1::ERROR_REASON_COURSE_STATE_INVALID,
        absl::StrCat("a course that is ", CourseStateWord(from),
                     " goes only to: ", absl::StrJoin(allowed, ", ")),
        {{"state", CourseStateWord(from)}, {"allowed", absl::StrJoin(allowed, ",")}});
  }
  const std::vector<std::string> missing = MissingForCourse(situation, to);
  if (missing.empty()) return absl::OkStatus();
  return base::MakeError(
      errors::v1::ERROR_REASON_COURSE_STATE_INVALID,
      absl::StrCat("it cannot become ", CourseStateWord(to),
                   " yet; missing: ", absl::StrJoin(missing, ", ")),
      {{"state", CourseStateWord(from)}, {"missing", absl::StrJoin(missing, ";")}});
}

absl::Status CheckMayWrite(const Course& course, CourseEntry entry) {
  const Writable& writable = WritableOf(entry);
  std::vector<std::string> states;
  for (const CourseState state : writable.states) {
    if (state == course.state()) return absl::OkStatus();
    states.push_back(CourseStateWord(state));
  }
  const std::string word = CourseStateWord(course.state());
  return base::MakeError(
      errors::v1::ERROR_REASON_COURSE_STATE_INVALID,
      absl::StrCat(writable.what, " while a course is ", absl::StrJoin(states, " or "), "; it is ",
                   word, " now: brobygger course move"),
      {{"state", word}, {"allowed", absl::StrJoin(states, ",")}});
}

std::string CourseStateWord(CourseState state) {
  constexpr std::size_t kPrefix = sizeof("COURSE_STATE_") - 1;
  return absl::AsciiStrToLower(v1::CourseState_Name(state)).substr(kPrefix);
}

}  // namespace brobygger::collab
