#include "core/collab/courses.h"

#include "core/registry/joining.h"
#include "tests/core/collab/course_town.h"

namespace brobygger::collab {
namespace {

constexpr auto kAttended = v1::ATTENDANCE_STATE_ATTENDED;
constexpr auto kAbsent = v1::ATTENDANCE_STATE_ABSENT;

errors::v1::ErrorReason ReasonOf(const absl::StatusOr<v1::Course>& result) {
  return base::ReasonOf(result.status());
}

std::string MissingIn(const absl::StatusOr<v1::Course>& result) {
  return base::ErrorMetadata(result.status(), "missing");
}

}  // namespace

TEST_CASE("a course has all eight topics, or those it is given in their order", "[course]") {
  CourseTown town;
  const v1::Course all = town.Planned();
  REQUIRE(all.modules_size() == 8);
  CHECK(all.modules(0).topic() == v1::RESOURCE_TOPIC_VISION);
  CHECK(all.municipality_code() == "0615");
  CHECK(all.department_title() == "Integration");
  CHECK(all.participants(1).title() == "Broen");

  auto wanted = town.Wanted();
  wanted.add_topics(v1::RESOURCE_TOPIC_STRATEGY);
  wanted.add_topics(v1::RESOURCE_TOPIC_VISION);
  const auto create = [&] {
    return town.Try([&](storage::Transaction& transaction) {
      return CreateCourse(transaction, wanted, town.employee);
    });
  };
  const auto own = create();
  REQUIRE(own.ok());
  CHECK(own->modules_size() == 2);
  CHECK(own->modules(0).topic() == v1::RESOURCE_TOPIC_STRATEGY);
  wanted.add_topics(v1::RESOURCE_TOPIC_VISION);
  CHECK(ReasonOf(create()) == errors::v1::ERROR_REASON_FIELD_INVALID);
}

TEST_CASE("a course goes from planned to finished, and says what is missing", "[course]") {
  CourseTown town;
  auto wanted = town.Wanted();
  wanted.clear_association_ids();
  const std::string id = town.Do([&](storage::Transaction& transaction) {
                               return CreateCourse(transaction, wanted, town.employee);
                             })
                             .id();
  CHECK(MissingIn(town.MoveTo(id, v1::COURSE_STATE_RUNNING)) == "participant;session");
  const auto past = town.MoveTo(id, v1::COURSE_STATE_FINISHED);
  CHECK(ReasonOf(past) == errors::v1::ERROR_REASON_COURSE_STATE_INVALID);
  CHECK(base::ErrorMetadata(past.status(), "allowed") == "running,stopped");

  v1::AddCourseParticipantRequest add;
  add.set_course_id(id);
  add.set_association_id(town.association);
  (void)town.Do([&](storage::Transaction& transaction) {
    return AddCourseParticipant(transaction, add, town.employee);
  });
  const auto planned = town.TrySession(id, "2024-06-01");
  REQUIRE(planned.ok());
  REQUIRE(town.MoveTo(id, v1::COURSE_STATE_RUNNING).ok());
  CHECK(MissingIn(town.MoveTo(id, v1::COURSE_STATE_FINISHED)) == "sessions_ahead");
  v1::CourseSession session = planned->modules(0).sessions(0);
  session.set_called_off(true);
  REQUIRE(town.TrySession(id, session).ok());
  CHECK(town.MoveTo(id, v1::COURSE_STATE_FINISHED).ok());
}

TEST_CASE("a course is stopped with a reason and may be taken up again", "[course]") {
  CourseTown town;
  const std::string id = town.Running().id();
  CHECK(MissingIn(town.MoveTo(id, v1::COURSE_STATE_STOPPED)) == "reason");
  const auto stopped = town.MoveTo(id, v1::COURSE_STATE_STOPPED, "for få kan komme");
  REQUIRE(stopped.ok());
  CHECK(stopped->state_reason() == "for få kan komme");
  CHECK(ReasonOf(town.TrySession(id, "2024-06-01")) ==
        errors::v1::ERROR_REASON_COURSE_STATE_INVALID);
  CHECK(town.MoveTo(id, v1::COURSE_STATE_PLANNED).ok());
}

TEST_CASE("two who change a course at once are both told", "[course]") {
  CourseTown town;
  const v1::Course running = town.Running();
  REQUIRE(town.MoveTo(running.id(), v1::COURSE_STATE_FINISHED, "", running.etag()).ok());
  CHECK(ReasonOf(town.MoveTo(running.id(), v1::COURSE_STATE_STOPPED, "x", running.etag())) ==
        errors::v1::ERROR_REASON_ETAG_MISMATCH);
}

TEST_CASE("days and clock times that cannot be are refused", "[course]") {
  CourseTown town;
  auto wanted = town.Wanted();
  wanted.mutable_course()->set_start_date("2024-05-01");
  wanted.mutable_course()->set_end_date("2024-04-01");
  CHECK(ReasonOf(town.Try([&](storage::Transaction& transaction) {
          return CreateCourse(transaction, wanted, town.employee);
        })) == errors::v1::ERROR_REASON_FIELD_INVALID);
  wanted.mutable_course()->set_end_date("2024-06-30");
  const std::string id = town.Do([&](storage::Transaction& transaction) {
                               return CreateCourse(transaction, wanted, town.employee);
                             })
                             .id();
  for (const char* const day : {"2024-04-30", "2024-07-01", "31-05-2024", ""}) {
    INFO(day);
    CHECK(ReasonOf(town.TrySession(id, day)) == errors::v1::ERROR_REASON_FIELD_INVALID);
  }
  const auto with = [&](const char* from, const char* to) {
    v1::CourseSession session;
    session.set_date("2024-05-02");
    session.set_from_clock(from);
    session.set_to_clock(to);
    return town.TrySession(id, session);
  };
  CHECK_FALSE(with("25:00", "").ok());
  CHECK_FALSE(with("19:00", "17:00").ok());
  CHECK_FALSE(with("", "17:00").ok());
  const auto fine = with("9.30", "17:00");
  REQUIRE(fine.ok());
  CHECK(fine->modules(0).sessions(0).from_clock() == "09:30");
  // The course cannot end before what is planned in it.
  v1::UpdateCourseRequest update;
  update.mutable_course()->set_id(id);
  update.mutable_course()->set_end_date("2024-05-01");
  update.mutable_update_mask()->add_paths("end_date");
  const auto shorter = town.Try([&](storage::Transaction& transaction) {
    return UpdateCourse(transaction, update, town.employee);
  });
  CHECK(ReasonOf(shorter) == errors::v1::ERROR_REASON_FIELD_INVALID);
}

TEST_CASE("who was not there is called, until they come or were called", "[course]") {
  CourseTown town;
  const v1::Course course = town.Running();
  REQUIRE(town.Attend(course, town.association, kAttended).ok());
  REQUIRE(town.Attend(course, town.other, kAbsent).ok());
  auto calls = town.Course(course.id(), town.employee).calls();
  REQUIRE(calls.size() == 1);
  CHECK(calls[0].title() == "Broen");
  CHECK(calls[0].topic() == v1::RESOURCE_TOPIC_VISION);
  REQUIRE(town.Attend(course, town.other, v1::ATTENDANCE_STATE_CALLED).ok());
  CHECK(town.Course(course.id(), town.employee).calls().empty());

  REQUIRE(town.Attend(course, town.other, kAbsent).ok());
  town.clock.Advance(std::chrono::hours(24));
  const auto second = town.TrySession(course.id(), "2024-05-02");
  REQUIRE(second.ok());
  REQUIRE(town.Attend(course, town.other, kAttended, second->modules(0).sessions(1).id()).ok());
  CHECK(town.Course(course.id(), town.employee).calls().empty());
}

TEST_CASE("nobody is written down as at a session that was not held", "[course]") {
  CourseTown town;
  const v1::Course course = town.Running();
  CHECK_FALSE(town.Attend(course, town.Association("Udenfor"), kAttended).ok());
  const auto ahead = town.TrySession(course.id(), "2024-06-01");
  REQUIRE(ahead.ok());
  CHECK_FALSE(town.Attend(course, town.other, kAttended, ahead->modules(0).sessions(1).id()).ok());
  const std::string planned = town.Planned().id();
  const auto early = town.TrySession(planned, "2024-05-01");
  REQUIRE(early.ok());
  CHECK(ReasonOf(town.Attend(*early, town.other, kAttended)) ==
        errors::v1::ERROR_REASON_COURSE_STATE_INVALID);
}

TEST_CASE("an association is told its own, and of others what they share", "[course]") {
  CourseTown town;
  const v1::Course course = town.Running();
  REQUIRE(town.Attend(course, town.association, kAttended).ok());
  REQUIRE(town.Attend(course, town.other, kAbsent).ok());
  REQUIRE(town.TryTrial(course.id(), TrialOf("Vi spurgte naboerne"), town.other_itself).ok());
  v1::SetConsultantSessionRequest consult;
  consult.set_course_id(course.id());
  consult.mutable_consultant_session()->set_department_id(town.department);
  consult.mutable_consultant_session()->set_date("2024-05-01");
  consult.mutable_consultant_session()->set_text("Hvem svarer foreningerne?");
  (void)town.Do([&](storage::Transaction& transaction) {
    return SetConsultantSession(transaction, consult, town.employee);
  });

  const auto whole = town.Course(course.id(), town.employee).course();
  CHECK(whole.modules(0).sessions(0).attendance_size() == 2);
  CHECK(whole.trials_size() == 1);
  CHECK(whole.consultant_sessions(0).department_title() == "Integration");

  const auto told = town.Course(course.id(), town.itself);
  CHECK(told.calls().empty());
  CHECK(told.moves().empty());
  REQUIRE(told.course().modules(0).sessions(0).attendance_size() == 1);
  CHECK(told.course().modules(0).sessions(0).attendance(0).association_id() == town.association);
  CHECK(told.course().trials().empty());
  CHECK(told.course().consultant_sessions().empty());
  CHECK(told.course().participants(1).title() == "Broen");

  auto shared = whole.trials(0);
  shared.set_shared(true);
  REQUIRE(town.TryTrial(course.id(), shared, town.other_itself).ok());
  CHECK(town.Course(course.id(), town.itself).course().trials_size() == 1);
  // Who has left is told of their own alone, and of nothing that came after.
  v1::RemoveCourseParticipantRequest remove;
  remove.set_course_id(course.id());
  remove.set_association_id(town.association);
  (void)town.Do([&](storage::Transaction& transaction) {
    return RemoveCourseParticipant(transaction, remove, town.employee);
  });
  REQUIRE(town.TrySession(course.id(), "2024-06-01").ok());
  const auto after = town.Course(course.id(), town.itself).course();
  CHECK(after.trials().empty());
  CHECK(after.modules(0).sessions_size() == 1);
  CHECK(town.Course(course.id(), town.other_itself).course().modules(0).sessions_size() == 2);
}

TEST_CASE("an association writes down its own trials and nothing else", "[course]") {
  CourseTown town;
  const v1::Course course = town.Running();
  const auto denied = errors::v1::ERROR_REASON_NOT_ALLOWED;
  CHECK(ReasonOf(town.TryTrial(course.id(), TrialOf("x", town.other), town.itself)) == denied);
  const auto made = town.TryTrial(course.id(), TrialOf("Vi skrev en plan"), town.itself);
  REQUIRE(made.ok());
  auto theirs = made->trials(0);
  theirs.set_association_id(town.other);
  theirs.set_outcome("overtaget");
  CHECK_FALSE(town.TryTrial(course.id(), theirs, town.other_itself).ok());
  auto own = made->trials(0);
  own.set_outcome("Den blev hængt op");
  const auto ended = town.TryTrial(course.id(), own, town.itself);
  REQUIRE(ended.ok());
  CHECK(ended->trials(0).outcome() == "Den blev hængt op");
  CHECK(ReasonOf(town.Try([&](storage::Transaction& transaction) {
          return CreateCourse(transaction, town.Wanted(), town.itself);
        })) == denied);
}

TEST_CASE("a module in which something was written down stays in the course", "[course]") {
  CourseTown town;
  const v1::Course course = town.Running();
  v1::SetCourseModulesRequest request;
  request.set_course_id(course.id());
  request.add_topics(v1::RESOURCE_TOPIC_STRATEGY);
  const auto set = [&] {
    return town.Try([&](storage::Transaction& transaction) {
      return SetCourseModules(transaction, request, town.employee);
    });
  };
  const auto without = set();
  CHECK(ReasonOf(without) == errors::v1::ERROR_REASON_FIELD_INVALID);
  CHECK(without.status().message().find("VISION") != std::string::npos);
  request.add_topics(v1::RESOURCE_TOPIC_VISION);
  const auto turned = set();
  REQUIRE(turned.ok());
  CHECK(turned->modules_size() == 2);
  CHECK(turned->modules(1).sessions_size() == 1);
}

TEST_CASE("a session moved to another module keeps who was there", "[course]") {
  CourseTown town;
  const v1::Course course = town.Running();
  const auto attended = town.Attend(course, town.other, kAttended);
  REQUIRE(attended.ok());
  v1::CourseSession session = attended->modules(0).sessions(0);
  session.set_place("Biblioteket");
  session.clear_attendance();
  const auto moved = town.TrySession(course.id(), session, v1::RESOURCE_TOPIC_STRATEGY);
  REQUIRE(moved.ok());
  CHECK(moved->modules(0).sessions().empty());
  REQUIRE(moved->modules(1).sessions_size() == 1);
  CHECK(moved->modules(1).sessions(0).place() == "Biblioteket");
  CHECK(moved->modules(1).sessions(0).attendance_size() == 1);
}

TEST_CASE("two associations that turn out to be one are one in a course", "[course]") {
  CourseTown town;
  const v1::Course course = town.Running();
  REQUIRE(town.Attend(course, town.association, kAbsent).ok());
  REQUIRE(town.Attend(course, town.other, kAttended).ok());
  const auto joined = town.Do([&](storage::Transaction& transaction) {
    const auto left = registry::GetAssociation(transaction, town.association);
    const auto right = registry::GetAssociation(transaction, town.other);
    return registry::JoinAssociations(transaction, *left, *right, "", "operator");
  });
  const auto one = town.Course(course.id(), town.employee);
  REQUIRE(one.course().participants_size() == 1);
  CHECK(one.course().participants(0).association_id() == joined.record().survivor_association_id());
  REQUIRE(one.course().modules(0).sessions(0).attendance_size() == 1);
  CHECK(one.course().modules(0).sessions(0).attendance(0).state() == kAttended);
  // Found by either id, and listed once.
  const auto latest = town.store->Latest();
  for (const std::string& id : {town.association, town.other}) {
    v1::ListCoursesRequest request;
    request.set_association_id(id);
    const auto listed = ListCourses(**latest, request, town.employee);
    REQUIRE(listed.ok());
    CHECK(listed->courses_size() == 1);
  }
  (void)town.Do([&](storage::Transaction& transaction) -> absl::StatusOr<int> {
    const auto undone = registry::UndoJoin(transaction, joined);
    if (!undone.ok()) return undone.status();
    return 0;
  });
  CHECK(town.Course(course.id(), town.employee).course().participants_size() == 2);
}

TEST_CASE("a list of courses is paged and filtered by state", "[course]") {
  CourseTown town;
  const std::string first = town.Planned().id();
  const std::string second = town.Running().id();
  v1::ListCoursesRequest request;
  request.set_page_size(1);
  const auto latest = town.store->Latest();
  const auto page = ListCourses(**latest, request, town.employee);
  REQUIRE(page.ok());
  REQUIRE(page->courses_size() == 1);
  request.set_page_token(page->next_page_token());
  const auto rest = ListCourses(**latest, request, town.employee);
  REQUIRE(rest.ok());
  REQUIRE(rest->courses_size() == 1);
  CHECK(rest->next_page_token().empty());
  CHECK(page->courses(0).id() != rest->courses(0).id());
  request.clear_page_token();
  request.set_state(v1::COURSE_STATE_RUNNING);
  const auto running = ListCourses(**latest, request, town.employee);
  REQUIRE(running.ok());
  CHECK(running->courses(0).id() == second);
  CHECK(running->next_page_token().empty());
}

TEST_CASE("a department that is gone goes on to stand where it was", "[course]") {
  CourseTown town;
  const v1::Course course = town.Running();
  (void)town.store->Write("operator", [&](storage::Transaction& transaction) {
    return transaction.Remove(storage::Kind::kDepartment, town.department);
  });
  CHECK(town.Course(course.id(), town.employee).course().department_title().empty());
  v1::UpdateCourseRequest update;
  update.mutable_course()->set_id(course.id());
  update.mutable_course()->set_title("Stærkere sammen 2");
  update.mutable_update_mask()->add_paths("title");
  CHECK(town.Try([&](storage::Transaction& transaction) {
              return UpdateCourse(transaction, update, town.employee);
            })
            .ok());
}

TEST_CASE("words about a person's health are refused in what is written of a trial", "[course]") {
  CourseTown town;
  const v1::Course course = town.Running();
  CHECK(ReasonOf(town.TryTrial(course.id(), TrialOf("Formanden har en diagnose"), town.itself)) ==
        errors::v1::ERROR_REASON_FIELD_INVALID);
  CHECK(base::ReasonOf(
            town.TryTrial(course.id(), TrialOf("Ring til 010190-1234"), town.itself).status()) ==
        errors::v1::ERROR_REASON_CPR_REFUSED);
}

}  // namespace brobygger::collab
