#include "core/cli/course_words.h"

#include <algorithm>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/cli/collab_words.h"
#include "core/cli/department.h"
#include "core/cli/enum_words.h"
#include "core/cli/titled.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using collab::v1::Course;
using collab::v1::CourseModule;
using collab::v1::CourseParticipant;
using collab::v1::CourseSession;
using collab::v1::CourseTrial;
using collab::v1::ResourceTopic;

std::string Short(const std::string& id) { return id.substr(0, kShownIdLength); }

std::string StateText(int state, const std::string& language) {
  return EnumText(*collab::v1::CourseState_descriptor(), state, language);
}

// Writes a course as lines of a field and a value; empty ones are left out.
class CourseLines {
 public:
  CourseLines(const Course& course, const std::string& language)
      : course_(course), language_(language) {
    rows_.columns = {{"field", "FIELD"}, {"value", "VALUE"}};
  }

  void Add(const char* field, const std::string& value) {
    if (!value.empty()) rows_.cells.push_back({{field}, {value}});
  }

  void AddFacts(const std::string& programme) {
    Add("title", course_.title());
    Add("state", StateText(course_.state(), language_));
    Add("since", Day(course_.state_date()));
    Add("reason", course_.state_reason());
    Add("municipality", ShowField("municipality_code", course_.municipality_code(), language_));
    Add("department", course_.department_title());
    Add("programme", programme);
    Add("start", Day(course_.start_date()));
    Add("end", Day(course_.end_date()));
    for (const CourseParticipant& each : course_.participants()) {
      const std::string left = each.left_date().empty() ? "" : " - " + Day(each.left_date());
      Add("participant", TakerTitle(each.title(), language_) + left);
    }
  }

  void AddModules() {
    int number = 0;
    for (const CourseModule& module : course_.modules()) {
      Add("module", absl::StrCat(++number, " ", TopicText(module.topic(), language_)));
      for (const CourseSession& session : module.sessions()) Add("session", Text(session));
      for (const auto& document : module.documents()) {
        Add("document", absl::StrCat(document.title(), " ", document.url(), Id(document.id())));
      }
      for (const CourseTrial& trial : course_.trials()) {
        if (trial.topic() == module.topic()) Add("trial", Text(trial));
      }
    }
  }

  void AddConsultants() {
    for (const auto& session : course_.consultant_sessions()) {
      const std::string topic = TopicText(session.topic(), language_);
      Add("consultant",
          absl::StrCat(Day(session.date()), " ", session.department_title(),
                       topic.empty() ? "" : " (" + topic + ")",
                       session.text().empty() ? "" : ": " + session.text(), Id(session.id())));
    }
  }

  std::string Day(const std::string& date) const {
    return ShowField("start_date", date, language_);
  }

  Rows Take() { return std::move(rows_); }

 private:
  static std::string Id(const std::string& id) { return absl::StrCat(" [", Short(id), "]"); }

  std::string NameOf(const std::string& association_id) const {
    for (const CourseParticipant& each : course_.participants()) {
      if (each.association_id() == association_id) return TakerTitle(each.title(), language_);
    }
    return TakerTitle("", language_);
  }

  std::string Text(const CourseSession& session) const {
    std::string text =
        ShowMeetingTime(session.date(), session.from_clock(), session.to_clock(), language_);
    if (!session.place().empty()) absl::StrAppend(&text, ", ", session.place());
    if (session.called_off()) {
      absl::StrAppend(&text, " (", CollabText("called_off", language_), ")");
    }
    std::vector<std::string> there;
    for (const auto& each : session.attendance()) {
      there.push_back(absl::StrCat(
          NameOf(each.association_id()), " ",
          EnumText(*collab::v1::AttendanceState_descriptor(), each.state(), language_)));
    }
    if (!there.empty()) absl::StrAppend(&text, ": ", absl::StrJoin(there, "; "));
    return text + Id(session.id());
  }

  std::string Text(const CourseTrial& trial) const {
    std::string text = absl::StrCat(Day(trial.date()), " ", TakerTitle(trial.title(), language_),
                                    ": ", trial.text());
    if (!trial.outcome().empty()) absl::StrAppend(&text, " → ", trial.outcome());
    if (trial.shared()) absl::StrAppend(&text, " (", CollabText("shared", language_), ")");
    return text + Id(trial.id());
  }

  const Course& course_;
  const std::string& language_;
  Rows rows_;
};

// The day of the next session to come that is not called off; as days sort as text.
std::string NextSession(const Course& course, const std::string& today) {
  std::string next;
  for (const CourseModule& module : course.modules()) {
    for (const CourseSession& session : module.sessions()) {
      if (session.called_off() || session.date() < today) continue;
      if (next.empty() || session.date() < next) next = session.date();
    }
  }
  return next;
}

}  // namespace

std::vector<std::string> CourseStateWords() {
  return EnumWords(*collab::v1::CourseState_descriptor(), "COURSE_STATE_");
}

std::vector<std::string> TopicWords() {
  return EnumWords(*collab::v1::ResourceTopic_descriptor(), "RESOURCE_TOPIC_");
}

absl::StatusOr<ResourceTopic> ToTopic(const std::string& word) {
  const int topic = EnumNumber(TopicWords(), word);
  if (topic != 0) return static_cast<ResourceTopic>(topic);
  return absl::InvalidArgumentError(
      fmt::format("'{}' is no topic. There is: {}.", word, absl::StrJoin(TopicWords(), ", ")));
}

std::string TopicText(int topic, const std::string& language) {
  return EnumText(*collab::v1::ResourceTopic_descriptor(), topic, language);
}

std::string TakerTitle(const std::string& title, const std::string& language) {
  return title.empty() ? CollabText("elsewhere", language) : title;
}

std::string ShowMeetingTime(const std::string& date,
                            const std::string& from_clock,
                            const std::string& to_clock,
                            const std::string& language) {
  std::string text = ShowField("start_date", date, language);
  if (!from_clock.empty()) absl::StrAppend(&text, " ", from_clock);
  if (!to_clock.empty()) absl::StrAppend(&text, "-", to_clock);
  return text;
}

std::vector<Column> CourseColumns() {
  return {{"id", "ID"},
          {"title", "TITLE"},
          {"state", "STATE"},
          {"since", "SINCE"},
          {"participants", "PARTICIPANTS"},
          {"next", "NEXT SESSION"}};
}

std::vector<Cell> CourseCells(const Session& session, const Course& course) {
  const std::string& language = session.language();
  std::vector<std::string> names;
  for (const CourseParticipant& each : course.participants()) {
    if (each.left_date().empty()) names.push_back(TakerTitle(each.title(), language));
  }
  return {{session.format() == Format::kTable ? Short(course.id()) : course.id()},
          {course.title()},
          {StateText(course.state(), language)},
          {ShowField("start_date", course.state_date(), language)},
          {absl::StrJoin(names, ", ")},
          {ShowField("start_date", NextSession(course, Today()), language)}};
}

Rows CourseRows(const collab::v1::GetCourseResponse& answer,
                const std::string& programme,
                const std::string& language) {
  CourseLines lines(answer.course(), language);
  lines.AddFacts(programme);
  lines.AddModules();
  lines.AddConsultants();
  for (const auto& call : answer.calls()) {
    lines.Add("call", absl::StrCat(TakerTitle(call.title(), language), " (", lines.Day(call.date()),
                                   ", ", TopicText(call.topic(), language), ")"));
  }
  for (const auto& move : answer.moves()) {
    const std::string state = StateText(move.state(), language);
    std::vector<std::string> missing;
    for (const std::string& code : move.missing()) {
      missing.push_back(CollabText("course_lacks_" + code, language));
    }
    lines.Add("next",
              missing.empty() ? state : absl::StrCat(state, " – ", absl::StrJoin(missing, ", ")));
  }
  lines.Add("id", answer.course().id());
  return lines.Take();
}

void ReportCourse(Session& session, const Course& course, const std::string& done) {
  session.Say(fmt::format("{} {}: {}.", done, Short(course.id()), course.title()));
  WriteRecord(session, course, [&] {
    return Rows{.columns = CourseColumns(), .cells = {CourseCells(session, course)}};
  });
}

absl::StatusOr<Course> FindCourse(Session& session, const std::string& typed) {
  collab::v1::GetCourseRequest request;
  request.set_course_id(typed);
  auto found = session.Call<collab::v1::GetCourseResponse>(request);
  if (found.ok()) return std::move(*found->mutable_course());
  if (base::ReasonOf(found.status()) != errors::v1::ERROR_REASON_COURSE_NOT_FOUND) {
    return found.status();
  }
  return FindByTitle<collab::v1::ListCoursesResponse>(
      session, collab::v1::ListCoursesRequest(), typed,
      [](auto& page) { return page.mutable_courses(); },
      {errors::v1::ERROR_REASON_COURSE_NOT_FOUND, "course", "courses"});
}

absl::Status ExplainedCourse(Session& session, const std::string& id, const absl::Status& status) {
  if (base::ReasonOf(status) != errors::v1::ERROR_REASON_COURSE_STATE_INVALID) return status;
  const std::string missing = base::ErrorMetadata(status, "missing");
  for (const absl::string_view code : absl::StrSplit(missing, ';', absl::SkipEmpty())) {
    const std::string text =
        CollabText(absl::StrCat("course_missing_", code), session.language(), {{"id", Short(id)}});
    if (!text.empty()) session.Warn("- " + text);
  }
  return status;
}

}  // namespace brobygger::cli
