// That a record which may not be seen is answered as one that is not there, wherever it is named.
#include <algorithm>
#include <memory>
#include <set>

#include <absl/strings/str_replace.h>
#include <catch2/catch.hpp>

#include "brobygger/contact/v1/contact_service.pb.h"

#include "core/access/access.h"
#include "core/base/day.h"
#include "tests/core/scope/requests.h"
#include "tests/core/scope/world.h"
#include "tests/support/grpc_errors.h"

namespace brobygger::scope {
namespace {

using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

// An id like this one, of nothing.
std::string Missing(std::string id) {
  if (id.starts_with("kilde")) return absl::StrReplaceAll(id, {{"kilde2", "kilde9"}});
  return id.replace(0, 8, "99999999");
}

// Whether the municipality keeps the record to itself.
bool IsKept(const std::string& id, const Planted& planted) {
  for (const char* open : {"department_id", "second_department_id", "assignment_id", "policy_id",
                           "coordination_group_id", "other_association_id", "pool_id"}) {
    if (planted.ids.at(open) == id) return false;
  }
  return !id.empty() && id != planted.municipality_code;
}

std::string Told(const MethodDescriptor& method, const Answer& answer) {
  std::string told = std::to_string(answer.status.error_code()) + answer.status.error_message();
  // Facts about an error come in any order.
  std::string facts = answer.status.error_details();
  std::sort(facts.begin(), facts.end());
  told += facts;
  // What a write that went through made has an id and a time of its own.
  const bool made = answer.status.ok() && access::IsToWrite(access::AccessOf(method)->right());
  for (const std::string& message : answer.messages) told += made ? "" : message;
  return told;
}

// A place of a request, and what stands around it there.
struct Probe {
  const MethodDescriptor* method;
  Path place;
  bool full;
};

std::string Ask(World& world, const Probe& probe, const std::string& id) {
  world.CallAs(CallerOf(access::CallerKind::kEmployee, world.ours));
  auto request = RequestAbout(*probe.method, world.ours);
  if (!probe.full) request->Clear();
  SetFlags(false, *request);
  PutAt(probe.place, id, *request);
  Answer answer = world.Call(*probe.method, request->SerializeAsString());
  // Which id it was is no difference.
  const std::string same(id.size(), '?');
  for (std::string& message : answer.messages) message = absl::StrReplaceAll(message, {{id, same}});
  answer.status = grpc::Status(answer.status.error_code(),
                               absl::StrReplaceAll(answer.status.error_message(), {{id, same}}),
                               absl::StrReplaceAll(answer.status.error_details(), {{id, same}}));
  return Told(*probe.method, answer);
}

void Compare(World& world, const Probe& probe) {
  const std::string id = IdFor(*probe.place.back(), world.theirs);
  const std::string theirs = Ask(world, probe, id);
  const std::string missing = Ask(world, probe, Missing(id));
  INFO(probe.method->full_name() << " at " << probe.place.back()->full_name());
  CHECK(theirs == missing);
}

// A connection's id is chosen by who makes it, so that it is taken cannot be kept from them.
bool IsChosen(const Probe& probe) {
  return probe.method->name() == "CreateConnection" && probe.place.back()->name() == "id";
}

TEST_CASE("what may not be seen is answered as what is not there") {
  int compared = 0;
  World reads;
  for (const MethodDescriptor* method : AllMethods()) {
    const auto access = access::AccessOf(*method);
    if (access->scope() != access::v1::SCOPE_CALLER) continue;
    for (const Path& place : PlacesOfRecords(*method)) {
      if (!IsKept(IdFor(*place.back(), reads.theirs), reads.theirs)) continue;
      for (const bool full : {false, true}) {
        const Probe probe{method, place, full};
        if (IsChosen(probe)) continue;
        // What is filled in may be done, to what is the caller's own.
        const bool writes = full && access::IsToWrite(access->right());
        const auto own = writes ? std::make_unique<World>() : nullptr;
        Compare(writes ? *own : reads, probe);
        ++compared;
      }
    }
  }
  CHECK(compared > 100);
}

TEST_CASE("a retry of somebody else's request is not answered with their answer") {
  World world;
  contact::v1::AddTouchpointRequest request;
  request.set_request_id("5d6bd3de-0000-4000-8000-000000000001");
  request.mutable_touchpoint()->set_association_id(world.theirs.ids.at("plain_association_id"));
  request.mutable_touchpoint()->set_department_id(world.theirs.ids.at("department_id"));
  request.mutable_touchpoint()->set_date(base::DanishDayOf(base::SystemClock().Now()));
  request.mutable_touchpoint()->set_channel(contact::v1::CONTACT_CHANNEL_MEETING);
  const MethodDescriptor* const method =
      request.GetDescriptor()->file()->service(0)->FindMethodByName("AddTouchpoint");
  const auto add = [&](const Planted& planted) {
    world.CallAs(CallerOf(access::CallerKind::kEmployee, planted));
    return world.Call(*method, request.SerializeAsString());
  };
  const Answer first = add(world.theirs);
  INFO(first.status.error_message());
  REQUIRE(first.status.ok());
  CHECK(add(world.theirs).messages == first.messages);
  CHECK(support::ReasonOf(add(world.ours).status) == "ASSOCIATION_NOT_FOUND");
}

TEST_CASE("what may be seen and not changed is answered with NOT_ALLOWED") {
  const std::set<std::string> kWrites = {"UpdateDepartment",
                                         "AssignTask",
                                         "WithdrawTask",
                                         "PutPolicy",
                                         "DeletePolicy",
                                         "PutCoordinationGroup",
                                         "DeleteCoordinationGroup",
                                         "ImportDepartments",
                                         "CreateDepartment",
                                         "AddTouchpoint",
                                         "CreateEvent",
                                         "CreateFeedKey",
                                         "AddPerson",
                                         "CreateApiKey",
                                         "ImportPools",
                                         "SetPoolState"};
  int refused = 0;
  World world;
  world.CallAs(CallerOf(access::CallerKind::kEmployee, world.ours));
  // With the association that may be seen, so that nothing named is hidden.
  Planted seen = world.theirs;
  seen.ids["association_id"] = seen.open_association;
  for (const MethodDescriptor* method : AllMethods()) {
    if (!kWrites.contains(method->name())) continue;
    std::set<std::string> reasons;
    // All of it, and all but one thing: of two ways to name something only one may be used.
    auto places = PlacesOfRecords(*method);
    places.emplace_back();
    for (const Path& place : places) {
      const auto request = RequestAbout(*method, seen);
      if (!place.empty()) PutAt(place, "", *request);
      const Answer answer = world.Call(*method, request->SerializeAsString());
      CHECK_FALSE(answer.status.ok());
      reasons.insert(support::ReasonOf(answer.status));
      UNSCOPED_INFO(method->full_name() << ": " << answer.status.error_message());
    }
    CHECK(reasons.contains("NOT_ALLOWED"));
    ++refused;
  }
  CHECK(refused == static_cast<int>(kWrites.size()));
}

}  // namespace
}  // namespace brobygger::scope
