// People over the wire: who may call what, and that no answer is kept.
#include "core/rpc/people_service.h"

#include <catch2/catch.hpp>

#include "brobygger/people/v1/people_service.grpc.pb.h"

#include "core/access/policy.h"
#include "core/base/day.h"
#include "core/registry/edit.h"
#include "core/storage/memory/memory_store.h"
#include "tests/core/rpc/notebook.h"
#include "tests/core/rpc/served.h"
#include "tests/support/grpc_errors.h"

namespace brobygger::rpc {
namespace {

namespace v1 = people::v1;
using access::v1::Right;

// Says what for, as whoever sees data about persons has to.
access::Caller OperatorFor(const std::string& purpose) {
  access::Caller caller = access::LocalOperator();
  caller.purpose = purpose;
  return caller;
}

const google::protobuf::ServiceDescriptor& TheService() {
  return *v1::AddPersonRequest::descriptor()->file()->service(0);
}

// The service over one store, for one caller.
class ServedPeople {
 public:
  explicit ServedPeople(access::Caller caller = OperatorFor("rights"), Auditor* auditor = nullptr)
      : callers_(std::move(caller)), door_(callers_, {.auditor = auditor}) {
    clock_.Set(base::SystemClock().Now());
    auto opened =
        people::People::Open(*store_, {.folder = folder_.path().string(), .clock = &clock_});
    INFO(opened.status());
    REQUIRE(opened.ok());
    people_ = *std::move(opened);
    service_ = std::make_unique<PeopleService>(*people_, *store_, clock_, door_);
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address(), grpc::InsecureServerCredentials());
    builder.RegisterService(service_.get());
    server_ = builder.BuildAndStart();
    channel_ = grpc::CreateChannel(address(), grpc::InsecureChannelCredentials());
    stub = v1::PeopleService::NewStub(channel_);
    registry::v1::Association wanted;
    wanted.set_official_name("Fjordbroen");
    wanted.set_municipality_code("0998");
    const auto written = store_->Write("operator", [&](storage::Transaction& transaction) {
      const auto made = registry::CreateAssociation(transaction, wanted, "operator");
      if (made.ok()) association_id = made->id();
      return made.status();
    });
    REQUIRE(written.ok());
  }
  ~ServedPeople() { server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(5)); }
  ServedPeople(const ServedPeople&) = delete;
  ServedPeople& operator=(const ServedPeople&) = delete;

  grpc::Status CallEmpty(const std::string& method) {
    grpc::GenericStub generic(channel_);
    grpc::ClientContext context;
    Served::Prepare(context);
    const grpc::Slice slice("");
    const grpc::ByteBuffer request(&slice, 1);
    grpc::ByteBuffer response;
    grpc::Status status;
    absl::Notification done;
    generic.UnaryCall(&context, "/" + TheService().full_name() + "/" + method, {}, &request,
                      &response, [&](grpc::Status result) {
                        status = std::move(result);
                        done.Notify();
                      });
    done.WaitForNotification();
    return status;
  }

  v1::AddPersonRequest Chair() const {
    v1::AddPersonRequest request;
    request.mutable_person()->set_display_name("Zarathea Blåregnskov");
    request.mutable_person()->set_email("zarathea@blaaregnskov.example");
    v1::PersonRole& role = *request.mutable_person()->add_roles();
    role.set_association_id(association_id);
    role.set_function(v1::PERSON_FUNCTION_CONTACT_PERSON);
    role.set_basis(v1::RECORDING_BASIS_CONSENT);
    role.set_sensitive_basis(v1::SENSITIVE_BASIS_ARTICLE_9_2_A);
    role.set_basis_date(base::DanishDayOf(clock_.Now()));
    role.set_expires_date(base::DanishDayOf(clock_.Now(), 100));
    return request;
  }

  storage::Store& store() { return *store_; }
  people::People& people() { return *people_; }

  // The chair, recorded by the operator and past the door.
  std::string MustAdd() {
    const auto ids = people_->Add(access::LocalOperator(), {Chair().person()}, false);
    REQUIRE(ids.ok());
    return ids->front();
  }

  std::string association_id;
  std::unique_ptr<v1::PeopleService::Stub> stub;

 private:
  std::string address() const { return "unix:" + (folder_.path() / "hub.sock").string(); }

  support::TempFolder folder_;
  support::FakeClock clock_;
  OneCaller callers_;
  std::unique_ptr<storage::Store> store_ = storage::OpenMemoryStore(clock_);
  Door door_;
  std::unique_ptr<people::People> people_;
  std::unique_ptr<PeopleService> service_;
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_CASE("each right opens its own methods about people and no others") {
  const Right right = GENERATE(access::v1::RIGHT_NONE, access::v1::RIGHT_PEOPLE_READ,
                               access::v1::RIGHT_PEOPLE_WRITE, access::v1::RIGHT_REGISTRY_READ,
                               access::v1::RIGHT_REGISTRY_WRITE, access::v1::RIGHT_CONTACTS_READ);
  access::Caller caller{"somebody", {right}};
  caller.most = access::v1::DATA_CLASS_SENSITIVE;
  caller.purpose = "rights";
  ServedPeople served(caller);
  for (int i = 0; i < TheService().method_count(); ++i) {
    const auto* method = TheService().method(i);
    INFO(method->name());
    const grpc::Status status = served.CallEmpty(method->name());
    const bool refused = status.error_code() == grpc::StatusCode::PERMISSION_DENIED;
    CHECK(refused == (access::AccessOf(*method)->right() != right));
  }
}

TEST_CASE("the shipped policy lets an association see what is recorded about it") {
  access::Who who;
  who.actor = "key:1";
  who.kind = access::CallerKind::kAssociation;
  who.roles = {"association"};
  const auto caller = access::Policy::Shipped().Admit(who);
  REQUIRE(caller.ok());
  const auto may = [&](const char* method) {
    return access::MayCall(*caller, *access::AccessOf(*TheService().FindMethodByName(method)));
  };
  CHECK(may("GetOwnView").ok());
  CHECK_FALSE(may("ListContactPoints").ok());
  CHECK_FALSE(may("UnfoldPerson").ok());
}

TEST_CASE("who may not see sensitive data sees functions at most") {
  access::Caller caller = OperatorFor("rights");
  caller.most = access::v1::DATA_CLASS_PERSONAL;
  ServedPeople served(caller);
  CHECK(support::ReasonOf(served.CallEmpty("UnfoldPerson")) == "NOT_ALLOWED");
  CHECK(support::ReasonOf(served.CallEmpty("ExportPerson")) == "NOT_ALLOWED");
  CHECK(support::ReasonOf(served.CallEmpty("ListContactPoints")) != "NOT_ALLOWED");
}

TEST_CASE("whoever says nothing of what for is shown no person, the operator neither") {
  ServedPeople served(access::LocalOperator());
  for (const char* const method :
       {"ListContactPoints", "UnfoldPerson", "ExportPerson", "FindPerson", "ErasePerson"}) {
    INFO(method);
    CHECK(support::ReasonOf(served.CallEmpty(method)) == "PURPOSE_REQUIRED");
  }
}

TEST_CASE("a person is recorded, unfolded for a purpose, and erased over the wire") {
  ServedPeople served;
  v1::AddPersonResponse added;
  {
    grpc::ClientContext context;
    Served::Prepare(context);
    const grpc::Status status = served.stub->AddPerson(&context, served.Chair(), &added);
    INFO(status.error_message());
    REQUIRE(status.ok());
  }
  v1::UnfoldPersonRequest unfold;
  unfold.set_person_id(added.person_id());
  const auto unfolded = [&] {
    grpc::ClientContext context;
    Served::Prepare(context);
    v1::UnfoldPersonResponse response;
    const grpc::Status status = served.stub->UnfoldPerson(&context, unfold, &response);
    return status.ok() ? response.person().display_name() : support::ReasonOf(status);
  };
  CHECK(unfolded() == "Zarathea Blåregnskov");
  v1::ErasePersonRequest erase;
  erase.set_person_id(added.person_id());
  v1::ErasePersonResponse erased;
  grpc::ClientContext context;
  Served::Prepare(context);
  REQUIRE(served.stub->ErasePerson(&context, erase, &erased).ok());
  CHECK(erased.roles_removed() == 1);
  CHECK(erased.took_micros() > 0);
  CHECK(unfolded() == "PERSON_NOT_FOUND");
  // No answer was kept that would outlive the person.
  const auto latest = served.store().Latest();
  REQUIRE(latest.ok());
  CHECK((*latest)->Scan(storage::Kind::kRequestAnswer, {})->empty());
}

// Asks by name and address alone.
template <typename Request>
Request ByName() {
  Request request;
  request.set_display_name("Zarathea Blåregnskov");
  request.set_email("zarathea@blaaregnskov.example");
  return request;
}

using Ids = std::vector<std::string>;

TEST_CASE("whoever is named by name and address stands in the log by their id") {
  Notebook notebook;
  ServedPeople served(OperatorFor("rights"), &notebook);
  const auto call = [&](auto method, const auto& request, auto& response) {
    grpc::ClientContext context;
    Served::Prepare(context);
    return ((*served.stub).*method)(&context, request, &response);
  };
  using Stub = v1::PeopleService::Stub;
  v1::AddPersonResponse added;
  REQUIRE(call(&Stub::AddPerson, served.Chair(), added).ok());
  v1::AddPersonResponse again;
  CHECK_FALSE(call(&Stub::AddPerson, served.Chair(), again).ok());
  v1::ExportPersonResponse told;
  REQUIRE(call(&Stub::ExportPerson, ByName<v1::ExportPersonRequest>(), told).ok());
  v1::ErasePersonResponse erased;
  REQUIRE(call(&Stub::ErasePerson, ByName<v1::ErasePersonRequest>(), erased).ok());
  CHECK_FALSE(call(&Stub::ExportPerson, ByName<v1::ExportPersonRequest>(), told).ok());
  CHECK_FALSE(call(&Stub::ErasePerson, ByName<v1::ErasePersonRequest>(), erased).ok());
  const auto calls = notebook.told();
  REQUIRE(calls.size() == 6);
  const Ids person = {added.person_id()};
  for (int i : {0, 1, 2, 3}) {
    INFO(i);
    CHECK(calls[i].subject_ids == person);
  }
  CHECK(calls[0].purpose == "rights");
  CHECK(calls[0].outcome == audit::v1::OUTCOME_BEGUN);
  // Somebody was told that they are on record.
  CHECK(calls[1].outcome == audit::v1::OUTCOME_FAILED);
  CHECK(calls[2].outcome == audit::v1::OUTCOME_TOLD);
  CHECK(calls[3].outcome == audit::v1::OUTCOME_BEGUN);
  for (int i : {4, 5}) {
    INFO(i);
    CHECK(calls[i].subject_ids.empty());
    CHECK(calls[i].outcome == audit::v1::OUTCOME_NOT_FOUND);
  }
}

TEST_CASE("of a person who is not the caller's the log says that nothing was told") {
  Notebook notebook;
  access::Caller elsewhere;
  elsewhere.actor = "user:2";
  elsewhere.kind = access::CallerKind::kEmployee;
  elsewhere.rights = {access::v1::RIGHT_PEOPLE_READ, access::v1::RIGHT_PEOPLE_WRITE};
  elsewhere.most = access::v1::DATA_CLASS_SENSITIVE;
  elsewhere.municipality_code = "0615";
  elsewhere.purpose = "collaboration";
  ServedPeople served(elsewhere, &notebook);
  const std::string id = served.MustAdd();
  v1::ExportPersonRequest wanted;
  wanted.set_person_id(id);
  grpc::ClientContext context;
  Served::Prepare(context);
  v1::ExportPersonResponse told;
  CHECK(support::ReasonOf(served.stub->ExportPerson(&context, wanted, &told)) ==
        "PERSON_NOT_FOUND");
  v1::ErasePersonRequest unwanted;
  unwanted.set_person_id(id);
  grpc::ClientContext other;
  Served::Prepare(other);
  v1::ErasePersonResponse erased;
  CHECK(support::ReasonOf(served.stub->ErasePerson(&other, unwanted, &erased)) ==
        "PERSON_NOT_FOUND");
  const auto calls = notebook.told();
  REQUIRE(calls.size() == 3);
  CHECK(calls[0].subject_ids == Ids{id});
  CHECK(calls[0].outcome == audit::v1::OUTCOME_NOT_FOUND);
  CHECK(calls[1].outcome == audit::v1::OUTCOME_BEGUN);
  CHECK(calls[2].outcome == audit::v1::OUTCOME_NOT_FOUND);
  CHECK(calls[2].call_id == calls[1].call_id);
}

TEST_CASE("a person who cannot be written down is neither recorded nor erased") {
  Notebook notebook;
  ServedPeople served(OperatorFor("rights"), &notebook);
  const std::string id = served.MustAdd();
  notebook.full = true;
  v1::ErasePersonRequest erase;
  erase.set_person_id(id);
  grpc::ClientContext context;
  Served::Prepare(context);
  v1::ErasePersonResponse erased;
  CHECK(support::ReasonOf(served.stub->ErasePerson(&context, erase, &erased)) ==
        "AUDIT_UNAVAILABLE");
  CHECK(served.people().count() == 1);
}

}  // namespace
}  // namespace brobygger::rpc
