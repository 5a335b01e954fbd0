#include "core/rpc/identity_service.h"

#include <cmath>

#include <catch2/catch.hpp>

#include "brobygger/identity/v1/identity_service.grpc.pb.h"

#include "core/registry/edit.h"
#include "core/registry/indexing_store.h"
#include "core/registry/questions.h"
#include "core/storage/memory/memory_store.h"
#include "tests/core/rpc/served.h"
#include "tests/support/grpc_errors.h"

namespace brobygger::rpc {
namespace {

namespace v1 = identity::v1;
using Stub = v1::IdentityService::Stub;

// A registry with its identity, served on a Unix socket.
class ServedIdentity {
 public:
  ServedIdentity() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address(), grpc::InsecureServerCredentials());
    builder.RegisterService(&service_);
    builder.RegisterService(&registry_service_);
    server_ = builder.BuildAndStart();
    const auto channel = grpc::CreateChannel(address(), grpc::InsecureChannelCredentials());
    stub_ = v1::IdentityService::NewStub(channel);
    registry_stub_ = registry::v1::RegistryService::NewStub(channel);
  }
  ~ServedIdentity() {
    service_.Stop();
    server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(5));
  }
  ServedIdentity(const ServedIdentity&) = delete;
  ServedIdentity& operator=(const ServedIdentity&) = delete;

  std::string address() const { return "unix:" + (folder_.path() / "hub.sock").string(); }

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

  std::string Make(const std::string& name, const std::string& email) {
    registry::v1::Association wanted;
    wanted.set_official_name(name);
    wanted.set_municipality_code("0615");
    if (!email.empty()) wanted.add_emails(email);
    std::string id;
    const auto made = store_->Write("operator", [&](storage::Transaction& transaction) {
      const auto created = registry::CreateAssociation(transaction, wanted, "operator");
      if (created.ok()) id = created->id();
      return created.status();
    });
    REQUIRE(made.ok());
    return id;
  }

  void Ask(const std::string& newer, const std::string& older) {
    const registry::Candidate candidate{older, registry::Verdict::kAsk, 0.2, 0.55, ""};
    REQUIRE(store_
                ->Write("sync",
                        [&](storage::Transaction& transaction) {
                          return registry::AskQuestion(transaction, identity_, newer, candidate, {})
                              .status();
                        })
                .ok());
  }

  Stub& stub() { return *stub_; }
  registry::v1::RegistryService::Stub& registry_stub() { return *registry_stub_; }

 private:
  support::TempFolder folder_;
  OneCaller callers_{access::LocalOperator()};
  registry::Identity identity_{matching::Model::Shipped()};
  std::unique_ptr<storage::Store> store_ =
      registry::MakeIndexingStore(storage::OpenMemoryStore(base::SystemClock()), identity_);
  Door door_{callers_, DoorOptions()};
  IdentityService service_{*store_, identity_, door_};
  RegistryService registry_service_{*store_, door_, &identity_};
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Stub> stub_;
  std::unique_ptr<registry::v1::RegistryService::Stub> registry_stub_;
};

v1::IdentityRecord RecordNamed(const std::string& name, const std::string& email) {
  v1::IdentityRecord record;
  record.add_official_names(name);
  record.add_emails(email);
  record.set_municipality_code("0615");
  return record;
}

TEST_CASE("a record is resolved against the registry, and nothing is written") {
  ServedIdentity served;
  const std::string id = served.Make("Sprogcafeen Fjordby", "sprog@fjordby.example");
  v1::ResolveRecordRequest request;
  *request.mutable_record() = RecordNamed("Sprogcafeen Fjordby", "sprog@fjordby.example");
  const auto [status, answer] = served.Call(&Stub::ResolveRecord, request);
  INFO(status.error_message());
  REQUIRE(status.ok());
  CHECK(answer.resolution().verdict() == v1::VERDICT_SAME);
  REQUIRE(answer.resolution().candidates_size() > 0);
  CHECK(answer.resolution().candidates(0).association_id() == id);
  CHECK(answer.resolution().candidates(0).official_name() == "Sprogcafeen Fjordby");
  CHECK_FALSE(answer.model_version().empty());
}

TEST_CASE("many records are resolved in their order, one answer each") {
  ServedIdentity served;
  const std::string id = served.Make("Sprogcafeen Fjordby", "sprog@fjordby.example");
  v1::ResolveRecordsRequest request;
  for (int i = 0; i < 101; ++i) {
    *request.add_records() = i % 2 == 0
                                 ? RecordNamed("Sprogcafeen Fjordby", "sprog@fjordby.example")
                                 : RecordNamed("Zzz " + std::to_string(i), "z@z.example");
  }
  grpc::ClientContext context;
  Served::Prepare(context);
  const auto reader = served.stub().ResolveRecords(&context, request);
  v1::ResolveRecordsResponse part;
  int at = 0;
  while (reader->Read(&part)) {
    for (const auto& resolution : part.resolutions()) {
      CAPTURE(at);
      CHECK((resolution.verdict() == v1::VERDICT_SAME) == (at % 2 == 0));
      ++at;
    }
  }
  CHECK(reader->Finish().ok());
  CHECK(at == 101);
}

TEST_CASE("the lines of an explanation add up to its score exactly") {
  ServedIdentity served;
  const std::string left = served.Make("Sprogcafeen Fjordby", "sprog@fjordby.example");
  const std::string right = served.Make("Sprogcafeen i Fjordby", "cafe@fjordby.example");
  v1::ExplainPairRequest request;
  request.set_left_association_id(left);
  request.set_right_association_id(right);
  const auto [status, answer] = served.Call(&Stub::ExplainPair, request);
  INFO(status.error_message());
  REQUIRE(status.ok());
  double sum = 0;
  for (const auto& line : answer.explanation().lines()) sum += line.weight();
  // Weights are whole ten-thousandths; only their sum as doubles may be a hair off.
  CHECK(std::abs(sum - answer.explanation().score()) < 1e-9);
  for (const auto& line : answer.explanation().lines()) {
    CHECK_FALSE(line.text_da().empty());
    CHECK_FALSE(line.text_en().empty());
  }
  request.set_right_association_id("00000000-0000-4000-8000-000000000000");
  const auto missing = served.Call(&Stub::ExplainPair, request).first;
  CHECK(support::ReasonOf(missing) == "ASSOCIATION_NOT_FOUND");
}

TEST_CASE("a question is listed, answered, undone, and the log tells") {
  ServedIdentity served;
  const std::string left = served.Make("Sprogcafeen Fjordby", "sprog@fjordby.example");
  const std::string right = served.Make("Cafe Sprog", "");
  served.Ask(right, left);
  auto questions = served.Call(&Stub::ListQuestions, v1::ListQuestionsRequest()).second;
  REQUIRE(questions.questions_size() == 1);
  CHECK(questions.total_count() == 1);

  v1::DecideRequest decide;
  decide.set_question_id(questions.questions(0).id());
  decide.set_kind(v1::Decision::KIND_SAME);
  decide.set_note("Samme formand");
  decide.set_request_id("0b4ef9ba-7d2f-4f4a-9b5e-8a2b8f2f6c11");
  const auto [status, decided] = served.Call(&Stub::Decide, decide);
  INFO(status.error_message());
  REQUIRE(status.ok());
  CHECK(decided.merge().survivor_association_id() == left);
  CHECK(decided.revision() > 0);
  // The same request again is the same answer, and done once.
  const auto again = served.Call(&Stub::Decide, decide).second;
  CHECK(again.decision().id() == decided.decision().id());

  v1::ExplainAssociationRequest how;
  how.set_association_id(right);
  const auto explained = served.Call(&Stub::ExplainAssociation, how).second;
  CHECK(explained.explanation().association_id() == left);
  CHECK(explained.explanation().merges_size() == 1);

  v1::UndoDecisionRequest undo;
  undo.set_decision_id(decided.decision().id());
  const auto [undo_status, undone] = served.Call(&Stub::UndoDecision, undo);
  INFO(undo_status.error_message());
  REQUIRE(undo_status.ok());
  CHECK(undone.restored_association_id() == right);
  const auto log = served.Call(&Stub::ListDecisions, v1::ListDecisionsRequest()).second;
  REQUIRE(log.decisions_size() == 2);
  CHECK(log.decisions(0).kind() == v1::Decision::KIND_NOT_SAME);
  undo.set_decision_id("00000000-0000-4000-8000-000000000000");
  CHECK(support::ReasonOf(served.Call(&Stub::UndoDecision, undo).first) == "DECISION_NOT_FOUND");
}

TEST_CASE("an association that a person makes twice is asked about") {
  ServedIdentity served;
  for (int i = 0; i < 2; ++i) {
    registry::v1::CreateAssociationRequest request;
    request.mutable_association()->set_official_name("Sprogcafeen Fjordby");
    request.mutable_association()->set_municipality_code("0615");
    request.mutable_association()->add_emails("sprog@fjordby.example");
    grpc::ClientContext context;
    Served::Prepare(context);
    registry::v1::CreateAssociationResponse response;
    CHECK(served.registry_stub().CreateAssociation(&context, request, &response).ok());
  }
  CHECK(served.Call(&Stub::ListQuestions, v1::ListQuestionsRequest()).second.total_count() == 1);
}

TEST_CASE("a model that cannot be read is refused, and the old one stays") {
  ServedIdentity served;
  served.Make("Sprogcafeen Fjordby", "sprog@fjordby.example");
  const auto before = served.Call(&Stub::GetModel, v1::GetModelRequest()).second;
  CHECK(before.model().shipped());
  CHECK(before.model().association_count() == 1);
  v1::UseModelRequest use;
  use.set_model_text("no model at all");
  CHECK(support::ReasonOf(served.Call(&Stub::UseModel, use).first) == "MODEL_INVALID");
  v1::PreviewModelRequest preview;
  preview.set_model_text("no model at all");
  CHECK(support::ReasonOf(served.Call(&Stub::PreviewModel, preview).first) == "MODEL_INVALID");
  const auto after = served.Call(&Stub::GetModel, v1::GetModelRequest()).second;
  CHECK(after.model().digest() == before.model().digest());
}

}  // namespace
}  // namespace brobygger::rpc
