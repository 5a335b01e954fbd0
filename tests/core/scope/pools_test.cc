// Whom it is told how funds fit an association, and who may say what about premises.
#include <catch2/catch.hpp>

#include "brobygger/grant/v1/pool_service.pb.h"
#include "brobygger/grant/v1/premises_service.pb.h"

#include "tests/core/scope/world.h"
#include "tests/support/grpc_errors.h"

namespace brobygger::scope {
namespace {

using access::Caller;
using access::CallerKind;

// Calls the method whose request this is.
Answer Send(World& world, const Caller& caller, const google::protobuf::Message& request) {
  world.CallAs(caller);
  const auto& service = *request.GetDescriptor()->file()->service(0);
  for (int i = 0; i < service.method_count(); ++i) {
    if (service.method(i)->input_type() != request.GetDescriptor()) continue;
    return world.Call(*service.method(i), request.SerializeAsString());
  }
  FAIL("no method takes " << request.GetDescriptor()->full_name());
  return {};
}

Caller Itself(const Planted& planted, const std::string& id) {
  Caller caller = CallerOf(CallerKind::kAssociation, planted);
  caller.association_id = id;
  return caller;
}

// Two applications for one activity, of two departments.
void ApplyTwice(World& world, const std::string& association_id) {
  const auto written = world.store().Write("test", [&](storage::Transaction& transaction) {
    for (const char* const department : {"department_id", "second_department_id"}) {
      grant::v1::GrantApplication application;
      application.set_id(std::string("application-") + department);
      application.set_title("Sommerlejr");
      application.set_state(grant::v1::GRANT_STATE_GRANTED);
      application.set_department_id(world.ours.ids.at(department));
      application.set_assigned_association_id(association_id);
      const auto put = transaction.Put(storage::Kind::kGrantApplication, application.id(),
                                       application.SerializeAsString(),
                                       {{storage::Index::kGrantByAssignment, association_id}});
      if (!put.ok()) return put;
    }
    return absl::OkStatus();
  });
  REQUIRE(written.ok());
}

}  // namespace

TEST_CASE("how funds fit is told to the association and to its municipality alone") {
  World world;
  world.AgreeToCentres(world.ours);
  const std::string& id = world.ours.ids.at("association_id");
  grant::v1::FitPoolsRequest request;
  const auto reason = [&](const Caller& caller, const std::string& about) {
    request.set_association_id(about);
    return support::ReasonOf(Send(world, caller, request).status);
  };
  CHECK(reason(CallerOf(CallerKind::kEmployee, world.ours), id).empty());
  CHECK(reason(Itself(world.ours, id), id).empty());
  const std::string& open = world.ours.open_association;
  CHECK(reason(Itself(world.ours, id), open) == "ASSOCIATION_NOT_FOUND");
  CHECK(reason(CallerOf(CallerKind::kVolunteerCentre, world.ours), id) == "ASSOCIATION_NOT_FOUND");
  // Both see its public part.
  CHECK(reason(CallerOf(CallerKind::kVolunteerCentre, world.ours), open) ==
        "ASSOCIATION_NOT_FOUND");
  CHECK(reason(CallerOf(CallerKind::kEmployee, world.theirs), open) == "ASSOCIATION_NOT_FOUND");
}

TEST_CASE("what was applied for twice is told beside it to who may read applications") {
  World world;
  const std::string& id = world.ours.ids.at("association_id");
  ApplyTwice(world, id);
  grant::v1::FitPoolsRequest request;
  request.set_association_id(id);
  const auto overlaps = [&](const Caller& caller) {
    const Answer answer = Send(world, caller, request);
    REQUIRE(answer.status.ok());
    grant::v1::FitPoolsResponse response;
    REQUIRE(response.ParseFromString(answer.messages.front()));
    CHECK(response.applications_size() == 2 * response.overlaps_size());
    return response.overlaps_size();
  };
  Caller employee = CallerOf(CallerKind::kEmployee, world.ours);
  CHECK(overlaps(employee) == 1);
  employee.rights.erase(access::v1::RIGHT_GRANTS_READ);
  CHECK(overlaps(employee) == 0);
}

TEST_CASE(
    "a fund of another municipality in a file is refused by its place, and so is a national one") {
  World world;
  grant::v1::ImportPoolsRequest request;
  for (const std::string& code : {world.ours.municipality_code, world.theirs.municipality_code}) {
    auto& pool = *request.add_pools();
    pool.set_key("a");
    pool.set_title("Pulje");
    pool.set_municipality_code(code);
  }
  const auto employee = CallerOf(CallerKind::kEmployee, world.ours);
  const auto refused = [&] {
    const Answer answer = Send(world, employee, request);
    CHECK(support::ReasonOf(answer.status) == "NOT_ALLOWED");
    CHECK(answer.status.error_message().starts_with("pools[1].municipality_code: "));
  };
  refused();
  request.mutable_pools(1)->clear_municipality_code();
  refused();
  request.mutable_pools()->RemoveLast();
  CHECK(Send(world, employee, request).status.ok());
}

TEST_CASE("an association says what it needs itself, and allocates nothing") {
  World world;
  const std::string& id = world.ours.ids.at("association_id");
  grant::v1::StatePremisesNeedRequest need;
  need.mutable_need()->set_association_id(id);
  need.mutable_need()->set_title("Lektiehjælp");
  const auto itself = Itself(world.ours, id);
  const Answer stated = Send(world, itself, need);
  INFO(stated.status.error_message());
  REQUIRE(stated.status.ok());
  grant::v1::StatePremisesNeedResponse response;
  REQUIRE(response.ParseFromString(stated.messages.front()));
  CHECK(response.need().stated_by() == registry::v1::PERSPECTIVE_ASSOCIATION);

  need.mutable_need()->set_association_id(world.ours.open_association);
  CHECK(support::ReasonOf(Send(world, itself, need).status) == "ASSOCIATION_NOT_FOUND");
  const auto centre = CallerOf(CallerKind::kVolunteerCentre, world.ours);
  CHECK(support::ReasonOf(Send(world, centre, need).status) == "NOT_ALLOWED");

  grant::v1::AllocatePremisesRequest allocate;
  auto& premises = *allocate.mutable_premises();
  premises.set_association_id(id);
  premises.set_department_id(world.ours.ids.at("department_id"));
  premises.set_place("Kulturhuset");
  premises.mutable_slot()->set_weekday(grant::v1::WEEKDAY_MONDAY);
  premises.mutable_slot()->set_from_time("10:00");
  premises.mutable_slot()->set_to_time("11:00");
  premises.mutable_season()->set_from_date("2027-01-01");
  premises.mutable_season()->set_to_date("2027-02-01");
  CHECK(support::ReasonOf(Send(world, itself, allocate).status) == "NOT_ALLOWED");
  const auto theirs = CallerOf(CallerKind::kEmployee, world.theirs);
  premises.set_association_id(world.ours.open_association);
  CHECK(support::ReasonOf(Send(world, theirs, allocate).status) == "NOT_ALLOWED");
  CHECK(Send(world, CallerOf(CallerKind::kEmployee, world.ours), allocate).status.ok());
}

TEST_CASE("who has a place is told as far as the caller may see") {
  World world;
  grant::v1::AllocatePremisesRequest allocate;
  auto& premises = *allocate.mutable_premises();
  premises.set_department_id(world.ours.ids.at("department_id"));
  premises.set_place("Kulturhuset");
  premises.mutable_slot()->set_weekday(grant::v1::WEEKDAY_MONDAY);
  premises.mutable_slot()->set_from_time("10:00");
  premises.mutable_slot()->set_to_time("11:00");
  premises.mutable_season()->set_from_date("2027-01-01");
  premises.mutable_season()->set_to_date("2027-02-01");
  // The operator gives it to an association of another municipality that agreed to nothing.
  premises.set_association_id(world.theirs.ids.at("association_id"));
  REQUIRE(Send(world, access::LocalOperator(), allocate).status.ok());
  premises.set_association_id(world.ours.ids.at("association_id"));
  const Answer taken = Send(world, CallerOf(CallerKind::kEmployee, world.ours), allocate);
  CHECK(support::ReasonOf(taken.status) == "ALREADY_EXISTS");
  CHECK(taken.status.error_message().find("by another association") != std::string::npos);
  CHECK(taken.Text().find(world.theirs.word) == std::string::npos);
}

}  // namespace brobygger::scope
