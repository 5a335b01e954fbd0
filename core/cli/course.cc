// course create, list, show, update, move, add, remove and module.
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "brobygger/report/v1/programme_service.pb.h"

#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/association.h"
#include "core/cli/commands.h"
#include "core/cli/course_words.h"
#include "core/cli/department.h"
#include "core/cli/enum_words.h"
#include "core/cli/meeting_event.h"
#include "core/cli/paging.h"

namespace brobygger::cli {
namespace {

using collab::v1::Course;
using collab::v1::ListCoursesResponse;

struct CourseOptions {
  std::string course;
  std::string title;
  std::string municipality;
  std::string department;
  std::string programme;
  std::string start;
  std::string end;
  std::vector<std::string> associations;
  std::vector<std::string> topics;
  std::string association;
  std::string state;
  std::string reason;
  PageOptions page;
};

// The programme with this id or short name; none where there is none that the caller may see.
absl::StatusOr<std::optional<report::v1::Programme>> FindProgramme(Session& session,
                                                                   const std::string& typed) {
  BB_ASSIGN_OR_RETURN(const auto listed, session.Call<report::v1::ListProgrammesResponse>(
                                             report::v1::ListProgrammesRequest()));
  for (const report::v1::Programme& each : listed.programmes()) {
    if (each.id() == typed || each.short_name() == typed) return std::optional(each);
  }
  return std::nullopt;
}

absl::StatusOr<std::string> ProgrammeId(Session& session, const std::string& typed) {
  BB_ASSIGN_OR_RETURN(const auto found, FindProgramme(session, typed));
  if (found) return found->id();
  return absl::NotFoundError(fmt::format(
      "there is no programme '{}' that you may see; see brobygger programme list", typed));
}

// Says in `course` what is given on the command line, "-" being nothing; the paths of what that is.
absl::StatusOr<std::vector<std::string>> SetGiven(Session& session,
                                                  const CourseOptions& options,
                                                  Course& course) {
  std::vector<std::string> paths;
  const auto text = [&](const std::string& typed, const char* path, std::string& into) {
    if (typed.empty()) return;
    into = typed == "-" ? "" : typed;
    paths.emplace_back(path);
  };
  text(options.title, "title", *course.mutable_title());
  text(options.programme, "programme_id", *course.mutable_programme_id());
  text(IsoDay(options.start), "start_date", *course.mutable_start_date());
  text(IsoDay(options.end), "end_date", *course.mutable_end_date());
  text(options.department, "department_id", *course.mutable_department_id());
  if (!course.department_id().empty()) {
    BB_ASSIGN_OR_RETURN(*course.mutable_department_id(), DepartmentId(session, options.department));
  }
  if (!course.programme_id().empty()) {
    BB_ASSIGN_OR_RETURN(*course.mutable_programme_id(), ProgrammeId(session, options.programme));
  }
  return paths;
}

Outcome Create(Session& session, const CourseOptions& options) {
  collab::v1::CreateCourseRequest request;
  BB_RETURN_IF_ERROR(SetGiven(session, options, *request.mutable_course()).status());
  request.mutable_course()->set_municipality_code(options.municipality);
  for (const std::string& typed : options.associations) {
    BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, typed));
    request.add_association_ids(association.id());
  }
  for (const std::string& word : options.topics) {
    BB_ASSIGN_OR_RETURN(const auto topic, ToTopic(word));
    request.add_topics(topic);
  }
  request.set_request_id(base::MakeUuid());
  return SendCourse<collab::v1::CreateCourseResponse>(session, request, "", "Created");
}

Outcome List(Session& session, const CourseOptions& options) {
  collab::v1::ListCoursesRequest request;
  request.set_state(
      static_cast<collab::v1::CourseState>(EnumNumber(CourseStateWords(), options.state)));
  request.set_municipality_code(options.municipality);
  if (!options.association.empty()) {
    BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association));
    request.set_association_id(association.id());
  }
  BB_ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Make(session, "courses", CourseColumns()));
  const auto add = [&](const ListCoursesResponse& page) {
    for (const Course& each : page.courses()) writer.Add(each, CourseCells(session, each));
    return page.courses_size();
  };
  BB_ASSIGN_OR_RETURN(auto pages,
                      (ReadPages<ListCoursesResponse>(session, request, options.page, add)));
  pages.last.clear_courses();
  writer.Finish(&pages.last);
  SayHowMany(session, pages.count, "course", pages.last.next_page_token());
  return 0;
}

Outcome Show(Session& session, const CourseOptions& options) {
  BB_ASSIGN_OR_RETURN(const Course course, FindCourse(session, options.course));
  collab::v1::GetCourseRequest request;
  request.set_course_id(course.id());
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<collab::v1::GetCourseResponse>(request));
  std::string programme = course.programme_id();
  // JSON has the id, which is all that there is.
  if (!programme.empty() && session.format() != Format::kJson) {
    BB_ASSIGN_OR_RETURN(const auto found, FindProgramme(session, programme));
    if (found) programme = found->title();
  }
  WriteRecord(session, answer, [&] { return CourseRows(answer, programme, session.language()); });
  return 0;
}

Outcome Update(Session& session, const CourseOptions& options) {
  BB_ASSIGN_OR_RETURN(const Course course, FindCourse(session, options.course));
  collab::v1::UpdateCourseRequest request;
  BB_ASSIGN_OR_RETURN(const auto paths, SetGiven(session, options, *request.mutable_course()));
  if (paths.empty()) {
    return absl::InvalidArgumentError("Nothing to change: give --title, --start or the like.");
  }
  request.mutable_course()->set_id(course.id());
  for (const std::string& path : paths) request.mutable_update_mask()->add_paths(path);
  request.set_request_id(base::MakeUuid());
  return SendCourse<collab::v1::UpdateCourseResponse>(session, request, course.id(), "Changed");
}

Outcome Move(Session& session, const CourseOptions& options) {
  BB_ASSIGN_OR_RETURN(const Course course, FindCourse(session, options.course));
  const int state = EnumNumber(CourseStateWords(), options.state);
  collab::v1::MoveCourseRequest request;
  request.set_course_id(course.id());
  request.set_state(static_cast<collab::v1::CourseState>(state));
  request.set_reason(options.reason);
  request.set_request_id(base::MakeUuid());
  return SendCourse<collab::v1::MoveCourseResponse>(session, request, course.id(), "Moved");
}

template <typename Request, typename Response>
Outcome ChangeParticipant(Session& session, const CourseOptions& options) {
  BB_ASSIGN_OR_RETURN(const Course course, FindCourse(session, options.course));
  BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association));
  Request request;
  request.set_course_id(course.id());
  request.set_association_id(association.id());
  request.set_request_id(base::MakeUuid());
  return SendCourse<Response>(session, request, course.id(), "Changed");
}

Outcome ListModules(Session& session, const Course& course) {
  BB_ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Make(session, "modules",
                                                          {{"number", "NUMBER"},
                                                           {"topic", "TOPIC"},
                                                           {"typed", "TYPED"},
                                                           {"sessions", "SESSIONS"},
                                                           {"documents", "DOCUMENTS"}}));
  int number = 0;
  const auto words = TopicWords();
  for (const auto& module : course.modules()) {
    const auto at = static_cast<std::size_t>(module.topic()) - 1;
    writer.Add(module, {{std::to_string(++number)},
                        {TopicText(module.topic(), session.language())},
                        {at < words.size() ? words[at] : ""},
                        {std::to_string(module.sessions_size())},
                        {std::to_string(module.documents_size())}});
  }
  writer.Finish();
  return 0;
}

Outcome Modules(Session& session, const CourseOptions& options) {
  BB_ASSIGN_OR_RETURN(const Course course, FindCourse(session, options.course));
  if (options.topics.empty()) return ListModules(session, course);
  collab::v1::SetCourseModulesRequest request;
  request.set_course_id(course.id());
  request.set_etag(course.etag());
  for (const std::string& word : options.topics) {
    BB_ASSIGN_OR_RETURN(const auto topic, ToTopic(word));
    request.add_topics(topic);
  }
  request.set_request_id(base::MakeUuid());
  return SendCourse<collab::v1::SetCourseModulesResponse>(session, request, course.id(), "Changed");
}

void AddFacts(Command& command, CourseOptions& options) {
  command
      .Option("--department", options.department,
              {.summary = "The department that keeps it together"})
      .Option("--programme", options.programme,
              {.summary = "The programme it is part of, as in kem"})
      .Option("--start", options.start, {.summary = "The first day, as in 2027-01-12"})
      .Option("--end", options.end, {.summary = "The last day"});
}

const ValueHint& WhichCourse() {
  static const ValueHint kWhich = {.summary = "Id (or its start), or whole title"};
  return kWhich;
}

using SharedCourseOptions = std::shared_ptr<CourseOptions>;

void AddParticipants(const Command& course, const SharedCourseOptions& options) {
  const ValueHint association = {.summary = "Name, CVR number or id",
                                 .completes = Completes::kAssociation};
  course.Add("add", "Let an association take part")
      .Argument("COURSE", options->course, WhichCourse())
      .Argument("ASSOCIATION", options->association, association)
      .Does([options](Session& session) {
        return ChangeParticipant<collab::v1::AddCourseParticipantRequest,
                                 collab::v1::AddCourseParticipantResponse>(session, *options);
      });
  course.Add("remove", "An association leaves; what it did stays")
      .Argument("COURSE", options->course, WhichCourse())
      .Argument("ASSOCIATION", options->association, association)
      .Does([options](Session& session) {
        return ChangeParticipant<collab::v1::RemoveCourseParticipantRequest,
                                 collab::v1::RemoveCourseParticipantResponse>(session, *options);
      });
}

void AddSteps(const Command& course, const SharedCourseOptions& options) {
  course.Add("move", "Take one further; says what is missing")
      .Argument("COURSE", options->course, WhichCourse())
      .Argument(
          "STATE", options->state,
          {.summary = "As in running", .completes = Completes::kWord, .words = CourseStateWords()})
      .Option("--reason", options->reason, {.summary = "Why it is stopped; no blame"})
      .Does([options](Session& session) { return Move(session, *options); });
  course.Add("module", "Show its modules, or put them in another order")
      .Argument("COURSE", options->course, WhichCourse())
      .Words("TOPIC", options->topics,
             {.summary = "All of them in their order, as in vision strategy",
              .completes = Completes::kWord,
              .words = TopicWords()})
      .Does([options](Session& session) { return Modules(session, *options); });
}

}  // namespace

void AddCourse(const Command& root) {
  Command course =
      root.Add("course", "Courses in which associations try things out between sessions");
  const auto options = std::make_shared<CourseOptions>();
  Command create = course.Add("create", "Plan one; without --module it has all eight topics");
  create.Argument("TITLE", options->title, {.summary = "As in \"Stronger together 2027\""})
      .Option("--municipality", options->municipality,
              {.summary = "That holds it, by code; else the department's"})
      .Options("--association", options->associations,
               {.summary = "Association that takes part", .completes = Completes::kAssociation})
      .Options("--module", options->topics,
               {.summary = "Its modules in their order",
                .completes = Completes::kWord,
                .words = TopicWords()});
  AddFacts(create, *options);
  create.Does([options](Session& session) { return Create(session, *options); });
  Command list = course.Add("list", "Show them, the newest first");
  list.Option(
          "--state", options->state,
          {.summary = "In this state", .completes = Completes::kWord, .words = CourseStateWords()})
      .Option("--municipality", options->municipality, {.summary = "Of this one, by code"})
      .Option("--association", options->association,
              {.summary = "In which it takes part", .completes = Completes::kAssociation});
  AddPageOptions(list, options->page);
  list.Does([options](Session& session) { return List(session, *options); });
  course.Add("show", "Show one with its modules, whom to call, and where it may go from here")
      .Argument("COURSE", options->course, WhichCourse())
      .Does([options](Session& session) { return Show(session, *options); });
  Command update = course.Add("update", "Change what is written of one; a \"-\" empties");
  update.Argument("COURSE", options->course, WhichCourse())
      .Option("--title", options->title, {.summary = "Its title"});
  AddFacts(update, *options);
  update.Does([options](Session& session) { return Update(session, *options); });
  AddParticipants(course, options);
  AddSteps(course, options);
  AddCourseParts(course);
}

}  // namespace brobygger::cli
