// course session, attend, document, trial and consult.
#include <memory>

#include <fmt/format.h>

#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/association.h"
#include "core/cli/collab_words.h"
#include "core/cli/commands.h"
#include "core/cli/course_words.h"
#include "core/cli/department.h"
#include "core/cli/meeting_event.h"

namespace brobygger::cli {
namespace {

using collab::v1::ConsultantSession;
using collab::v1::Course;
using collab::v1::CourseDocument;
using collab::v1::CourseSession;
using collab::v1::CourseTrial;

constexpr char kShow[] = "brobygger course show";

struct CoursePartOptions {
  std::string course;
  std::string topic;
  std::string part;  // which session, document or trial
  MeetingOptions meeting;
  std::vector<std::string> attended;
  std::vector<std::string> absent;
  std::vector<std::string> called;
  std::string title;
  std::string url;
  std::string text;
  std::string outcome;
  std::string date;
  std::string association;
  std::string department;
  std::string shared;
};

std::vector<CourseSession> SessionsOf(const Course& course) {
  std::vector<CourseSession> all;
  for (const auto& module : course.modules()) {
    all.insert(all.end(), module.sessions().begin(), module.sessions().end());
  }
  return all;
}

template <typename Part>
absl::StatusOr<Part> PickPart(const std::vector<Part>& all,
                              const std::string& typed,
                              const std::string& noun) {
  constexpr std::size_t kLeastOfId = 4;
  std::vector<const Part*> found;
  for (const Part& each : all) {
    if (typed.size() >= kLeastOfId && each.id().starts_with(typed)) found.push_back(&each);
  }
  if (found.size() == 1) return *found.front();
  return absl::InvalidArgumentError(fmt::format(
      "There is no {} '{}'; write the start of its id, as {} shows it.", noun, typed, kShow));
}

// The session with this id; that it is there we wrote ourselves.
CourseSession SessionWith(const Course& course, const std::string& id) {
  for (CourseSession& each : SessionsOf(course)) {
    if (each.id() == id) return std::move(each);
  }
  return {};
}

// The session that `course` has and `before` had not.
std::string NewSession(const Course& course, const Course& before) {
  for (const CourseSession& each : SessionsOf(course)) {
    if (SessionWith(before, each.id()).id().empty()) return each.id();
  }
  return "";
}

int TopicOf(const Course& course, const std::string& session_id) {
  for (const auto& module : course.modules()) {
    for (const CourseSession& each : module.sessions()) {
      if (each.id() == session_id) return module.topic();
    }
  }
  return 0;
}

// Writes the session down, and the event that stands for it.
Outcome SendSession(Session& session,
                    const CoursePartOptions& options,
                    const Course& course,
                    const CourseSession& before,
                    collab::v1::SetCourseSessionRequest request) {
  BB_ASSIGN_OR_RETURN(const std::string host,
                      MeetingHost(session, options.meeting, course.department_id()));
  request.set_course_id(course.id());
  request.set_etag(course.etag());
  request.set_request_id(base::MakeUuid());
  auto answer = session.Call<collab::v1::SetCourseSessionResponse>(request);
  if (!answer.ok()) return ExplainedCourse(session, course.id(), answer.status());
  const std::string id = before.id().empty() ? NewSession(answer->course(), course) : before.id();
  CourseSession now = SessionWith(answer->course(), id);
  // Whatever language the command speaks: calendars are read by everybody there.
  const std::string topic = TopicText(TopicOf(answer->course(), id), "da");
  const auto event = FollowEvent(session, options.meeting, before, now,
                                 {.kind = event::v1::EVENT_KIND_WORKSHOP,
                                  .title = course.title() + ": " + topic,
                                  .host_department_id = host});
  if (!event.ok()) session.Warn(CollabText("event_not_kept", session.language()));
  BB_RETURN_IF_ERROR(event.status());
  if (!event->empty()) {
    now.set_event_id(*event);
    request.clear_topic();
    *request.mutable_session() = now;
    request.set_etag(answer->course().etag());
    request.set_request_id(base::MakeUuid());
    answer = session.Call<collab::v1::SetCourseSessionResponse>(request);
    BB_RETURN_IF_ERROR(answer.status());
  }
  ReportCourse(session, answer->course(), "Changed");
  return 0;
}

Outcome AddSession(Session& session, const CoursePartOptions& options) {
  BB_ASSIGN_OR_RETURN(const Course course, FindCourse(session, options.course));
  collab::v1::SetCourseSessionRequest request;
  BB_ASSIGN_OR_RETURN(const auto topic, ToTopic(options.topic));
  request.set_topic(topic);
  SetMeeting(options.meeting, *request.mutable_session());
  BB_ASSIGN_OR_RETURN(*request.mutable_session()->mutable_event_id(),
                      LinkedEvent(session, options.meeting));
  return SendSession(session, options, course, {}, std::move(request));
}

Outcome SetSession(Session& session, const CoursePartOptions& options) {
  BB_ASSIGN_OR_RETURN(const Course course, FindCourse(session, options.course));
  BB_ASSIGN_OR_RETURN(const CourseSession before,
                      PickMeeting(SessionsOf(course), options.part, "session", kShow));
  collab::v1::SetCourseSessionRequest request;
  if (!options.topic.empty()) {
    BB_ASSIGN_OR_RETURN(const auto topic, ToTopic(options.topic));
    request.set_topic(topic);
  }
  *request.mutable_session() = before;
  SetMeeting(options.meeting, *request.mutable_session());
  BB_ASSIGN_OR_RETURN(const std::string event, LinkedEvent(session, options.meeting));
  if (!event.empty()) request.mutable_session()->set_event_id(event);
  return SendSession(session, options, course, before, std::move(request));
}

// Adds who is typed; their names.
absl::StatusOr<std::vector<std::string>> AddAttendance(
    Session& session,
    const std::vector<std::string>& typed,
    collab::v1::AttendanceState state,
    collab::v1::RecordCourseAttendanceRequest& request) {
  std::vector<std::string> names;
  for (const std::string& each : typed) {
    BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, each));
    auto& noted = *request.add_attendance();
    noted.set_association_id(association.id());
    noted.set_state(state);
    names.push_back(association.official_name());
  }
  return names;
}

Outcome Attend(Session& session, const CoursePartOptions& options) {
  BB_ASSIGN_OR_RETURN(const Course course, FindCourse(session, options.course));
  BB_ASSIGN_OR_RETURN(const CourseSession held,
                      PickMeeting(SessionsOf(course), options.part, "session", kShow));
  collab::v1::RecordCourseAttendanceRequest request;
  request.set_course_id(course.id());
  request.set_session_id(held.id());
  BB_RETURN_IF_ERROR(
      AddAttendance(session, options.attended, collab::v1::ATTENDANCE_STATE_ATTENDED, request)
          .status());
  BB_ASSIGN_OR_RETURN(
      const auto absent,
      AddAttendance(session, options.absent, collab::v1::ATTENDANCE_STATE_ABSENT, request));
  BB_RETURN_IF_ERROR(
      AddAttendance(session, options.called, collab::v1::ATTENDANCE_STATE_CALLED, request)
          .status());
  if (request.attendance().empty()) {
    return absl::InvalidArgumentError("Say who: --attended, --absent or --called NAME.");
  }
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const int done, SendCourse<collab::v1::RecordCourseAttendanceResponse>(
                                          session, request, course.id(), "Changed"));
  for (const std::string& who : absent) {
    session.Say(CollabText("call_them", session.language(), {{"who", who}}));
  }
  return done;
}

Outcome PutDocument(Session& session, const CoursePartOptions& options) {
  BB_ASSIGN_OR_RETURN(const Course course, FindCourse(session, options.course));
  collab::v1::SetCourseDocumentRequest request;
  request.set_course_id(course.id());
  if (!options.topic.empty()) {
    BB_ASSIGN_OR_RETURN(const auto topic, ToTopic(options.topic));
    request.set_topic(topic);
  }
  if (!options.part.empty()) {
    std::vector<CourseDocument> all;
    for (const auto& module : course.modules()) {
      all.insert(all.end(), module.documents().begin(), module.documents().end());
    }
    BB_ASSIGN_OR_RETURN(*request.mutable_document(), PickPart(all, options.part, "document"));
    request.set_etag(course.etag());
  }
  if (!options.title.empty()) request.mutable_document()->set_title(options.title);
  if (!options.url.empty()) request.mutable_document()->set_url(options.url);
  request.set_request_id(base::MakeUuid());
  return SendCourse<collab::v1::SetCourseDocumentResponse>(session, request, course.id(),
                                                           "Changed");
}

Outcome PutTrial(Session& session, const CoursePartOptions& options) {
  BB_ASSIGN_OR_RETURN(const Course course, FindCourse(session, options.course));
  collab::v1::SetCourseTrialRequest request;
  request.set_course_id(course.id());
  CourseTrial& trial = *request.mutable_trial();
  if (!options.part.empty()) {
    BB_ASSIGN_OR_RETURN(
        trial, PickPart(std::vector<CourseTrial>(course.trials().begin(), course.trials().end()),
                        options.part, "trial"));
    request.set_etag(course.etag());
  }
  if (!options.topic.empty()) {
    BB_ASSIGN_OR_RETURN(const auto topic, ToTopic(options.topic));
    trial.set_topic(topic);
  }
  if (!options.association.empty()) {
    BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association));
    trial.set_association_id(association.id());
  }
  if (!options.text.empty()) trial.set_text(options.text);
  if (!options.outcome.empty()) trial.set_outcome(options.outcome);
  if (!options.date.empty()) trial.set_date(IsoDay(options.date));
  if (!options.shared.empty()) trial.set_shared(options.shared == "yes");
  request.set_request_id(base::MakeUuid());
  return SendCourse<collab::v1::SetCourseTrialResponse>(session, request, course.id(), "Changed");
}

Outcome PutConsultant(Session& session, const CoursePartOptions& options) {
  BB_ASSIGN_OR_RETURN(const Course course, FindCourse(session, options.course));
  collab::v1::SetConsultantSessionRequest request;
  request.set_course_id(course.id());
  ConsultantSession& held = *request.mutable_consultant_session();
  if (!options.part.empty()) {
    const std::vector<ConsultantSession> all(course.consultant_sessions().begin(),
                                             course.consultant_sessions().end());
    BB_ASSIGN_OR_RETURN(held, PickMeeting(all, options.part, "consultant session", kShow));
    request.set_etag(course.etag());
  }
  if (!options.department.empty()) {
    BB_ASSIGN_OR_RETURN(*held.mutable_department_id(), DepartmentId(session, options.department));
  }
  if (!options.topic.empty()) {
    BB_ASSIGN_OR_RETURN(const auto topic, ToTopic(options.topic));
    held.set_topic(topic);
  }
  if (!options.date.empty()) held.set_date(IsoDay(options.date));
  if (!options.text.empty()) held.set_text(options.text);
  request.set_request_id(base::MakeUuid());
  return SendCourse<collab::v1::SetConsultantSessionResponse>(session, request, course.id(),
                                                              "Changed");
}

const ValueHint& CourseId() {
  static const ValueHint kWhich = {.summary = "Id (or its start), or whole title"};
  return kWhich;
}

ValueHint Topic() {
  return {.summary = "The module, as in action-plan",
          .completes = Completes::kWord,
          .words = TopicWords()};
}

ValueHint Part() { return {.summary = "The start of its id, as course show has it"}; }

ValueHint DayOrId() { return {.summary = "Its day, as in 2027-01-12, or the start of its id"}; }

ValueHint Whom(const std::string& summary) {
  return {.summary = summary, .completes = Completes::kAssociation};
}

ValueHint YesOrNo(const std::string& summary) {
  return {.summary = summary, .completes = Completes::kWord, .words = {"yes", "no"}};
}

using SharedPartOptions = std::shared_ptr<CoursePartOptions>;

void AddSessions(const Command& course, const SharedPartOptions& options) {
  Command group = course.Add("session", "The days on which a module is gone through");
  Command add = group.Add("add", "Plan one");
  add.Argument("COURSE", options->course, CourseId())
      .Argument("TOPIC", options->topic, Topic())
      .Argument("WHEN", options->meeting.when,
                {.summary = "The day: 2027-01-12, or \"2027-01-12 17:00\""});
  AddMeetingOptions(add, options->meeting);
  add.Does([options](Session& session) { return AddSession(session, *options); });
  Command set = group.Add("set", "Change one; its event goes along");
  set.Argument("COURSE", options->course, CourseId())
      .Argument("SESSION", options->part, DayOrId())
      .Option("--when", options->meeting.when,
              {.summary = "The new day, or day and time; held again if called off"})
      .Option("--module", options->topic, Topic())
      .Flag("--called-off", options->meeting.called_off, "It is not held");
  AddMeetingOptions(set, options->meeting);
  set.Does([options](Session& session) { return SetSession(session, *options); });
  course.Add("attend", "Write down who was at a session; who was not is called, not marked")
      .Argument("COURSE", options->course, CourseId())
      .Argument("SESSION", options->part, DayOrId())
      .Options("--attended", options->attended, Whom("Association that was there"))
      .Options("--absent", options->absent, Whom("Association that was not there"))
      .Options("--called", options->called, Whom("Association that was not there and was called"))
      .Does([options](Session& session) { return Attend(session, *options); });
}

void AddDocuments(const Command& course, const SharedPartOptions& options) {
  Command group = course.Add("document", "What was made or handed out");
  group.Add("add", "Write one down")
      .Argument("COURSE", options->course, CourseId())
      .Argument("TOPIC", options->topic, Topic())
      .Argument("TITLE", options->title, {.summary = "What it is called"})
      .Argument("URL", options->url, {.summary = "Where it is: https://..."})
      .Does([options](Session& session) { return PutDocument(session, *options); });
  group.Add("set", "Change one")
      .Argument("COURSE", options->course, CourseId())
      .Argument("DOCUMENT", options->part, Part())
      .Option("--title", options->title, {.summary = "What it is called"})
      .Option("--url", options->url, {.summary = "Where it is"})
      .Option("--module", options->topic, Topic())
      .Does([options](Session& session) { return PutDocument(session, *options); });
}

void AddTrialFacts(Command& command, const SharedPartOptions& options) {
  command.Option("--association", options->association, Whom("Who tried it; else the one you are"))
      .Option("--outcome", options->outcome, {.summary = "What came of it"})
      .Option("--date", options->date, {.summary = "The day; else today"})
      .Option("--shared", options->shared,
              YesOrNo("Whether the association lets all who take part see it"));
}

void AddTrials(const Command& course, const SharedPartOptions& options) {
  Command group = course.Add("trial", "What an association tries out between sessions");
  Command add = group.Add("add", "Write one down");
  add.Argument("COURSE", options->course, CourseId())
      .Argument("TOPIC", options->topic, Topic())
      .Argument("TEXT", options->text, {.summary = "What was tried"});
  AddTrialFacts(add, options);
  add.Does([options](Session& session) { return PutTrial(session, *options); });
  Command set = group.Add("set", "Change one, as when it is known what came of it");
  set.Argument("COURSE", options->course, CourseId())
      .Argument("TRIAL", options->part, Part())
      .Option("--text", options->text, {.summary = "What was tried"})
      .Option("--module", options->topic, Topic());
  AddTrialFacts(set, options);
  set.Does([options](Session& session) { return PutTrial(session, *options); });
}

void AddConsultants(const Command& course, const SharedPartOptions& options) {
  Command group = course.Add("consult", "A consultant with a department, meanwhile");
  group.Add("add", "Write one down; associations are not told of it")
      .Argument("COURSE", options->course, CourseId())
      .Argument("DEPARTMENT", options->department, {.summary = "Name or id"})
      .Argument("DATE", options->date, {.summary = "The day, as in 2027-01-12"})
      .Option("--topic", options->topic, Topic())
      .Option("--text", options->text, {.summary = "What was talked about"})
      .Does([options](Session& session) { return PutConsultant(session, *options); });
  group.Add("set", "Change one")
      .Argument("COURSE", options->course, CourseId())
      .Argument("SESSION", options->part, DayOrId())
      .Option("--department", options->department, {.summary = "Name or id"})
      .Option("--date", options->date, {.summary = "The new day"})
      .Option("--topic", options->topic, Topic())
      .Option("--text", options->text, {.summary = "What was talked about"})
      .Does([options](Session& session) { return PutConsultant(session, *options); });
}

}  // namespace

void AddCourseParts(const Command& course) {
  const auto options = std::make_shared<CoursePartOptions>();
  AddSessions(course, options);
  AddDocuments(course, options);
  AddTrials(course, options);
  AddConsultants(course, options);
}

}  // namespace brobygger::cli
