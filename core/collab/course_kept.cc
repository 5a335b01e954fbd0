#include "core/collab/course_kept.h"

#include <algorithm>
#include <utility>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/collab/course_moves.h"
#include "core/collab/kept_records.h"
#include "core/registry/query.h"

namespace brobygger::collab {
namespace {

using storage::Kind;
using storage::Snapshot;
using v1::Attendance;
using v1::Course;
using v1::CourseModule;
using v1::CourseParticipant;
using v1::CourseSession;
using v1::CourseTrial;

void ClearShown(Course& course) {
  course.clear_department_title();
  for (CourseTrial& trial : *course.mutable_trials()) trial.clear_title();
  for (auto& session : *course.mutable_consultant_sessions()) session.clear_department_title();
}

// "" of one that is gone.
std::string DepartmentTitle(const Snapshot& snapshot, const std::string& id) {
  if (id.empty()) return "";
  const auto department = registry::GetDepartment(snapshot, id);
  return department.ok() ? department->official_name() : "";
}

// Leads to where associations were merged. Of two that were both written down as one it is enough
// that one was there.
absl::Status LeadAttendance(Leads& leads, CourseSession& session) {
  auto& all = *session.mutable_attendance();
  for (int i = 0; i < all.size();) {
    BB_ASSIGN_OR_RETURN(const Led led, leads.To(all[i].association_id()));
    all[i].set_association_id(led.id);
    const auto end = all.begin() + i;
    const auto same = std::find_if(
        all.begin(), end, [&](const Attendance& each) { return each.association_id() == led.id; });
    if (same == end) {
      ++i;
      continue;
    }
    if (all[i].state() == v1::ATTENDANCE_STATE_ATTENDED) same->set_state(all[i].state());
    all.DeleteSubrange(i, 1);
  }
  return absl::OkStatus();
}

absl::Status LeadTrials(Leads& leads, Course& course) {
  for (CourseTrial& trial : *course.mutable_trials()) {
    BB_ASSIGN_OR_RETURN(const Led led, leads.To(trial.association_id()));
    trial.set_association_id(led.id);
    for (const CourseParticipant& each : course.participants()) {
      if (each.association_id() == led.id) trial.set_title(each.title());
    }
  }
  return absl::OkStatus();
}

// What came after a day is no matter of who left on it: sessions, and who joined.
void KeepUntil(const std::string& day, Course& course) {
  for (CourseModule& module : *course.mutable_modules()) {
    auto& sessions = *module.mutable_sessions();
    sessions.erase(std::remove_if(sessions.begin(), sessions.end(),
                                  [&](const CourseSession& each) { return each.date() > day; }),
                   sessions.end());
  }
  auto& takers = *course.mutable_participants();
  takers.erase(
      std::remove_if(takers.begin(), takers.end(),
                     [&](const CourseParticipant& each) { return each.joined_date() > day; }),
      takers.end());
}

// Takes out what is not for the association `self`, of a course that was led already.
void KeepWhatIsFor(const std::string& self, Course& course) {
  course.clear_consultant_sessions();
  for (CourseModule& module : *course.mutable_modules()) {
    for (CourseSession& session : *module.mutable_sessions()) {
      auto& all = *session.mutable_attendance();
      all.erase(
          std::remove_if(all.begin(), all.end(),
                         [&](const Attendance& each) { return each.association_id() != self; }),
          all.end());
    }
  }
  const auto& takers = course.participants();
  const auto own = std::find_if(takers.begin(), takers.end(), [&](const CourseParticipant& each) {
    return each.association_id() == self;
  });
  const std::string left = own == takers.end() ? "" : own->left_date();
  const bool takes_part = own != takers.end() && left.empty();
  if (!left.empty()) KeepUntil(left, course);
  auto& trials = *course.mutable_trials();
  trials.erase(std::remove_if(trials.begin(), trials.end(),
                              [&](const CourseTrial& trial) {
                                const bool told = trial.shared() && takes_part;
                                return trial.association_id() != self && !told;
                              }),
               trials.end());
}

// Of the association the last session for which it was written down whether it was there.
v1::CourseCall LastWrittenOf(const std::string& association_id,
                             const Course& course,
                             v1::AttendanceState& state) {
  v1::CourseCall last;
  for (const CourseModule& module : course.modules()) {
    for (const CourseSession& session : module.sessions()) {
      if (session.called_off() || session.date() < last.date()) continue;
      for (const Attendance& each : session.attendance()) {
        if (each.association_id() != association_id) continue;
        state = each.state();
        last.set_topic(module.topic());
        last.set_session_id(session.id());
        last.set_date(session.date());
      }
    }
  }
  return last;
}

}  // namespace

absl::StatusOr<Course> LoadCourse(const Snapshot& snapshot,
                                  const std::string& typed,
                                  const std::string& etag) {
  BB_ASSIGN_OR_RETURN(auto course, FindByStart<Course>(snapshot, Kind::kCourse, typed));
  if (!course) {
    return base::MakeError(errors::v1::ERROR_REASON_COURSE_NOT_FOUND,
                           "there is no course '" + registry::Shown(typed) +
                               "' that you may see; see brobygger course list",
                           {{"course_id", registry::Shown(typed)}});
  }
  BB_RETURN_IF_ERROR(registry::CheckEtag(etag, course->etag(), {"course_id", course->id()}));
  return *std::move(course);
}

absl::StatusOr<Course> StoredCourse(storage::Transaction& transaction,
                                    Course course,
                                    const Actor& actor) {
  ClearShown(course);
  for (CourseModule& module : *course.mutable_modules()) {
    std::stable_sort(module.mutable_sessions()->begin(), module.mutable_sessions()->end(),
                     [](const CourseSession& left, const CourseSession& right) {
                       return std::pair(left.date(), left.from_clock()) <
                              std::pair(right.date(), right.from_clock());
                     });
  }
  course.set_etag(registry::EtagOf(transaction.revision()));
  *course.mutable_update_time() = base::ToTimestamp(transaction.now());
  if (!course.has_create_time()) *course.mutable_create_time() = course.update_time();
  std::vector<storage::IndexTerm> terms;
  for (const CourseParticipant& each : course.participants()) {
    terms.push_back({storage::Index::kCourseByAssociation, each.association_id()});
  }
  BB_RETURN_IF_ERROR(
      transaction.Put(Kind::kCourse, course.id(), course.SerializeAsString(), std::move(terms)));
  return ShownCourse(transaction, std::move(course), actor);
}

absl::StatusOr<Course> ShownCourse(const Snapshot& snapshot, Course course, const Actor& actor) {
  course.set_department_title(DepartmentTitle(snapshot, course.department_id()));
  Leads leads(snapshot);
  BB_RETURN_IF_ERROR(ShowTakers(leads, actor, *course.mutable_participants()));
  for (CourseModule& module : *course.mutable_modules()) {
    for (CourseSession& session : *module.mutable_sessions()) {
      BB_RETURN_IF_ERROR(LeadAttendance(leads, session));
    }
  }
  BB_RETURN_IF_ERROR(LeadTrials(leads, course));
  for (auto& session : *course.mutable_consultant_sessions()) {
    session.set_department_title(DepartmentTitle(snapshot, session.department_id()));
  }
  BB_ASSIGN_OR_RETURN(const std::string self, SelfOf(snapshot, actor));
  if (!self.empty()) KeepWhatIsFor(self, course);
  return course;
}

std::vector<v1::CourseCall> CallsOf(const Course& course) {
  std::vector<v1::CourseCall> calls;
  for (const CourseParticipant& participant : course.participants()) {
    if (!participant.left_date().empty()) continue;
    auto state = v1::ATTENDANCE_STATE_UNSPECIFIED;
    v1::CourseCall call = LastWrittenOf(participant.association_id(), course, state);
    if (state != v1::ATTENDANCE_STATE_ABSENT) continue;
    call.set_association_id(participant.association_id());
    call.set_title(participant.title());
    calls.push_back(std::move(call));
  }
  return calls;
}

}  // namespace brobygger::collab
