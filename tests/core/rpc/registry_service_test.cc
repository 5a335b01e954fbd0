#include "core/rpc/registry_service.h"

#include <catch2/catch.hpp>

#include "core/base/id.h"
#include "core/storage/sqlite/sqlite_store.h"
#include "tests/core/rpc/served.h"
#include "tests/support/grpc_errors.h"

namespace brobygger::rpc {
namespace {

using Stub = registry::v1::RegistryService::Stub;
using grpc::StatusCode;
using support::ReasonOf;
namespace v1 = registry::v1;

v1::CreateAssociationRequest Wanted(const std::string& official_name) {
  v1::CreateAssociationRequest request;
  request.mutable_association()->set_official_name(official_name);
  request.mutable_association()->set_municipality_code("0615");
  return request;
}

v1::Association Create(Served& hub, const std::string& official_name) {
  const auto [status, response] = hub.Call(&Stub::CreateAssociation, Wanted(official_name));
  INFO(status.error_message());
  REQUIRE(status.ok());
  return response.association();
}

v1::GetAssociationRequest ById(const std::string& id) {
  v1::GetAssociationRequest request;
  request.set_association_id(id);
  return request;
}

int CountAll(Served& hub) {
  const auto [status, response] = hub.Call(&Stub::ListAssociations, v1::ListAssociationsRequest());
  REQUIRE(status.ok());
  return response.associations_size();
}

TEST_CASE("an association is made, read, changed, deleted and taken back") {
  Served hub;
  const auto made = Create(hub, "Lawan Kurdisk Ungdom");
  CHECK_FALSE(made.id().empty());

  const auto [got_status, got] = hub.Call(&Stub::GetAssociation, ById(made.id()));
  REQUIRE(got_status.ok());
  CHECK(got.association().SerializeAsString() == made.SerializeAsString());

  v1::UpdateAssociationRequest change;
  change.mutable_association()->set_id(made.id());
  change.mutable_association()->set_etag(made.etag());
  change.mutable_association()->set_official_name("LAWAN");
  change.mutable_update_mask()->add_paths("official_name");
  const auto [changed_status, changed] = hub.Call(&Stub::UpdateAssociation, change);
  INFO(changed_status.error_message());
  REQUIRE(changed_status.ok());
  CHECK(changed.association().official_name() == "LAWAN");
  CHECK(changed.revision() == 2);

  v1::DeleteAssociationRequest removal;
  removal.set_association_id(made.id());
  const auto [deleted_status, deleted] = hub.Call(&Stub::DeleteAssociation, removal);
  REQUIRE(deleted_status.ok());
  CHECK(deleted.association().has_delete_time());
  CHECK(CountAll(hub) == 0);

  v1::UndeleteAssociationRequest back;
  back.set_association_id(made.id());
  const auto [back_status, live] = hub.Call(&Stub::UndeleteAssociation, back);
  REQUIRE(back_status.ok());
  CHECK_FALSE(live.association().has_delete_time());
  CHECK(CountAll(hub) == 1);

  v1::ListAssociationHistoryRequest history;
  history.set_association_id(made.id());
  const auto [history_status, versions] = hub.Call(&Stub::ListAssociationHistory, history);
  REQUIRE(history_status.ok());
  REQUIRE(versions.versions_size() == 4);
  CHECK(versions.versions(0).revision() == 4);
  CHECK(versions.versions(3).actor() == "operator");
}

TEST_CASE("an association is read as it was") {
  Served hub;
  const auto made = Create(hub, "LAWAN");
  v1::DeleteAssociationRequest removal;
  removal.set_association_id(made.id());
  REQUIRE(hub.Call(&Stub::DeleteAssociation, removal).first.ok());

  auto then = ById(made.id());
  then.mutable_as_of()->set_revision(1);
  CHECK_FALSE(hub.Call(&Stub::GetAssociation, then).second.association().has_delete_time());
  CHECK(hub.Call(&Stub::GetAssociation, ById(made.id())).second.association().has_delete_time());
  then.mutable_as_of()->set_revision(99);
  const auto status = hub.Call(&Stub::GetAssociation, then).first;
  CHECK(status.error_code() == StatusCode::OUT_OF_RANGE);
  CHECK(ReasonOf(status) == "REVISION_UNKNOWN");
}

TEST_CASE("relations, departments and municipalities are served") {
  Served hub;
  v1::CreateRelationRequest relate;
  relate.mutable_relation()->set_from_association_id(Create(hub, "Lokal").id());
  relate.mutable_relation()->set_to_association_id(Create(hub, "Land").id());
  relate.mutable_relation()->set_kind(v1::AssociationRelation::KIND_BRANCH_OF);
  const auto [related_status, related] = hub.Call(&Stub::CreateRelation, relate);
  INFO(related_status.error_message());
  REQUIRE(related_status.ok());

  v1::ListRelationsRequest of;
  of.set_association_id(relate.relation().to_association_id());
  CHECK(hub.Call(&Stub::ListRelations, of).second.relations_size() == 1);
  v1::DeleteRelationRequest unrelate;
  unrelate.set_relation_id(related.relation().id());
  CHECK(hub.Call(&Stub::DeleteRelation, unrelate).second.revision() == 4);
  CHECK(hub.Call(&Stub::ListRelations, of).second.relations_size() == 0);
  CHECK(ReasonOf(hub.Call(&Stub::DeleteRelation, unrelate).first) == "RELATION_NOT_FOUND");

  v1::CreateDepartmentRequest department;
  department.mutable_department()->set_official_name("Kultur og Fritid");
  department.mutable_department()->set_municipality_code("0615");
  const auto department_status = hub.Call(&Stub::CreateDepartment, department).first;
  INFO(department_status.error_message());
  CHECK(department_status.ok());
  department.mutable_department()->set_parent_department_id(base::MakeUuid());
  CHECK(ReasonOf(hub.Call(&Stub::CreateDepartment, department).first) == "DEPARTMENT_NOT_FOUND");
  CHECK(hub.Call(&Stub::ListDepartments, v1::ListDepartmentsRequest()).second.departments_size() ==
        1);
  CHECK(hub.Call(&Stub::ListMunicipalities, v1::ListMunicipalitiesRequest())
            .second.municipalities_size() == 99);
}

TEST_CASE("an id that is not known is NOT_FOUND with its reason") {
  Served hub;
  const std::string id = base::MakeUuid();
  const auto status = hub.Call(&Stub::GetAssociation, ById(id)).first;
  CHECK(status.error_code() == StatusCode::NOT_FOUND);
  CHECK(ReasonOf(status) == "ASSOCIATION_NOT_FOUND");
  v1::DeleteAssociationRequest removal;
  removal.set_association_id(id);
  CHECK(ReasonOf(hub.Call(&Stub::DeleteAssociation, removal).first) == "ASSOCIATION_NOT_FOUND");
  v1::UndeleteAssociationRequest back;
  back.set_association_id(Create(hub, "LAWAN").id());
  CHECK(ReasonOf(hub.Call(&Stub::UndeleteAssociation, back).first) == "ASSOCIATION_NOT_DELETED");
}

TEST_CASE("a write that somebody else overtook is ABORTED") {
  Served hub;
  v1::DeleteAssociationRequest removal;
  removal.set_association_id(Create(hub, "LAWAN").id());
  removal.set_etag("an older one");
  const auto status = hub.Call(&Stub::DeleteAssociation, removal).first;
  CHECK(status.error_code() == StatusCode::ABORTED);
  CHECK(ReasonOf(status) == "ETAG_MISMATCH");
}

TEST_CASE("a request that is wrong in any state is INVALID_ARGUMENT") {
  Served hub;
  auto wanted = Wanted("");
  CHECK(ReasonOf(hub.Call(&Stub::CreateAssociation, wanted).first) == "FIELD_INVALID");
  wanted = Wanted("Kontakt 010190-1234");
  CHECK(ReasonOf(hub.Call(&Stub::CreateAssociation, wanted).first) == "CPR_REFUSED");
  v1::ListAssociationsRequest list;
  list.set_filter("official_name :");
  CHECK(ReasonOf(hub.Call(&Stub::ListAssociations, list).first) == "FILTER_INVALID");
  list.clear_filter();
  list.set_page_token("made up");
  const auto status = hub.Call(&Stub::ListAssociations, list).first;
  CHECK(status.error_code() == StatusCode::INVALID_ARGUMENT);
  CHECK(ReasonOf(status) == "PAGE_TOKEN_INVALID");
  CHECK(CountAll(hub) == 0);
}

TEST_CASE("asking whether a write would work writes nothing") {
  Served hub;
  auto wanted = Wanted("LAWAN");
  wanted.set_validate_only(true);
  const auto [status, response] = hub.Call(&Stub::CreateAssociation, wanted);
  REQUIRE(status.ok());
  CHECK(response.association().official_name() == "LAWAN");
  CHECK(response.revision() == 0);
  CHECK((*hub.store().Latest())->revision() == 0);

  wanted.mutable_association()->clear_official_name();
  CHECK(ReasonOf(hub.Call(&Stub::CreateAssociation, wanted).first) == "FIELD_INVALID");
}

TEST_CASE("a retried write is done once and answered the same") {
  Served hub;
  auto wanted = Wanted("LAWAN");
  wanted.set_request_id(base::MakeUuid());
  const auto first = hub.Call(&Stub::CreateAssociation, wanted).second;
  const auto [status, again] = hub.Call(&Stub::CreateAssociation, wanted);
  REQUIRE(status.ok());
  CHECK(again.SerializeAsString() == first.SerializeAsString());
  CHECK(CountAll(hub) == 1);

  wanted.mutable_association()->set_official_name("Another");
  const auto reused = hub.Call(&Stub::CreateAssociation, wanted).first;
  CHECK(reused.error_code() == StatusCode::INVALID_ARGUMENT);
  CHECK(ReasonOf(reused) == "REQUEST_ID_REUSED");
}

TEST_CASE("a retried write is answered the same by a hub that was started again") {
  const support::TempFolder folder;
  storage::SqliteOptions options;
  options.path = folder.path() / "registry.db";
  auto wanted = Wanted("LAWAN");
  wanted.set_request_id(base::MakeUuid());
  std::string first;
  {
    Served hub(*storage::OpenSqliteStore(options));
    first = hub.Call(&Stub::CreateAssociation, wanted).second.SerializeAsString();
  }
  Served hub(*storage::OpenSqliteStore(options));
  const auto [status, again] = hub.Call(&Stub::CreateAssociation, wanted);
  REQUIRE(status.ok());
  CHECK(again.SerializeAsString() == first);
  CHECK(CountAll(hub) == 1);
}

TEST_CASE("a write whose deadline has passed right before the commit writes nothing") {
  Served hub;
  hub.clock().Advance(std::chrono::hours(1));
  const auto status = hub.Call(&Stub::CreateAssociation, Wanted("LAWAN")).first;
  CHECK(status.error_code() == StatusCode::DEADLINE_EXCEEDED);
  CHECK(ReasonOf(status) == "DEADLINE_PASSED");
  CHECK((*hub.store().Latest())->revision() == 0);
}

TEST_CASE("a write whose caller has hung up writes nothing") {
  Served hub;
  absl::Notification busy;
  absl::Notification release;
  // The writer's thread is kept from the call's body until the call is cancelled.
  hub.store().Submit(
      "test",
      [&](storage::Transaction&) {
        busy.Notify();
        release.WaitForNotification();
        return absl::OkStatus();
      },
      [](const absl::StatusOr<storage::Revision>&) {});
  busy.WaitForNotification();

  grpc::ClientContext context;
  Served::Prepare(context);
  const auto wanted = Wanted("LAWAN");
  v1::CreateAssociationResponse response;
  absl::Notification answered;
  hub.registry().async()->CreateAssociation(&context, &wanted, &response,
                                            [&](const grpc::Status&) { answered.Notify(); });
  while (hub.door().in_flight() == 0) std::this_thread::yield();
  context.TryCancel();
  answered.WaitForNotification();
  // What is sent on one connection arrives in order, so the hub has heard of the
  // cancellation by the time it has answered these.
  for (int i = 0; i < 20; ++i) hub.Call(&Stub::GetAssociation, ById("x"));
  release.Notify();
  while (hub.door().in_flight() != 0) std::this_thread::yield();
  CHECK(CountAll(hub) == 0);
}

TEST_CASE("requests that no stub would send get their code and reason") {
  Served hub;
  const std::string get = "/brobygger.registry.v1.RegistryService/GetAssociation";
  const std::string create = "/brobygger.registry.v1.RegistryService/CreateAssociation";

  const auto not_utf8 = hub.CallRaw(get, "\x0a\x02\xc3\x28");
  CHECK(not_utf8.error_code() == StatusCode::INVALID_ARGUMENT);
  CHECK(ReasonOf(not_utf8) == "FIELD_INVALID");

  const auto unknown = hub.CallRaw(create, "\xc0\x3e\x01");
  CHECK(unknown.error_code() == StatusCode::INVALID_ARGUMENT);
  CHECK(ReasonOf(unknown) == "UNKNOWN_FIELDS");

  const auto large = hub.CallRaw(create, std::string((1 << 20) + 1, 'x'));
  CHECK(large.error_code() == StatusCode::RESOURCE_EXHAUSTED);
  CHECK(ReasonOf(large) == "REQUEST_TOO_LARGE");

  const auto huge = hub.CallRaw(create, std::string((4 << 20) + 1, 'x'));
  CHECK(huge.error_code() == StatusCode::RESOURCE_EXHAUSTED);
  CHECK(CountAll(hub) == 0);
}

TEST_CASE("a caller without the right is refused, whatever they send") {
  ServedOptions options;
  options.caller = {"reader", {access::v1::RIGHT_REGISTRY_READ}};
  Served hub(nullptr, options);
  CHECK(CountAll(hub) == 0);
  const auto status = hub.Call(&Stub::CreateAssociation, Wanted("LAWAN")).first;
  CHECK(status.error_code() == StatusCode::PERMISSION_DENIED);
  CHECK(ReasonOf(status) == "NOT_ALLOWED");
}

TEST_CASE("calls beyond the limit are refused, and let in again when others have left") {
  ServedOptions options;
  options.calls_in_flight = 1;
  Served hub(nullptr, options);
  grpc::ClientContext context;
  Served::Prepare(context);
  // A follower stays; it is the one call there is room for.
  const auto feed = feed::v1::FeedService::NewStub(hub.NewChannel());
  const auto reader = feed->FollowChanges(&context, feed::v1::FollowChangesRequest());
  while (hub.door().in_flight() == 0) std::this_thread::yield();

  const auto status = hub.Call(&Stub::GetAssociation, ById("x")).first;
  CHECK(status.error_code() == StatusCode::RESOURCE_EXHAUSTED);
  CHECK(ReasonOf(status) == "OVERLOADED");

  context.TryCancel();
  reader->Finish();
  while (hub.door().in_flight() != 0) std::this_thread::yield();
  CHECK(ReasonOf(hub.Call(&Stub::GetAssociation, ById("x")).first) != "OVERLOADED");
}

TEST_CASE("a hub that is stopping says so") {
  Served hub;
  hub.door().Close();
  const auto status = hub.Call(&Stub::GetAssociation, ById("x")).first;
  CHECK(status.error_code() == StatusCode::UNAVAILABLE);
  CHECK(ReasonOf(status) == "STOPPING");
}

}  // namespace
}  // namespace brobygger::rpc
