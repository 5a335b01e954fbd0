// Who sees courses and networks, and what of them: municipalities, associations, and neither.
#include <catch2/catch.hpp>

#include "core/base/error.h"
#include "core/collab/courses.h"
#include "core/collab/networks.h"
#include "core/registry/consent.h"
#include "core/registry/edit.h"
#include "core/scope/scoped_store.h"
#include "core/storage/memory/memory_store.h"
#include "tests/support/fake_clock.h"

namespace brobygger::scope {
namespace {

using access::Caller;
using access::CallerKind;
namespace collab_v1 = collab::v1;

Caller CallerFrom(const std::string& municipality_code, CallerKind kind = CallerKind::kEmployee) {
  Caller caller = access::LocalOperator();
  caller.actor = "somebody";
  caller.kind = kind;
  caller.municipality_code = municipality_code;
  return caller;
}

// Horsens has a department and an association, Fjordby an association.
struct TwoTowns {
  support::FakeClock clock;
  std::unique_ptr<storage::Store> store = storage::OpenMemoryStore(clock);
  const Caller horsens = CallerFrom("0615");
  const Caller fjordby = CallerFrom("0998");
  const std::string ours = Associate("Lanternen", "0615");
  const std::string theirs = Associate("Fjordkoret", "0998");
  const Caller our_association = As(ours);
  const Caller their_association = As(theirs);

  template <typename Body>
  auto Do(const Caller& caller, const Body& body) {
    decltype(body(std::declval<storage::Transaction&>())) result =
        absl::UnknownError("the body did not run");
    ScopedStore scoped(*store, caller);
    const auto written = scoped.Write(caller.actor, [&](storage::Transaction& transaction) {
      result = body(transaction);
      return result.status();
    });
    if (!written.ok()) result = written.status();
    return result;
  }

  std::string Associate(const std::string& official_name, const std::string& code) {
    registry::v1::Association wanted;
    wanted.set_official_name(official_name);
    wanted.set_municipality_code(code);
    wanted.add_emails("post@" + code + ".example");
    const auto made = Do(access::LocalOperator(), [&](storage::Transaction& transaction) {
      return registry::CreateAssociation(transaction, wanted, "operator");
    });
    REQUIRE(made.ok());
    return made->id();
  }
  static Caller As(const std::string& association_id) {
    Caller caller = CallerFrom("", CallerKind::kAssociation);
    caller.association_id = association_id;
    return caller;
  }
  void Agree(const std::string& id, bool contact) {
    registry::v1::VisibilityConsent consent;
    consent.set_other_municipalities(true);
    consent.set_contact(contact);
    consent.set_date("2020-05-04");
    consent.set_evidence("brev");
    REQUIRE(Do(access::LocalOperator(), [&](storage::Transaction& transaction) {
              return registry::RecordVisibilityConsent(transaction, id, consent,
                                                       registry::v1::PERSPECTIVE_MUNICIPALITY);
            }).ok());
  }

  static collab::Actor ActorOf(const Caller& caller) {
    const bool association = caller.kind == CallerKind::kAssociation;
    return {.name = caller.actor, .association_id = association ? caller.association_id : ""};
  }

  absl::StatusOr<collab_v1::Course> MakeCourse(const Caller& caller, const std::string& code) {
    collab_v1::CreateCourseRequest request;
    request.mutable_course()->set_title("Stærkere sammen");
    request.mutable_course()->set_municipality_code(code);
    request.add_association_ids(ours);
    request.add_association_ids(theirs);
    return Do(caller, [&](storage::Transaction& transaction) {
      return collab::CreateCourse(transaction, request, ActorOf(caller));
    });
  }
  absl::StatusOr<collab_v1::Network> MakeNetwork() {
    collab_v1::CreateNetworkRequest request;
    request.mutable_network()->set_title("Korene");
    request.mutable_network()->set_convenor_association_id(ours);
    request.add_association_ids(theirs);
    // Both municipalities' associations are the operator's to put together.
    return Do(access::LocalOperator(), [&](storage::Transaction& transaction) {
      return collab::CreateNetwork(transaction, request, {.name = "operator"});
    });
  }

  absl::StatusOr<collab_v1::Course> Course(const Caller& caller, const std::string& id) {
    const ScopedStore scoped(*store, caller);
    const auto snapshot = scoped.Latest();
    auto answer = collab::GetCourse(**snapshot, id, clock.Now(), ActorOf(caller));
    if (!answer.ok()) return answer.status();
    return answer->course();
  }
  absl::StatusOr<collab_v1::Network> Network(const Caller& caller, const std::string& id) {
    const ScopedStore scoped(*store, caller);
    const auto snapshot = scoped.Latest();
    return collab::GetNetwork(**snapshot, id, ActorOf(caller));
  }
};

}  // namespace

TEST_CASE("a course is its municipality's, and its associations' to see") {
  TwoTowns towns;
  CHECK(base::ReasonOf(towns.MakeCourse(towns.horsens, "0615").status()) ==
        errors::v1::ERROR_REASON_ASSOCIATION_NOT_FOUND);
  towns.Agree(towns.theirs, false);
  CHECK(base::ReasonOf(towns.MakeCourse(towns.horsens, "0998").status()) ==
        errors::v1::ERROR_REASON_NOT_ALLOWED);
  const auto made = towns.MakeCourse(towns.horsens, "0615");
  INFO(made.status());
  REQUIRE(made.ok());
  const std::string& id = made->id();
  CHECK(towns.Course(towns.horsens, id).ok());
  CHECK(towns.Course(towns.our_association, id).ok());
  // That its association takes part does not make it Fjordby's course.
  CHECK_FALSE(towns.Course(towns.fjordby, id).ok());
  CHECK_FALSE(towns.Course(CallerFrom("0615", CallerKind::kVolunteerCentre), id).ok());
  CHECK_FALSE(towns.Course(towns.As(towns.Associate("Udenfor", "0615")), id).ok());
  // Who takes part knows the others by the name they joined with.
  const auto told = towns.Course(towns.their_association, id);
  REQUIRE(told.ok());
  CHECK(told->participants(0).title() == "Lanternen");
}

TEST_CASE("an association writes down its own trial through its own eyes") {
  TwoTowns towns;
  towns.Agree(towns.theirs, false);
  const auto made = towns.MakeCourse(towns.horsens, "0615");
  REQUIRE(made.ok());
  const std::string& id = made->id();
  collab_v1::SetCourseSessionRequest session;
  session.set_course_id(id);
  session.set_topic(collab_v1::RESOURCE_TOPIC_VISION);
  session.mutable_session()->set_date("2024-05-01");
  REQUIRE(towns
              .Do(towns.horsens,
                  [&](storage::Transaction& transaction) {
                    return collab::SetCourseSession(transaction, session, {.name = "user:1"});
                  })
              .ok());
  collab_v1::MoveCourseRequest move;
  move.set_course_id(id);
  move.set_state(collab_v1::COURSE_STATE_RUNNING);
  REQUIRE(towns
              .Do(towns.horsens,
                  [&](storage::Transaction& transaction) {
                    return collab::MoveCourse(transaction, move, {.name = "user:1"});
                  })
              .ok());
  collab_v1::SetCourseTrialRequest trial;
  trial.set_course_id(id);
  trial.mutable_trial()->set_topic(collab_v1::RESOURCE_TOPIC_VISION);
  trial.mutable_trial()->set_text("Vi spurgte medlemmerne");
  const auto tried = towns.Do(towns.their_association, [&](storage::Transaction& transaction) {
    return collab::SetCourseTrial(transaction, trial, TwoTowns::ActorOf(towns.their_association));
  });
  INFO(tried.status());
  REQUIRE(tried.ok());
  CHECK(towns.Course(towns.our_association, id)->trials().empty());
  CHECK(towns.Course(towns.horsens, id)->trials_size() == 1);
}

TEST_CASE("a network is its members' and their municipalities', and nobody else's") {
  TwoTowns towns;
  const auto made = towns.MakeNetwork();
  INFO(made.status());
  REQUIRE(made.ok());
  const std::string& id = made->id();
  for (const Caller& caller :
       {towns.horsens, towns.fjordby, towns.our_association, towns.their_association}) {
    CHECK(towns.Network(caller, id).ok());
  }
  CHECK_FALSE(towns.Network(CallerFrom("0751"), id).ok());
  CHECK_FALSE(towns.Network(CallerFrom("0615", CallerKind::kVolunteerCentre), id).ok());
  CHECK_FALSE(towns.Network(towns.As(towns.Associate("Udenfor", "0615")), id).ok());
  // Members know each other. A municipality hears of one elsewhere if that agreed to it.
  CHECK(towns.Network(towns.our_association, id)->members(1).title() == "Fjordkoret");
  CHECK(towns.Network(towns.horsens, id)->members(1).title().empty());
  towns.Agree(towns.theirs, false);
  CHECK(towns.Network(towns.horsens, id)->members(1).title() == "Fjordkoret");
}

TEST_CASE("a network is changed by who calls it together, and a member's home only looks") {
  TwoTowns towns;
  const auto made = towns.MakeNetwork();
  REQUIRE(made.ok());
  collab_v1::UpdateNetworkRequest wanted;
  wanted.mutable_network()->set_id(made->id());
  wanted.mutable_network()->set_title("Vores kor");
  wanted.mutable_update_mask()->add_paths("title");
  const auto update = [&](const Caller& caller) {
    return towns.Do(caller, [&](storage::Transaction& transaction) {
      return collab::UpdateNetwork(transaction, wanted, towns.ActorOf(caller));
    });
  };
  CHECK(base::ReasonOf(update(towns.fjordby).status()) == errors::v1::ERROR_REASON_NOT_ALLOWED);
  CHECK(update(towns.horsens).ok());
  // Once its association has left, the other town hears no more of it; the association does, of
  // what was until then.
  collab_v1::RemoveNetworkMemberRequest leave;
  leave.set_network_id(made->id());
  leave.set_association_id(towns.theirs);
  REQUIRE(towns
              .Do(towns.their_association,
                  [&](storage::Transaction& transaction) {
                    return collab::RemoveNetworkMember(transaction, leave,
                                                       towns.ActorOf(towns.their_association));
                  })
              .ok());
  CHECK_FALSE(towns.Network(towns.fjordby, made->id()).ok());
  CHECK(towns.Network(towns.their_association, made->id()).ok());
}

TEST_CASE("a mailing list has a member elsewhere only if that agreed to be contacted there") {
  TwoTowns towns;
  const auto made = towns.MakeNetwork();
  REQUIRE(made.ok());
  const auto list = [&] {
    const ScopedStore scoped(*towns.store, towns.horsens);
    const auto snapshot = scoped.Latest();
    auto told = collab::GetNetworkMailingList(**snapshot, made->id(), "0615", {.name = "user:1"});
    REQUIRE(told.ok());
    return *std::move(told);
  };
  towns.Agree(towns.ours, false);
  auto told = list();
  CHECK(told.entries().empty());
  REQUIRE(told.omissions_size() == 2);
  CHECK(told.omissions(0).reason() == collab_v1::MAILING_LIST_REASON_NO_CONSENT);
  CHECK(told.omissions(1).reason() == collab_v1::MAILING_LIST_REASON_NOT_SEEN);
  CHECK(told.omissions(1).title().empty());
  towns.Agree(towns.theirs, false);
  CHECK(list().omissions(1).reason() == collab_v1::MAILING_LIST_REASON_NO_CONSENT);
  towns.Agree(towns.ours, true);
  towns.Agree(towns.theirs, true);
  told = list();
  CHECK(told.omissions().empty());
  REQUIRE(told.entries_size() == 2);
  CHECK(told.entries(1).email() == "post@0998.example");
}

}  // namespace brobygger::scope
