// What is written down of calls, and that nothing happens that is not.
#include <future>

#include <catch2/catch.hpp>

#include "brobygger/collab/v1/collaboration_service.pb.h"
#include "brobygger/collab/v1/course_service.pb.h"
#include "brobygger/collab/v1/resource_check_service.pb.h"
#include "brobygger/grant/v1/grant_service.pb.h"
#include "brobygger/report/v1/programme_service.pb.h"

#include "core/audit/errors.h"
#include "core/grants/application_id.h"
#include "core/registry/consent.h"
#include "core/registry/edit.h"
#include "tests/core/rpc/notebook.h"
#include "tests/core/rpc/served.h"
#include "tests/support/grpc_errors.h"

namespace brobygger::rpc {
namespace {

using Stub = registry::v1::RegistryService::Stub;
using support::ReasonOf;
namespace v1 = registry::v1;

v1::CreateAssociationRequest Wanted() {
  v1::CreateAssociationRequest request;
  request.mutable_association()->set_official_name("Lawan");
  request.mutable_association()->set_municipality_code("0615");
  return request;
}

v1::GetAssociationRequest AskFor(const std::string& id) {
  v1::GetAssociationRequest request;
  request.set_association_id(id);
  return request;
}

int CountAll(storage::Store& store) {
  const auto entries = (*store.Latest())->Scan(storage::Kind::kAssociation, {});
  return static_cast<int>(entries->size());
}

TEST_CASE("writes and reads are written down with who, what and what for") {
  Notebook notebook;
  ServedOptions options;
  options.auditor = &notebook;
  options.caller.actor = "user:1";
  options.caller.purpose = "collaboration";
  Served hub(nullptr, options);
  const auto [made_status, made] = hub.Call(&Stub::CreateAssociation, Wanted());
  REQUIRE(made_status.ok());
  REQUIRE(hub.Call(&Stub::GetAssociation, AskFor(made.association().id())).first.ok());
  // Public: nobody has to know who looked.
  REQUIRE(hub.Call(&Stub::ListMunicipalities, v1::ListMunicipalitiesRequest()).first.ok());
  const auto told = notebook.told();
  REQUIRE(told.size() == 2);
  CHECK(told[0].method == "brobygger.registry.v1.RegistryService/CreateAssociation");
  CHECK(told[1].method == "brobygger.registry.v1.RegistryService/GetAssociation");
  CHECK(told[1].object_id == made.association().id());
  CHECK(told[1].actor == "user:1");
  CHECK(told[1].purpose == "collaboration");
  // A change is told of before it is made, a read with what came of it.
  CHECK(told[0].outcome == audit::v1::OUTCOME_BEGUN);
  CHECK(told[1].outcome == audit::v1::OUTCOME_TOLD);
}

// What a request is told to be about.
template <typename Request>
std::string ObjectOf(const Request& request) {
  AuditedCall call;
  Describe(request, call);
  return call.object_id;
}

TEST_CASE("a call about what is done together says about what: the first id there is counts") {
  collab::v1::GetCollaborationRequest collaboration;
  collaboration.set_collaboration_id("c1");
  CHECK(ObjectOf(collaboration) == "c1");
  // A resource check stands under the association whose it is.
  collab::v1::ListResourceChecksRequest checks;
  checks.set_subject_id("a1");
  CHECK(ObjectOf(checks) == "a1");
  collab::v1::ShareResourceCheckRequest share;
  share.set_subject_id("a1");
  share.set_resource_check_id("r1");
  CHECK(ObjectOf(share) == "a1");
  collab::v1::RecordResourceCheckRequest record;
  record.mutable_resource_check()->set_subject_id("a1");
  CHECK(ObjectOf(record) == "a1");
  collab::v1::AddCourseParticipantRequest participant;
  participant.set_course_id("k1");
  CHECK(ObjectOf(participant) == "k1");
  participant.set_association_id("a1");
  CHECK(ObjectOf(participant) == "a1");
  report::v1::GetProgrammeReportRequest programme;
  programme.set_programme_id("p1");
  CHECK(ObjectOf(programme) == "p1");
}

TEST_CASE("an application is told by its id, also where it was typed as lists show it") {
  grant::v1::GetGrantApplicationRequest request;
  request.set_application_id("grants/5011");
  CHECK(ObjectOf(request) == grants::ApplicationId("grants", "5011"));
  request.set_application_id("0f8fad5b-d9cb-469f-a165-70867728950e");
  CHECK(ObjectOf(request) == "0f8fad5b-d9cb-469f-a165-70867728950e");
}

TEST_CASE("what cannot be written down is neither answered nor done, and public reads go on") {
  Notebook notebook;
  ServedOptions options;
  options.auditor = &notebook;
  Served hub(nullptr, options);
  const auto made = hub.Call(&Stub::CreateAssociation, Wanted());
  REQUIRE(made.first.ok());
  notebook.full = true;
  const auto refused = hub.Call(&Stub::CreateAssociation, Wanted());
  CHECK(ReasonOf(refused.first) == "AUDIT_UNAVAILABLE");
  CHECK(CountAll(hub.store()) == 1);
  const auto unseen = hub.Call(&Stub::GetAssociation, AskFor(made.second.association().id()));
  CHECK(ReasonOf(unseen.first) == "AUDIT_UNAVAILABLE");
  CHECK_FALSE(unseen.second.has_association());
  CHECK(hub.Call(&Stub::ListMunicipalities, v1::ListMunicipalitiesRequest()).first.ok());
  notebook.full = false;
  CHECK(hub.Call(&Stub::CreateAssociation, Wanted()).first.ok());
}

TEST_CASE("a read that fails is written down, too: that something is not there tells, as well") {
  Notebook notebook;
  ServedOptions options;
  options.auditor = &notebook;
  Served hub(nullptr, options);
  const std::string nobody = "0f8fad5b-d9cb-469f-a165-70867728950e";
  CHECK(ReasonOf(hub.Call(&Stub::GetAssociation, AskFor(nobody)).first) == "ASSOCIATION_NOT_FOUND");
  REQUIRE(notebook.told().size() == 1);
  CHECK(notebook.told()[0].object_id == nobody);
  // It tells of nobody that something about them was seen.
  CHECK(notebook.told()[0].outcome == audit::v1::OUTCOME_NOT_FOUND);
  // Nor that something was made of it, where that failed.
  v1::DeleteAssociationRequest gone;
  gone.set_association_id(nobody);
  CHECK(ReasonOf(hub.Call(&Stub::DeleteAssociation, gone).first) == "ASSOCIATION_NOT_FOUND");
  const auto told = notebook.told();
  REQUIRE(told.size() == 3);
  CHECK(told[1].outcome == audit::v1::OUTCOME_BEGUN);
  CHECK(told[2].outcome == audit::v1::OUTCOME_NOT_FOUND);
  CHECK(told[2].object_id == nobody);
  CHECK(told[2].call_id == told[1].call_id);
  CHECK_FALSE(told[1].call_id.empty());
  notebook.full = true;
  CHECK(ReasonOf(hub.Call(&Stub::GetAssociation, AskFor(nobody)).first) == "AUDIT_UNAVAILABLE");
}

// Writes down when it is told to.
class SlowNotebook final : public Auditor {
 public:
  void Record(AuditedCall /*call*/,
              std::chrono::steady_clock::time_point /*deadline*/,
              Done done) override {
    asked.set_value(std::move(done));
  }
  void RecordRefused(AuditedCall /*call*/) override {}

  std::promise<Done> asked;
};

TEST_CASE("a read is answered when both its record and its answer are there") {
  SlowNotebook notebook;
  ServedOptions options;
  options.auditor = &notebook;
  Served hub(nullptr, options);
  auto answer = std::async(std::launch::async, [&] {
    return hub.Call(&Stub::ListAssociations, v1::ListAssociationsRequest()).first;
  });
  const Auditor::Done done = notebook.asked.get_future().get();
  CHECK(answer.wait_for(std::chrono::milliseconds(20)) == std::future_status::timeout);
  done(absl::OkStatus());
  CHECK(answer.get().ok());
}

TEST_CASE("a call that is refused is written down, too") {
  Notebook notebook;
  ServedOptions options;
  options.auditor = &notebook;
  options.caller.rights = {access::v1::RIGHT_NONE};
  Served hub(nullptr, options);
  CHECK(ReasonOf(hub.Call(&Stub::CreateAssociation, Wanted()).first) == "NOT_ALLOWED");
  const auto told = notebook.told();
  REQUIRE(told.size() == 1);
  CHECK(told[0].refused == "not_allowed");
}

TEST_CASE("a write that reaches for what is another's is written down as refused") {
  Notebook notebook;
  auto store = storage::OpenMemoryStore(base::SystemClock());
  std::string id;
  REQUIRE(store
              ->Write("operator",
                      [&](storage::Transaction& transaction) {
                        const auto made = registry::CreateAssociation(
                            transaction, Wanted().association(), "operator");
                        if (made.ok()) id = made->id();
                        return made.status();
                      })
              .ok());
  ServedOptions options;
  options.auditor = &notebook;
  options.caller.kind = access::CallerKind::kVolunteerCentre;
  options.caller.municipality_code = "0615";
  REQUIRE(store
              ->Write("operator",
                      [&](storage::Transaction& transaction) {
                        v1::VisibilityConsent consent;
                        consent.set_volunteer_centres(true);
                        consent.set_date("2026-05-04");
                        consent.set_evidence("brev");
                        return registry::RecordVisibilityConsent(
                                   transaction, id, consent, registry::v1::PERSPECTIVE_MUNICIPALITY)
                            .status();
                      })
              .ok());
  Served hub(std::move(store), options);
  v1::DeleteAssociationRequest request;
  request.set_association_id(id);
  CHECK(ReasonOf(hub.Call(&Stub::DeleteAssociation, request).first) == "NOT_ALLOWED");
  const auto told = notebook.told();
  REQUIRE(told.size() == 2);
  CHECK(told[0].refused.empty());
  CHECK(told[0].outcome == audit::v1::OUTCOME_BEGUN);
  CHECK(told[1].refused == "not_allowed");
  CHECK(told[1].outcome == audit::v1::OUTCOME_REFUSED);
  // One call, and not one that was let and another that was not.
  CHECK(told[1].call_id == told[0].call_id);
  CHECK(told[1].object_id == id);
  CHECK(told[1].method.ends_with("/DeleteAssociation"));
}

TEST_CASE("who may see public facts alone is given no others") {
  ServedOptions options;
  options.caller.rights = {access::v1::RIGHT_REGISTRY_READ, access::v1::RIGHT_REGISTRY_WRITE};
  options.caller.most = access::v1::DATA_CLASS_INTERNAL;
  Served inside(nullptr, options);
  v1::CreateAssociationRequest request = Wanted();
  request.mutable_association()->set_delegation(v1::DELEGATION_PARTLY);
  const auto made = inside.Call(&Stub::CreateAssociation, request);
  REQUIRE(made.first.ok());
  CHECK_FALSE(made.second.association().provenance().empty());

  options.caller.most = access::v1::DATA_CLASS_PUBLIC;
  auto store = storage::OpenMemoryStore(inside.clock());
  REQUIRE(store
              ->Write("operator",
                      [&](storage::Transaction& transaction) {
                        return transaction.Put(storage::Kind::kAssociation,
                                               made.second.association().id(),
                                               made.second.association().SerializeAsString(),
                                               {{storage::Index::kAssociationByName, "lawan"}});
                      })
              .ok());
  Served outside(std::move(store), options);
  const auto got = outside.Call(&Stub::GetAssociation, AskFor(made.second.association().id()));
  REQUIRE(got.first.ok());
  CHECK(got.second.association().official_name() == "Lawan");
  CHECK(got.second.association().delegation() == v1::DELEGATION_UNSPECIFIED);
  CHECK(got.second.association().provenance().empty());
  const auto listed = outside.Call(&Stub::ListAssociations, v1::ListAssociationsRequest());
  REQUIRE(listed.second.associations_size() == 1);
  CHECK(listed.second.associations(0).provenance().empty());
  // Nor by asking which pass a filter.
  v1::ListAssociationsRequest asked;
  asked.set_filter("connection = tilskud");
  CHECK(ReasonOf(outside.Call(&Stub::ListAssociations, asked).first) == "FILTER_INVALID");
  // History tells who said what.
  v1::ListAssociationHistoryRequest history;
  history.set_association_id(made.second.association().id());
  CHECK(ReasonOf(outside.Call(&Stub::ListAssociationHistory, history).first) == "NOT_ALLOWED");
}

TEST_CASE("what is no id becomes one before it is written down") {
  CHECK(CleanedId("0f1e2d3c-0000-4000-8000-000000000001") ==
        "0f1e2d3c-0000-4000-8000-000000000001");
  CHECK(CleanedId("Børn og Unge") == "B__rn_og_Unge");
  CHECK(CleanedId(std::string(300, 'a')).size() == 100);
}

}  // namespace
}  // namespace brobygger::rpc
