// What an association is shown of courses, networks and premises: its own, under every id it had.
#include "core/people/own_view.h"

#include "core/collab/courses.h"
#include "core/collab/networks.h"
#include "core/grants/premises.h"
#include "core/registry/joining.h"
#include "core/registry/records.h"
#include "tests/core/people/people_world.h"

namespace brobygger::people {
namespace {

using storage::Transaction;

struct OwnWorld : PeopleWorld {
  // What `body(transaction)` gives.
  template <typename Body>
  auto Do(const Body& body) {
    decltype(body(std::declval<Transaction&>())) result = absl::UnknownError("not run");
    (void)store->Write("operator", [&](Transaction& transaction) {
      result = body(transaction);
      return result.status();
    });
    INFO(result.status());
    REQUIRE(result.ok());
    return *std::move(result);
  }

  std::string Department() {
    registry::v1::Department wanted;
    wanted.set_official_name("Integration");
    wanted.set_municipality_code("0998");
    return Do([&](Transaction& transaction) {
             return registry::CreateDepartment(transaction, wanted, "operator");
           })
        .id();
  }

  v1::GetOwnViewResponse View(const std::string& id) const {
    auto view = GetOwnView(*store, clock, id);
    INFO(view.status());
    REQUIRE(view.ok());
    return *std::move(view);
  }

  // Both become one; gives the id of what was merged into the other.
  std::string Join(const std::string& left_id, const std::string& right_id) {
    return Do([&](Transaction& transaction) -> absl::StatusOr<std::string> {
      const auto left = registry::GetAssociation(transaction, left_id);
      const auto right = registry::GetAssociation(transaction, right_id);
      if (!left.ok() || !right.ok()) return left.status();
      const auto joined = registry::JoinAssociations(transaction, *left, *right, "", "operator");
      if (!joined.ok()) return joined.status();
      return joined->record().absorbed_association_id();
    });
  }

  std::string own = Associate("Fjordbroen", true);
  std::string other = Associate("Broen", true);
  std::string department = Department();
  collab::Actor employee{"user:1"};
};

// A running course with both in it, one there and one not, each with a trial.
collab::v1::Course Course(OwnWorld& world) {
  const std::vector<std::string> both = {world.own, world.other};
  return world.Do([&](Transaction& transaction) -> absl::StatusOr<collab::v1::Course> {
    collab::v1::CreateCourseRequest wanted;
    wanted.mutable_course()->set_title("Stærkere sammen");
    wanted.mutable_course()->set_department_id(world.department);
    *wanted.mutable_association_ids() = {both.begin(), both.end()};
    auto made = collab::CreateCourse(transaction, wanted, world.employee);
    if (!made.ok()) return made;
    collab::v1::SetCourseSessionRequest session;
    session.set_course_id(made->id());
    session.set_topic(collab::v1::RESOURCE_TOPIC_VISION);
    session.mutable_session()->set_date(world.Today());
    made = collab::SetCourseSession(transaction, session, world.employee);
    if (!made.ok()) return made;
    collab::v1::MoveCourseRequest move;
    move.set_course_id(made->id());
    move.set_state(collab::v1::COURSE_STATE_RUNNING);
    made = collab::MoveCourse(transaction, move, world.employee);
    if (!made.ok()) return made;
    collab::v1::RecordCourseAttendanceRequest attendance;
    attendance.set_course_id(made->id());
    for (const collab::v1::CourseModule& module : made->modules()) {
      if (!module.sessions().empty()) attendance.set_session_id(module.sessions(0).id());
    }
    for (const std::string& id : both) {
      auto& each = *attendance.add_attendance();
      each.set_association_id(id);
      each.set_state(id == world.own ? collab::v1::ATTENDANCE_STATE_ATTENDED
                                     : collab::v1::ATTENDANCE_STATE_ABSENT);
    }
    made = collab::RecordCourseAttendance(transaction, attendance, world.employee);
    for (const std::string& id : both) {
      if (!made.ok()) return made;
      collab::v1::SetCourseTrialRequest trial;
      trial.set_course_id(made->id());
      trial.mutable_trial()->set_topic(collab::v1::RESOURCE_TOPIC_VISION);
      trial.mutable_trial()->set_association_id(id);
      trial.mutable_trial()->set_text("En aften om forældre");
      trial.mutable_trial()->set_shared(true);
      made = collab::SetCourseTrial(transaction, trial, world.employee);
    }
    return made;
  });
}

TEST_CASE("an association sees its courses, and there when it was there and what it tried alone") {
  OwnWorld world;
  const auto course = Course(world);
  const auto view = world.View(world.own);
  REQUIRE(view.courses_size() == 1);
  const v1::CourseSummary& told = view.courses(0);
  CHECK(told.course_id() == course.id());
  CHECK(told.title() == "Stærkere sammen");
  CHECK(told.state() == collab::v1::COURSE_STATE_RUNNING);
  CHECK(told.joined_date() == world.Today());
  CHECK(told.left_date().empty());
  REQUIRE(told.attendance_size() == 1);
  CHECK(told.attendance(0).date() == world.Today());
  CHECK(told.attendance(0).topic() == collab::v1::RESOURCE_TOPIC_VISION);
  CHECK(told.attendance(0).state() == collab::v1::ATTENDANCE_STATE_ATTENDED);
  REQUIRE(told.trials_size() == 1);
  CHECK(told.trials(0).shared());
  const auto others = world.View(world.other).courses(0);
  REQUIRE(others.attendance_size() == 1);
  CHECK(others.attendance(0).state() == collab::v1::ATTENDANCE_STATE_ABSENT);
  CHECK(others.trials_size() == 1);
  CHECK(world.View(world.Associate("Lanternen", true)).courses().empty());
}

TEST_CASE("an association sees the networks it is a member of, and those it left") {
  OwnWorld world;
  const auto network = world.Do([&](Transaction& transaction) {
    collab::v1::CreateNetworkRequest wanted;
    wanted.mutable_network()->set_title("Kvindernetværket");
    wanted.mutable_network()->set_convenor_department_id(world.department);
    wanted.add_association_ids(world.own);
    return collab::CreateNetwork(transaction, wanted, world.employee);
  });
  auto view = world.View(world.own);
  REQUIRE(view.networks_size() == 1);
  CHECK(view.networks(0).network_id() == network.id());
  CHECK(view.networks(0).title() == "Kvindernetværket");
  CHECK(view.networks(0).joined_date() == world.Today());
  CHECK(view.networks(0).left_date().empty());
  CHECK(world.View(world.other).networks().empty());
  world.Do([&](Transaction& transaction) {
    collab::v1::RemoveNetworkMemberRequest wanted;
    wanted.set_network_id(network.id());
    wanted.set_association_id(world.own);
    return collab::RemoveNetworkMember(transaction, wanted, world.employee);
  });
  view = world.View(world.own);
  REQUIRE(view.networks_size() == 1);
  CHECK(view.networks(0).left_date() == world.Today());
}

grants::PremisesNeed Need(OwnWorld& world) {
  return world.Do([&](Transaction& transaction) {
    grants::PremisesNeed wanted;
    wanted.set_association_id(world.own);
    wanted.set_title("Lektiecafé");
    return grants::StateNeed(transaction, wanted, registry::v1::PERSPECTIVE_ASSOCIATION);
  });
}

grants::PremisesAllocation Premises(OwnWorld& world) {
  return world.Do([&](Transaction& transaction) {
    grants::PremisesAllocation wanted;
    wanted.set_association_id(world.own);
    wanted.set_department_id(world.department);
    wanted.set_place("Kulturhuset, sal 2");
    wanted.mutable_slot()->set_weekday(grant::v1::WEEKDAY_THURSDAY);
    wanted.mutable_slot()->set_from_time("18:00");
    wanted.mutable_slot()->set_to_time("20:30");
    // Over long ago.
    wanted.mutable_season()->set_from_date(world.Today(-400));
    wanted.mutable_season()->set_to_date(world.Today(-100));
    return grants::Allocate(transaction, wanted);
  });
}

TEST_CASE("an association sees the premises it needs, also when that is settled") {
  OwnWorld world;
  const auto need = Need(world);
  auto view = world.View(world.own);
  REQUIRE(view.premises_needs_size() == 1);
  CHECK(view.premises_needs(0).premises_need_id() == need.id());
  CHECK(view.premises_needs(0).title() == "Lektiecafé");
  CHECK(view.premises_needs(0).state() == grant::v1::PREMISES_NEED_STATE_OPEN);
  CHECK(view.premises_needs(0).stated_by() == registry::v1::PERSPECTIVE_ASSOCIATION);
  world.Do([&](Transaction& transaction) {
    grant::v1::SettlePremisesNeedRequest settle;
    settle.set_premises_need_id(need.id());
    settle.set_state(grant::v1::PREMISES_NEED_STATE_WITHDRAWN);
    return grants::SettleNeed(transaction, settle);
  });
  view = world.View(world.own);
  REQUIRE(view.premises_needs_size() == 1);
  CHECK(view.premises_needs(0).state() == grant::v1::PREMISES_NEED_STATE_WITHDRAWN);
  CHECK(world.View(world.other).premises_needs().empty());
}

TEST_CASE("an association sees the premises it was given, also of seasons that are over") {
  OwnWorld world;
  const auto given = Premises(world);
  const auto view = world.View(world.own);
  REQUIRE(view.premises_size() == 1);
  CHECK(view.premises(0).premises_id() == given.id());
  CHECK(view.premises(0).place() == "Kulturhuset, sal 2");
  CHECK(view.premises(0).slot().from_time() == "18:00");
  CHECK(view.premises(0).department_name() == "Integration");
  CHECK(view.premises(0).season().to_date() == world.Today(-100));
  CHECK(world.View(world.other).premises().empty());
}

TEST_CASE("what was written down under an id that was merged is seen with the rest") {
  OwnWorld world;
  Course(world);
  Need(world);
  Premises(world);
  const std::string absorbed = world.Join(world.own, world.other);
  const auto view = world.View(absorbed);
  CHECK(view.association().id() != absorbed);
  CHECK(view.association_ids_size() == 2);
  REQUIRE(view.courses_size() == 1);
  CHECK(view.courses(0).trials_size() == 2);
  CHECK(view.courses(0).attendance_size() == 1);
  CHECK(view.premises_needs_size() == 1);
  CHECK(view.premises_size() == 1);
}

}  // namespace
}  // namespace brobygger::people
