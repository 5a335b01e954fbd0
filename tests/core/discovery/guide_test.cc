#include "core/discovery/guide.h"

#include "core/base/day.h"
#include "core/discovery/way.h"
#include "core/registry/municipality_work.h"
#include "tests/core/discovery/town.h"

namespace brobygger::discovery {
namespace {

using registry::v1::KleAssignment;
using registry::v1::Policy;

struct Hall : Town {
  void Assign(const std::string& department, const std::string& kle, KleAssignment::Aspect aspect) {
    KleAssignment wanted;
    wanted.set_department_id(department);
    wanted.set_kle_number(kle);
    wanted.set_aspect(aspect);
    Write([&](storage::Transaction& transaction) {
      return registry::AssignTask(transaction, wanted);
    });
  }

  v1::FindWayResponse Way(registry::v1::Theme theme) {
    v1::FindWayRequest request;
    request.set_municipality_code("0615");
    request.set_theme(theme);
    const auto found = FindWay(**store->Latest(), request, clock.Now());
    INFO(found.status());
    REQUIRE(found.ok());
    return *found;
  }

  v1::GetGuideResponse Guide(const std::string& association = "") {
    v1::GetGuideRequest request;
    request.set_municipality_code("0615");
    request.set_association_id(association);
    const auto guide = GetGuide(Ask(), request);
    INFO(guide.status());
    REQUIRE(guide.ok());
    return *guide;
  }
};

TEST_CASE("an association finds the department that is responsible for its theme first") {
  Hall hall;
  hall.Assign(hall.culture, "18.15", KleAssignment::ASPECT_INSIGHT);
  hall.Assign(hall.integration, "18.15.05", KleAssignment::ASPECT_RESPONSIBLE);
  hall.Assign(hall.integration, "29", KleAssignment::ASPECT_RESPONSIBLE);
  const auto ways = hall.Way(registry::v1::THEME_ADULT_EDUCATION_AND_LEISURE);
  REQUIRE(ways.ways_size() == 2);
  CHECK(ways.ways(0).assignment().department_name() == "Integration");
  CHECK(ways.ways(0).contact_email() == "integration@horsens.example");
  CHECK(ways.ways(1).assignment().department_name() == "Kultur og Fritid");
  // Who has all of a field has each part of it.
  CHECK(hall.Way(registry::v1::THEME_HEALTH_AND_PREVENTION).ways_size() == 1);
  CHECK(hall.Way(registry::v1::THEME_LIBRARY).ways().empty());
  CHECK(hall.Way(registry::v1::THEME_UNSPECIFIED).ways_size() == 3);
}

TEST_CASE(
    "the guide tells what is open and whom to ask, and that there is no policy is an answer") {
  Hall hall;
  auto guide = hall.Guide();
  REQUIRE(guide.answers_size() == 5);
  for (const auto& answer : guide.answers()) {
    CHECK(answer.state() == v1::GUIDE_STATE_OPEN);
    CHECK(answer.ask_department_id().empty());
  }
  hall.Assign(hall.integration, "15.40", KleAssignment::ASPECT_RESPONSIBLE);
  Policy policy;
  policy.set_municipality_code("0615");
  policy.set_kind(Policy::KIND_INTEGRATION);
  policy.set_existence(Policy::EXISTENCE_NONE);
  hall.Write(
      [&](storage::Transaction& transaction) { return registry::PutPolicy(transaction, policy); });
  guide = hall.Guide();
  CHECK(guide.answers(0).state() == v1::GUIDE_STATE_PARTLY);
  CHECK(guide.answers(2).question() == v1::GUIDE_QUESTION_INTEGRATION_POLICY);
  CHECK(guide.answers(2).state() == v1::GUIDE_STATE_ANSWERED);
  CHECK(guide.answers(4).state() == v1::GUIDE_STATE_OPEN);
  CHECK(guide.answers(4).ask_department_name() == "Integration");
}

TEST_CASE("the guide asks five questions about an association, answered from its record") {
  Hall hall;
  const std::string lawan = hall.Associate("Lawan", registry::v1::THEME_CULTURE);
  const auto guide = hall.Guide(lawan);
  REQUIRE(guide.answers_size() == 10);
  CHECK(guide.answers(5).question() == v1::GUIDE_QUESTION_INTEREST);
  CHECK(guide.answers(5).state() == v1::GUIDE_STATE_OPEN);
  // Activities are known, purpose and statutes are not.
  CHECK(guide.answers(6).state() == v1::GUIDE_STATE_PARTLY);
}

}  // namespace
}  // namespace brobygger::discovery
