// What is written down in a course: sessions, who was there, documents, trials and what the
// municipality does meanwhile. See courses.h.
#include <algorithm>
#include <utility>

#include <absl/strings/str_cat.h>

#include "core/base/day.h"
#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/collab/acting.h"
#include "core/collab/course_kept.h"
#include "core/collab/course_moves.h"
#include "core/collab/courses.h"
#include "core/collab/fixes.h"
#include "core/collab/kept_records.h"
#include "core/collab/rules.h"
#include "core/model/rules.h"
#include "core/registry/query.h"

namespace brobygger::collab {
namespace {

using google::protobuf::RepeatedPtrField;
using model::BrokenRule;
using storage::Transaction;
using v1::ConsultantSession;
using v1::Course;
using v1::CourseModule;
using v1::CourseSession;
using v1::CourseTrial;

constexpr int kMostInModule = 100;
constexpr int kMostTrials = 1000;
constexpr int kMostConsultantSessions = 200;

absl::StatusOr<CourseModule*> ModuleOn(Course& course, v1::ResourceTopic topic) {
  for (CourseModule& module : *course.mutable_modules()) {
    if (module.topic() == topic) return &module;
  }
  return BrokenRule({nullptr, "topic"},
                    "is of no module of this course; brobygger course module tells which it has");
}

// Puts `part` into the module on `topic`: in place of the one with its id, which may lie in
// another module, or as a new one. `parts_of` tells where a module has such parts.
template <typename Part, typename PartsOf>
absl::Status PutPart(
    Part part, v1::ResourceTopic topic, const char* list, const PartsOf& parts_of, Course& course) {
  CourseModule* from = nullptr;
  if (!part.id().empty()) {
    for (CourseModule& module : *course.mutable_modules()) {
      if (FindPart(parts_of(module), part.id()) != nullptr) from = &module;
    }
    if (from == nullptr) {
      return BrokenRule({nullptr, list},
                        "has none with this id; brobygger course show tells which "
                        "there are");
    }
  }
  CourseModule* to = from;
  if (from == nullptr || topic != v1::RESOURCE_TOPIC_UNSPECIFIED) {
    BB_ASSIGN_OR_RETURN(to, ModuleOn(course, topic));
  }
  if (from == to) {
    *FindPart(parts_of(*to), part.id()) = std::move(part);
    return absl::OkStatus();
  }
  BB_RETURN_IF_ERROR(CheckRoom(list, parts_of(*to).size(), kMostInModule));
  if (part.id().empty()) part.set_id(base::MakeUuid());
  if (from != nullptr) {
    auto& old = parts_of(*from);
    old.erase(std::remove_if(old.begin(), old.end(),
                             [&](const Part& each) { return each.id() == part.id(); }),
              old.end());
  }
  *parts_of(*to).Add() = std::move(part);
  return absl::OkStatus();
}

RepeatedPtrField<CourseSession>& SessionsOf(CourseModule& module) {
  return *module.mutable_sessions();
}

CourseSession* FindSession(Course& course, const std::string& id) {
  for (CourseModule& module : *course.mutable_modules()) {
    if (CourseSession* const found = FindPart(*module.mutable_sessions(), id)) return found;
  }
  return nullptr;
}

absl::Status CheckWithin(const Course& course, const CourseSession& session) {
  if (session.called_off()) return absl::OkStatus();
  if (session.date() < course.start_date()) {
    return BrokenRule({nullptr, "session.date"},
                      absl::StrCat("is before the course begins on ", course.start_date()));
  }
  if (course.end_date().empty() || session.date() <= course.end_date()) return absl::OkStatus();
  return BrokenRule({nullptr, "session.date"},
                    absl::StrCat("is after the course ends on ", course.end_date(),
                                 "; brobygger course update --end moves that"));
}

// The session to write attendance of.
absl::StatusOr<CourseSession*> HeldSession(Course& course,
                                           const std::string& id,
                                           const std::string& today) {
  const model::Place place{nullptr, "session_id"};
  CourseSession* const session = FindSession(course, id);
  if (session == nullptr) return BrokenRule(place, "is of no session of this course");
  if (session->called_off()) return BrokenRule(place, "is of a session that was called off");
  if (session->date() > today) return BrokenRule(place, "is of a session that lies ahead");
  return session;
}

absl::Status NoteAttendance(const Transaction& transaction,
                            const v1::Attendance& wanted,
                            Course& course,
                            CourseSession& session) {
  if (wanted.state() == v1::ATTENDANCE_STATE_UNSPECIFIED) {
    return BrokenRule({nullptr, "attendance.state"}, "is required");
  }
  BB_ASSIGN_OR_RETURN(
      const auto* const participant,
      FindTaker(transaction, *course.mutable_participants(), wanted.association_id()));
  if (participant == nullptr) {
    return BrokenRule({nullptr, "attendance.association_id"},
                      "is of no association in this course");
  }
  BB_ASSIGN_OR_RETURN(v1::Attendance * noted, FindTaker(transaction, *session.mutable_attendance(),
                                                        participant->association_id()));
  if (noted == nullptr) {
    noted = session.add_attendance();
    noted->set_association_id(participant->association_id());
  }
  noted->set_state(wanted.state());
  return absl::OkStatus();
}

// Whoever acts may write down this trial, and who tried it takes part.
absl::Status CheckWhoTried(const Transaction& transaction,
                           const Actor& actor,
                           Course& course,
                           CourseTrial& trial) {
  if (actor.is_association() && trial.association_id().empty()) {
    trial.set_association_id(actor.association_id);
  }
  BB_ASSIGN_OR_RETURN(
      const auto* const participant,
      FindTaker(transaction, *course.mutable_participants(), trial.association_id()));
  if (participant == nullptr) {
    return BrokenRule({nullptr, "trial.association_id"}, "is of no association in this course");
  }
  trial.set_association_id(participant->association_id());
  if (!actor.is_association()) return absl::OkStatus();
  BB_ASSIGN_OR_RETURN(const std::string self, SelfOf(transaction, actor));
  BB_ASSIGN_OR_RETURN(const Led led, LedTo(transaction, trial.association_id()));
  if (led.id != self) {
    return base::MakeError(errors::v1::ERROR_REASON_NOT_ALLOWED,
                           "an association writes down its own trials alone");
  }
  if (participant->left_date().empty()) return absl::OkStatus();
  return base::MakeError(errors::v1::ERROR_REASON_NOT_ALLOWED,
                         "the association has left the course; ask the department");
}

absl::Status CheckConsultant(const Transaction& transaction,
                             const Course& course,
                             const ConsultantSession& session) {
  BB_ASSIGN_OR_RETURN(const auto department,
                      registry::GetDepartment(transaction, session.department_id()));
  if (department.municipality_code() == course.municipality_code()) return absl::OkStatus();
  return BrokenRule({nullptr, "consultant_session.department_id"},
                    "is of another municipality than the course");
}

}  // namespace

absl::StatusOr<Course> SetCourseSession(Transaction& transaction,
                                        const v1::SetCourseSessionRequest& wanted,
                                        const Actor& actor) {
  BB_RETURN_IF_ERROR(CheckEmployee(actor, "planning a session"));
  BB_ASSIGN_OR_RETURN(Course course, LoadCourse(transaction, wanted.course_id(), wanted.etag()));
  BB_RETURN_IF_ERROR(CheckMayWrite(course, CourseEntry::kSession));
  CourseSession session = wanted.session();
  BB_RETURN_IF_ERROR(NormalizeAndCheck(session));
  BB_RETURN_IF_ERROR(CheckWithin(course, session));
  session.clear_attendance();
  const CourseSession* const before = FindSession(course, session.id());
  if (before != nullptr) *session.mutable_attendance() = before->attendance();
  if (before == nullptr || before->event_id() != session.event_id()) {
    BB_RETURN_IF_ERROR(CheckEvent(transaction, session.event_id()));
  }
  BB_RETURN_IF_ERROR(PutPart(std::move(session), wanted.topic(), "sessions", SessionsOf, course));
  return StoredCourse(transaction, std::move(course), actor);
}

absl::StatusOr<Course> RecordCourseAttendance(Transaction& transaction,
                                              const v1::RecordCourseAttendanceRequest& wanted,
                                              const Actor& actor) {
  BB_RETURN_IF_ERROR(CheckEmployee(actor, "writing down who was there"));
  BB_ASSIGN_OR_RETURN(Course course, LoadCourse(transaction, wanted.course_id(), wanted.etag()));
  BB_RETURN_IF_ERROR(model::CheckEverywhere(wanted, {}));
  BB_RETURN_IF_ERROR(CheckMayWrite(course, CourseEntry::kAttendance));
  BB_ASSIGN_OR_RETURN(
      CourseSession* const session,
      HeldSession(course, wanted.session_id(), base::DanishDayOf(transaction.now())));
  if (wanted.attendance().empty()) return BrokenRule({nullptr, "attendance"}, "is required");
  for (const v1::Attendance& each : wanted.attendance()) {
    BB_RETURN_IF_ERROR(NoteAttendance(transaction, each, course, *session));
  }
  return StoredCourse(transaction, std::move(course), actor);
}

absl::StatusOr<Course> SetCourseDocument(Transaction& transaction,
                                         const v1::SetCourseDocumentRequest& wanted,
                                         const Actor& actor) {
  BB_RETURN_IF_ERROR(CheckEmployee(actor, "writing down a document"));
  BB_ASSIGN_OR_RETURN(Course course, LoadCourse(transaction, wanted.course_id(), wanted.etag()));
  v1::CourseDocument document = wanted.document();
  BB_RETURN_IF_ERROR(NormalizeAndCheck(document));
  const auto documents_of = [](CourseModule & module) -> auto& {
    return *module.mutable_documents();
  };
  BB_RETURN_IF_ERROR(
      PutPart(std::move(document), wanted.topic(), "documents", documents_of, course));
  return StoredCourse(transaction, std::move(course), actor);
}

absl::StatusOr<Course> SetCourseTrial(Transaction& transaction,
                                      const v1::SetCourseTrialRequest& wanted,
                                      const Actor& actor) {
  BB_ASSIGN_OR_RETURN(Course course, LoadCourse(transaction, wanted.course_id(), wanted.etag()));
  BB_RETURN_IF_ERROR(CheckMayWrite(course, CourseEntry::kTrial));
  CourseTrial trial = wanted.trial();
  BB_RETURN_IF_ERROR(NormalizeAndCheck(trial));
  BB_RETURN_IF_ERROR(CheckWhoTried(transaction, actor, course, trial));
  BB_RETURN_IF_ERROR(ModuleOn(course, trial.topic()).status());
  const std::string today = base::DanishDayOf(transaction.now());
  if (trial.date().empty()) trial.set_date(today);
  if (trial.date() > today) return BrokenRule({nullptr, "trial.date"}, "is a day to come");
  if (trial.id().empty()) {
    BB_RETURN_IF_ERROR(CheckRoom("trials", course.trials_size(), kMostTrials));
    trial.set_id(base::MakeUuid());
    *course.add_trials() = std::move(trial);
    return StoredCourse(transaction, std::move(course), actor);
  }
  CourseTrial* const there = FindPart(*course.mutable_trials(), trial.id());
  // Another association's is not told from one that is not there.
  BB_ASSIGN_OR_RETURN(const Led wrote,
                      LedTo(transaction, there == nullptr ? "" : there->association_id()));
  BB_ASSIGN_OR_RETURN(const Led writes, LedTo(transaction, trial.association_id()));
  if (there == nullptr || (actor.is_association() && wrote.id != writes.id)) {
    return BrokenRule({nullptr, "trial.id"}, "is of no trial that you may change");
  }
  *there = std::move(trial);
  return StoredCourse(transaction, std::move(course), actor);
}

absl::StatusOr<Course> SetConsultantSession(Transaction& transaction,
                                            const v1::SetConsultantSessionRequest& wanted,
                                            const Actor& actor) {
  BB_RETURN_IF_ERROR(CheckEmployee(actor, "a consultant's session with a department"));
  BB_ASSIGN_OR_RETURN(Course course, LoadCourse(transaction, wanted.course_id(), wanted.etag()));
  ConsultantSession session = wanted.consultant_session();
  BB_RETURN_IF_ERROR(NormalizeAndCheck(session));
  ConsultantSession* const there = FindPart(*course.mutable_consultant_sessions(), session.id());
  if (!session.id().empty() && there == nullptr) {
    return BrokenRule({nullptr, "consultant_session.id"}, "is of no session of this course");
  }
  // A department that is gone goes on to stand where it was.
  if (there == nullptr || there->department_id() != session.department_id()) {
    BB_RETURN_IF_ERROR(CheckConsultant(transaction, course, session));
  }
  if (there != nullptr) {
    *there = std::move(session);
    return StoredCourse(transaction, std::move(course), actor);
  }
  BB_RETURN_IF_ERROR(
      CheckRoom("consultant_sessions", course.consultant_sessions_size(), kMostConsultantSessions));
  session.set_id(base::MakeUuid());
  *course.add_consultant_sessions() = std::move(session);
  return StoredCourse(transaction, std::move(course), actor);
}

}  // namespace brobygger::collab
