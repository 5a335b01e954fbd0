// The municipality's side over the wire: who may call what, retries, dry runs, errors.
#include "core/rpc/municipality_service.h"

#include <catch2/catch.hpp>

#include "core/registry/edit.h"
#include "tests/core/rpc/served.h"
#include "tests/support/grpc_errors.h"

namespace brobygger::rpc {
namespace {

namespace v1 = registry::v1;
using Stub = v1::MunicipalityService::Stub;
using support::ReasonOf;

constexpr char kRetry[] = "5b6fbe3c-62cc-4f0c-b7a8-3f6c8f0e2c21";

// The service over a store with one department, for one caller.
class ServedMunicipality {
 public:
  explicit ServedMunicipality(access::Caller caller = access::LocalOperator())
      : callers_(std::move(caller)) {
    clock_.Set(base::SystemClock().Now());
    (void)store_->Write("operator", [&](storage::Transaction& transaction) {
      v1::Department wanted;
      wanted.set_official_name("Kultur og Fritid");
      wanted.set_municipality_code("0615");
      const auto made = registry::CreateDepartment(transaction, wanted, "operator");
      if (made.ok()) culture = *made;
      return made.status();
    });
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address(), grpc::InsecureServerCredentials());
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    channel_ = grpc::CreateChannel(address(), grpc::InsecureChannelCredentials());
    stub_ = v1::MunicipalityService::NewStub(channel_);
  }
  ~ServedMunicipality() {
    server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(5));
  }
  ServedMunicipality(const ServedMunicipality&) = delete;
  ServedMunicipality& operator=(const ServedMunicipality&) = delete;

  template <typename Response, typename Request>
  std::pair<grpc::Status, Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                                      const Request&,
                                                                      Response*),
                                         const Request& request) {
    grpc::ClientContext context;
    Served::Prepare(context);
    Response response;
    grpc::Status status = ((*stub_).*method)(&context, request, &response);
    return {std::move(status), std::move(response)};
  }

  // Calls a method with an empty request.
  grpc::Status CallEmpty(const std::string& path) {
    grpc::GenericStub stub(channel_);
    grpc::ClientContext context;
    Served::Prepare(context);
    const grpc::Slice nothing("");
    const grpc::ByteBuffer request(&nothing, 1);
    grpc::ByteBuffer response;
    grpc::Status status;
    absl::Notification done;
    stub.UnaryCall(&context, path, grpc::StubOptions(), &request, &response,
                   [&](grpc::Status result) {
                     status = std::move(result);
                     done.Notify();
                   });
    done.WaitForNotification();
    return status;
  }

  storage::Revision revision() const { return (*store_->Latest())->revision(); }

  v1::Department culture;

 private:
  std::string address() const { return "unix:" + (folder_.path() / "hub.sock").string(); }

  support::TempFolder folder_;
  support::FakeClock clock_;
  OneCaller callers_;
  std::unique_ptr<storage::Store> store_ = storage::OpenMemoryStore(clock_);
  Door door_{callers_, DoorOptions()};
  MunicipalityService service_{*store_, door_};
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<Stub> stub_;
};

v1::ImportDepartmentsRequest Directory() {
  v1::ImportDepartmentsRequest request;
  request.set_municipality_code("0615");
  auto& unit = *request.add_departments();
  unit.set_os2mo_id("00000000-0000-4000-8000-000000000001");
  unit.set_official_name("Social og Sundhed");
  return request;
}

TEST_CASE("who may read the registry sees the municipality's side and changes none of it") {
  const auto right = GENERATE(access::v1::RIGHT_REGISTRY_READ, access::v1::RIGHT_MUNICIPALITY_WRITE,
                              access::v1::RIGHT_REGISTRY_WRITE);
  ServedMunicipality served(access::Caller{"somebody", {right}});
  const auto* service =
      v1::ListTasksRequest::descriptor()->file()->FindServiceByName("MunicipalityService");
  int open = 0;
  for (int i = 0; i < service->method_count(); ++i) {
    const auto* method = service->method(i);
    const grpc::Status status = served.CallEmpty("/" + service->full_name() + "/" + method->name());
    const bool refused = status.error_code() == grpc::StatusCode::PERMISSION_DENIED;
    INFO(method->name());
    CHECK(refused == (access::AccessOf(*method)->right() != right));
    CHECK(status.error_code() != grpc::StatusCode::UNIMPLEMENTED);
    open += refused ? 0 : 1;
  }
  const std::map<int, int> expected = {{access::v1::RIGHT_REGISTRY_READ, 3},
                                       {access::v1::RIGHT_MUNICIPALITY_WRITE, 8},
                                       {access::v1::RIGHT_REGISTRY_WRITE, 0}};
  CHECK(open == expected.at(right));
}

TEST_CASE("a department is changed once, however often the request comes") {
  ServedMunicipality served;
  v1::UpdateDepartmentRequest request;
  request.set_request_id(kRetry);
  *request.mutable_department() = served.culture;
  request.mutable_department()->set_contact_phone("10550101");
  request.mutable_update_mask()->add_paths("contact_phone");
  const auto [first, changed] = served.Call(&Stub::UpdateDepartment, request);
  INFO(first.error_message());
  REQUIRE(first.ok());
  CHECK(changed.department().contact_phone() == "+4510550101");
  const auto [second, again] = served.Call(&Stub::UpdateDepartment, request);
  REQUIRE(second.ok());
  CHECK(again.department().etag() == changed.department().etag());
  request.clear_request_id();
  const auto stale = served.Call(&Stub::UpdateDepartment, request).first;
  CHECK(stale.error_code() == grpc::StatusCode::ABORTED);
  CHECK(ReasonOf(stale) == "ETAG_MISMATCH");
}

TEST_CASE("a directory that is only tried changes nothing and says what it would") {
  ServedMunicipality served;
  auto request = Directory();
  request.set_validate_only(true);
  const auto before = served.revision();
  const auto [tried, would] = served.Call(&Stub::ImportDepartments, request);
  INFO(tried.error_message());
  REQUIRE(tried.ok());
  CHECK(would.created_count() == 1);
  CHECK(served.revision() == before);
  request.set_validate_only(false);
  CHECK(served.Call(&Stub::ImportDepartments, request).second.created_count() == 1);
  CHECK(served.revision() == before + 1);
  request.mutable_departments(0)->clear_official_name();
  const auto refused = served.Call(&Stub::ImportDepartments, request).first;
  CHECK(refused.error_code() == grpc::StatusCode::INVALID_ARGUMENT);
  CHECK(refused.error_message().starts_with("departments[0].official_name"));
}

TEST_CASE("tasks are assigned, listed with their titles, and withdrawn") {
  ServedMunicipality served;
  v1::AssignTaskRequest assign;
  assign.mutable_assignment()->set_department_id(served.culture.id());
  assign.mutable_assignment()->set_kle_number("18.15");
  assign.mutable_assignment()->set_aspect(v1::KleAssignment::ASPECT_RESPONSIBLE);
  const auto [made, assigned] = served.Call(&Stub::AssignTask, assign);
  INFO(made.error_message());
  REQUIRE(made.ok());
  v1::ListTasksRequest list;
  list.set_municipality_code("0615");
  const auto listed = served.Call(&Stub::ListTasks, list).second;
  REQUIRE(listed.assignments_size() == 1);
  CHECK(listed.assignments(0).kle_title() == "Folkeoplysning");
  v1::WithdrawTaskRequest withdraw;
  withdraw.set_assignment_id(assigned.assignment().id());
  CHECK(served.Call(&Stub::WithdrawTask, withdraw).first.ok());
  CHECK(served.Call(&Stub::ListTasks, list).second.assignments().empty());
}

TEST_CASE("policies and groups are kept, listed and taken away over the wire") {
  ServedMunicipality served;
  v1::PutPolicyRequest put;
  put.mutable_policy()->set_municipality_code("0615");
  put.mutable_policy()->set_kind(v1::Policy::KIND_CIVIL_SOCIETY);
  put.mutable_policy()->set_existence(v1::Policy::EXISTENCE_NONE);
  const auto policy = served.Call(&Stub::PutPolicy, put).second.policy();
  v1::ListPoliciesRequest policies;
  policies.set_municipality_code("0615");
  CHECK(served.Call(&Stub::ListPolicies, policies).second.policies_size() == 1);
  v1::DeletePolicyRequest remove;
  remove.set_policy_id(policy.id());
  CHECK(served.Call(&Stub::DeletePolicy, remove).first.ok());
  CHECK(ReasonOf(served.Call(&Stub::DeletePolicy, remove).first) == "POLICY_NOT_FOUND");

  REQUIRE(served.Call(&Stub::ImportDepartments, Directory()).first.ok());
  v1::PutCoordinationGroupRequest group;
  group.mutable_coordination_group()->set_municipality_code("0615");
  group.mutable_coordination_group()->set_official_name("Foreningsgruppen");
  group.mutable_coordination_group()->add_department_ids(served.culture.id());
  CHECK(ReasonOf(served.Call(&Stub::PutCoordinationGroup, group).first) == "FIELD_INVALID");
  v1::DeleteCoordinationGroupRequest no_group;
  no_group.set_coordination_group_id("nobody");
  CHECK(ReasonOf(served.Call(&Stub::DeleteCoordinationGroup, no_group).first) ==
        "COORDINATION_GROUP_NOT_FOUND");
  v1::ListCoordinationGroupsRequest groups;
  groups.set_municipality_code("0615");
  CHECK(served.Call(&Stub::ListCoordinationGroups, groups).first.ok());
}

}  // namespace
}  // namespace brobygger::rpc
