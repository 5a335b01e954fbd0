#include "core/collab/courses.h"

#include <algorithm>
#include <set>
#include <utility>

#include <absl/strings/str_cat.h>
#include <google/protobuf/util/field_mask_util.h>

#include "core/base/day.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/collab/acting.h"
#include "core/collab/course_kept.h"
#include "core/collab/course_moves.h"
#include "core/collab/fixes.h"
#include "core/collab/kept_records.h"
#include "core/collab/rules.h"
#include "core/model/rules.h"
#include "core/registry/joining.h"
#include "core/registry/query.h"
#include "core/registry/update_mask.h"

namespace brobygger::collab {
namespace {

using google::protobuf::FieldMask;
using google::protobuf::RepeatedField;
using google::protobuf::util::FieldMaskUtil;
using model::BrokenRule;
using storage::Snapshot;
using storage::Transaction;
using v1::Course;
using v1::CourseModule;
using v1::CourseParticipant;

constexpr int kMostParticipants = 200;

// What a person may write.
const FieldMask& WritableCourse() {
  static const auto* const kMask = [] {
    auto* made = new FieldMask;
    for (const char* const path :
         {"title", "department_id", "programme_id", "start_date", "end_date"}) {
      made->add_paths(path);
    }
    return made;
  }();
  return *kMask;
}

// The department that keeps it together is there, and of the course's municipality; one that has
// none yet is of the department's.
absl::Status CheckDepartment(const Snapshot& snapshot, Course& course) {
  if (course.department_id().empty()) return absl::OkStatus();
  BB_ASSIGN_OR_RETURN(const auto department,
                      registry::GetDepartment(snapshot, course.department_id()));
  if (course.municipality_code().empty()) {
    course.set_municipality_code(department.municipality_code());
  }
  if (course.municipality_code() == department.municipality_code()) return absl::OkStatus();
  return BrokenRule({nullptr, "department_id"}, "is of another municipality than the course");
}

// No session that is to be held lies outside the course's days.
absl::Status CheckSessionDays(const Course& course) {
  for (const CourseModule& module : course.modules()) {
    for (const v1::CourseSession& session : module.sessions()) {
      if (session.called_off()) continue;
      const bool early = session.date() < course.start_date();
      const bool late = !course.end_date().empty() && session.date() > course.end_date();
      if (!early && !late) continue;
      return BrokenRule({nullptr, early ? "start_date" : "end_date"},
                        absl::StrCat("leaves out the session of ", session.date()));
    }
  }
  return absl::OkStatus();
}

absl::Status LetIn(const Transaction& transaction, const std::string& id, Course& course) {
  BB_ASSIGN_OR_RETURN(const auto association, registry::GetLive(transaction, id));
  BB_ASSIGN_OR_RETURN(CourseParticipant* const there,
                      FindTaker(transaction, *course.mutable_participants(), association.id()));
  if (there != nullptr) {
    there->clear_left_date();
    return absl::OkStatus();
  }
  BB_RETURN_IF_ERROR(CheckRoom("participants", course.participants_size(), kMostParticipants));
  CourseParticipant& added = *course.add_participants();
  added.set_association_id(association.id());
  added.set_title(association.official_name());
  added.set_joined_date(base::DanishDayOf(transaction.now()));
  return absl::OkStatus();
}

bool HoldsSomething(const CourseModule& module, const Course& course) {
  const auto& trials = course.trials();
  return !module.sessions().empty() || !module.documents().empty() ||
         std::any_of(trials.begin(), trials.end(),
                     [&](const v1::CourseTrial& trial) { return trial.topic() == module.topic(); });
}

std::string TopicWord(int topic) {
  constexpr std::size_t kPrefix = sizeof("RESOURCE_TOPIC_") - 1;
  return v1::ResourceTopic_Name(static_cast<v1::ResourceTopic>(topic)).substr(kPrefix);
}

// Gives the course these modules in this order; what was written down in one of them stays there.
absl::Status PutModules(const RepeatedField<int>& topics, Course& course) {
  std::vector<CourseModule> modules;
  std::set<int> seen;
  for (const int topic : topics) {
    const model::Place place{nullptr, "topics", static_cast<int>(modules.size())};
    if (topic == v1::RESOURCE_TOPIC_UNSPECIFIED) return BrokenRule(place, "names no topic");
    if (!seen.insert(topic).second) return BrokenRule(place, "is given twice");
    const auto& there = course.modules();
    const auto old = std::find_if(there.begin(), there.end(),
                                  [&](const CourseModule& each) { return each.topic() == topic; });
    modules.push_back(old == there.end() ? CourseModule() : *old);
    modules.back().set_topic(static_cast<v1::ResourceTopic>(topic));
  }
  for (const CourseModule& module : course.modules()) {
    if (seen.contains(module.topic()) || !HoldsSomething(module, course)) continue;
    return BrokenRule({nullptr, "topics"},
                      absl::StrCat("must go on to have ", TopicWord(module.topic()),
                                   ", in which something was written down"));
  }
  course.mutable_modules()->Assign(modules.begin(), modules.end());
  return absl::OkStatus();
}

RepeatedField<int> AllTopics() {
  RepeatedField<int> topics;
  for (int topic = 1; topic <= v1::ResourceTopic_MAX; ++topic) topics.Add(topic);
  return topics;
}

}  // namespace

absl::StatusOr<Course> CreateCourse(Transaction& transaction,
                                    const v1::CreateCourseRequest& wanted,
                                    const Actor& actor) {
  BB_RETURN_IF_ERROR(CheckEmployee(actor, "planning a course"));
  BB_RETURN_IF_ERROR(model::CheckEverywhere(wanted, {}));
  Course course;
  FieldMaskUtil::MergeMessageTo(wanted.course(), WritableCourse(), {}, &course);
  course.set_municipality_code(wanted.course().municipality_code());
  BB_RETURN_IF_ERROR(CheckDepartment(transaction, course));
  BB_RETURN_IF_ERROR(NormalizeAndCheck(course));
  course.set_id(base::MakeUuid());
  course.set_state(v1::COURSE_STATE_PLANNED);
  course.set_state_date(base::DanishDayOf(transaction.now()));
  BB_RETURN_IF_ERROR(PutModules(wanted.topics().empty() ? AllTopics() : wanted.topics(), course));
  for (const std::string& id : wanted.association_ids()) {
    BB_RETURN_IF_ERROR(LetIn(transaction, id, course));
  }
  return StoredCourse(transaction, std::move(course), actor);
}

absl::StatusOr<Course> UpdateCourse(Transaction& transaction,
                                    const v1::UpdateCourseRequest& wanted,
                                    const Actor& actor) {
  BB_RETURN_IF_ERROR(CheckEmployee(actor, "changing a course"));
  BB_RETURN_IF_ERROR(registry::CheckUpdateMask(wanted.update_mask(), WritableCourse()));
  BB_ASSIGN_OR_RETURN(Course course,
                      LoadCourse(transaction, wanted.course().id(), wanted.course().etag()));
  const std::string department = course.department_id();
  FieldMaskUtil::MergeOptions replace;
  replace.set_replace_message_fields(true);
  FieldMaskUtil::MergeMessageTo(wanted.course(), wanted.update_mask(), replace, &course);
  BB_RETURN_IF_ERROR(NormalizeAndCheck(course));
  // One that was closed since goes on to stand there.
  if (course.department_id() != department) {
    BB_RETURN_IF_ERROR(CheckDepartment(transaction, course));
  }
  BB_RETURN_IF_ERROR(CheckSessionDays(course));
  return StoredCourse(transaction, std::move(course), actor);
}

absl::StatusOr<Course> MoveCourse(Transaction& transaction,
                                  const v1::MoveCourseRequest& wanted,
                                  const Actor& actor) {
  BB_RETURN_IF_ERROR(CheckEmployee(actor, "taking a course further"));
  BB_ASSIGN_OR_RETURN(Course course, LoadCourse(transaction, wanted.course_id(), wanted.etag()));
  BB_RETURN_IF_ERROR(model::CheckEverywhere(wanted, {}));
  std::string reason = wanted.reason();
  BB_RETURN_IF_ERROR(NormalizeAndCheckReason(reason));
  const std::string today = base::DanishDayOf(transaction.now());
  BB_RETURN_IF_ERROR(
      CheckCourseMove({.course = course, .today = today, .reason = reason}, wanted.state()));
  course.set_state(wanted.state());
  course.set_state_date(today);
  course.set_state_reason(reason);
  return StoredCourse(transaction, std::move(course), actor);
}

absl::StatusOr<Course> AddCourseParticipant(Transaction& transaction,
                                            const v1::AddCourseParticipantRequest& wanted,
                                            const Actor& actor) {
  BB_RETURN_IF_ERROR(CheckEmployee(actor, "letting an association take part"));
  BB_ASSIGN_OR_RETURN(Course course, LoadCourse(transaction, wanted.course_id()));
  BB_RETURN_IF_ERROR(CheckMayWrite(course, CourseEntry::kParticipants));
  BB_RETURN_IF_ERROR(LetIn(transaction, wanted.association_id(), course));
  return StoredCourse(transaction, std::move(course), actor);
}

absl::StatusOr<Course> RemoveCourseParticipant(Transaction& transaction,
                                               const v1::RemoveCourseParticipantRequest& wanted,
                                               const Actor& actor) {
  BB_RETURN_IF_ERROR(CheckEmployee(actor, "letting an association go"));
  BB_ASSIGN_OR_RETURN(Course course, LoadCourse(transaction, wanted.course_id()));
  BB_RETURN_IF_ERROR(CheckMayWrite(course, CourseEntry::kParticipants));
  BB_ASSIGN_OR_RETURN(
      CourseParticipant* const there,
      FindTaker(transaction, *course.mutable_participants(), wanted.association_id()));
  if (there == nullptr) {
    return BrokenRule({nullptr, "association_id"}, "is of no association in this course");
  }
  if (there->left_date().empty()) there->set_left_date(base::DanishDayOf(transaction.now()));
  return StoredCourse(transaction, std::move(course), actor);
}

absl::StatusOr<Course> SetCourseModules(Transaction& transaction,
                                        const v1::SetCourseModulesRequest& wanted,
                                        const Actor& actor) {
  BB_RETURN_IF_ERROR(CheckEmployee(actor, "choosing the modules"));
  BB_ASSIGN_OR_RETURN(Course course, LoadCourse(transaction, wanted.course_id(), wanted.etag()));
  BB_RETURN_IF_ERROR(model::CheckEverywhere(wanted, {}));
  BB_RETURN_IF_ERROR(CheckMayWrite(course, CourseEntry::kModules));
  if (wanted.topics().empty()) return BrokenRule({nullptr, "topics"}, "are required");
  BB_RETURN_IF_ERROR(PutModules(wanted.topics(), course));
  return StoredCourse(transaction, std::move(course), actor);
}

absl::StatusOr<v1::GetCourseResponse> GetCourse(const Snapshot& snapshot,
                                                const std::string& typed,
                                                base::Instant now,
                                                const Actor& actor) {
  BB_ASSIGN_OR_RETURN(Course course, LoadCourse(snapshot, typed));
  v1::GetCourseResponse answer;
  BB_ASSIGN_OR_RETURN(*answer.mutable_course(), ShownCourse(snapshot, std::move(course), actor));
  if (actor.is_association()) return answer;
  // A reason is asked for when it is moved.
  const CourseSituation situation{
      .course = answer.course(), .today = base::DanishDayOf(now), .reason = "?"};
  for (const CourseMove& move : CourseMoves()) {
    if (move.from != answer.course().state()) continue;
    v1::PossibleCourseMove& told = *answer.add_moves();
    told.set_state(move.to);
    for (std::string& code : MissingForCourse(situation, move.to)) {
      told.add_missing(std::move(code));
    }
  }
  for (v1::CourseCall& call : CallsOf(answer.course())) *answer.add_calls() = std::move(call);
  return answer;
}

absl::StatusOr<v1::ListCoursesResponse> ListCourses(const Snapshot& snapshot,
                                                    const v1::ListCoursesRequest& request,
                                                    const Actor& actor) {
  BB_RETURN_IF_ERROR(model::CheckEverywhere(request, {}));
  BB_ASSIGN_OR_RETURN(auto all, LoadRecords<Course>(snapshot, storage::Kind::kCourse,
                                                    storage::Index::kCourseByAssociation,
                                                    request.association_id()));
  std::erase_if(all, [&](const Course& each) {
    const bool other_state =
        request.state() != v1::COURSE_STATE_UNSPECIFIED && each.state() != request.state();
    const bool elsewhere = !request.municipality_code().empty() &&
                           each.municipality_code() != request.municipality_code();
    return other_state || elsewhere;
  });
  const std::string arguments =
      registry::PageArguments({"courses", std::to_string(request.state()),
                               request.municipality_code(), request.association_id()});
  BB_ASSIGN_OR_RETURN(auto page, PageOf(snapshot, std::move(all), request, arguments));
  v1::ListCoursesResponse response;
  for (Course& each : page.first) {
    BB_ASSIGN_OR_RETURN(*response.add_courses(), ShownCourse(snapshot, std::move(each), actor));
  }
  response.set_next_page_token(page.second);
  return response;
}

}  // namespace brobygger::collab
