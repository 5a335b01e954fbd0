// A hub with every service it has, in which a test chooses who calls.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <absl/synchronization/notification.h>
#include <catch2/catch.hpp>
#include <google/protobuf/descriptor.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include "core/daemon/audit_trail.h"
#include "core/discovery/contact_index.h"
#include "core/feed/feed.h"
#include "core/registry/indexing_store.h"
#include "core/registry/model_use.h"
#include "core/rpc/access_service.h"
#include "core/rpc/advice_service.h"
#include "core/rpc/collaboration_service.h"
#include "core/rpc/contact_service.h"
#include "core/rpc/course_service.h"
#include "core/rpc/discovery_service.h"
#include "core/rpc/event_service.h"
#include "core/rpc/feed_service.h"
#include "core/rpc/grant_service.h"
#include "core/rpc/identity_service.h"
#include "core/rpc/join_service.h"
#include "core/rpc/municipality_service.h"
#include "core/rpc/network_service.h"
#include "core/rpc/people_service.h"
#include "core/rpc/pool_service.h"
#include "core/rpc/premises_service.h"
#include "core/rpc/programme_service.h"
#include "core/rpc/registry_service.h"
#include "core/rpc/resource_check_service.h"
#include "core/rpc/search_service.h"
#include "core/rpc/sign_in_service.h"
#include "core/rpc/sync_service.h"
#include "core/storage/listening_store.h"
#include "core/storage/memory/memory_store.h"
#include "tests/core/scope/planted.h"
#include "tests/support/fake_source.h"
#include "tests/support/temp_folder.h"

namespace brobygger::scope {

// Whoever calls is whom the test says.
class ChosenCaller final : public rpc::Callers {
 public:
  void Choose(access::Caller caller) {
    caller_ = std::make_shared<const access::Caller>(std::move(caller));
  }
  std::shared_ptr<const access::Caller> CallerAt(const std::string& /*peer*/) const override {
    return caller_;
  }

 private:
  std::shared_ptr<const access::Caller> caller_ =
      std::make_shared<const access::Caller>(access::LocalOperator());
};

// With every right and every class, so that nothing but the scope stands in the way. Of contacts
// elsewhere it is told that there are any, as the shipped policy has it.
inline access::Caller CallerOf(access::CallerKind kind, const Planted& planted) {
  access::Caller caller = access::LocalOperator();
  caller.actor = "somebody";
  caller.kind = kind;
  caller.disclosure.elsewhere = discovery::v1::DISCLOSURE_LEVEL_EXISTENCE;
  caller.municipality_code = planted.municipality_code;
  caller.department_id = planted.ids.at("department_id");
  caller.purpose = "collaboration";
  return caller;
}

// What a call was answered: every message of it, and the error in full.
struct Answer {
  grpc::Status status;
  std::vector<std::string> messages;

  // All that could be read by whoever called.
  std::string Text() const {
    std::string text = status.error_message() + status.error_details();
    for (const std::string& message : messages) text += "\n" + message;
    return text;
  }
};

class World {
 public:
  World() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address(), grpc::InsecureServerCredentials());
    const std::initializer_list<grpc::Service*> services = {&registry_,
                                                            &municipality_,
                                                            &feed_service_,
                                                            &sync_,
                                                            &identity_service_,
                                                            &grants_,
                                                            &contacts_service_,
                                                            &discovery_,
                                                            &search_service_,
                                                            &events_,
                                                            &collaborations_,
                                                            &resource_checks_,
                                                            &programmes_,
                                                            &advice_,
                                                            &courses_,
                                                            &networks_,
                                                            &pools_,
                                                            &premises_,
                                                            &access_,
                                                            &joins_,
                                                            &sign_in_,
                                                            audit_.get(),
                                                            people_service_.get()};
    for (grpc::Service* service : services) {
      builder.RegisterService(service);
    }
    server_ = builder.BuildAndStart();
    channel_ = grpc::CreateChannel(address(), grpc::InsecureChannelCredentials());
    ours = Plant(*store_, *people_, "0751", 1);
    theirs = Plant(*store_, *people_, "0615", 2);
    for (const Planted* each : {&ours, &theirs}) Log(*each);
    const auto latest = store_->Latest();
    REQUIRE(latest.ok());
    REQUIRE(registry::LoadIdentity(**latest, identity_).ok());
    REQUIRE(contacts_.Load(**latest).ok());
    REQUIRE(search_.AwaitRevision((*latest)->revision(), absl::Now() + absl::Seconds(60)));
  }
  ~World() {
    feed_service_.Stop();
    discovery_.Stop();
    search_service_.Stop();
    server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(5));
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // The municipality's association with all that can be said of one agrees to volunteer centres.
  void AgreeToCentres(const Planted& planted) {
    const std::string& id = planted.ids.at("association_id");
    const auto revision = store_->Write("test", [&](storage::Transaction& transaction) {
      registry::v1::Association association;
      const auto bytes = transaction.Find(storage::Kind::kAssociation, id);
      REQUIRE(association.ParseFromString(**bytes));
      association.set_status(registry::v1::ASSOCIATION_STATUS_ACTIVE);
      association.mutable_visibility_consent()->set_volunteer_centres(true);
      association.mutable_visibility_consent()->set_contact(true);
      return transaction.Put(storage::Kind::kAssociation, id, association.SerializeAsString());
    });
    REQUIRE(revision.ok());
    REQUIRE(search_.AwaitRevision(*revision, absl::Now() + absl::Seconds(60)));
  }

  void CallAs(access::Caller caller) { callers_.Choose(std::move(caller)); }

  Answer Call(const google::protobuf::MethodDescriptor& method, const std::string& request) {
    return method.server_streaming() ? Stream(PathOf(method), request)
                                     : Unary(PathOf(method), request);
  }

  // The stored bytes of what was planted.
  std::string Stored(const Planted& planted) const {
    const auto latest = store_->Latest();
    REQUIRE(latest.ok());
    std::string all;
    for (const PlantedRecord& record : planted.records) {
      const auto bytes = (*latest)->Find(record.kind, record.key);
      REQUIRE(bytes.ok());
      all += record.key + (*bytes == nullptr ? "gone" : **bytes) + "\n";
    }
    return all;
  }

  storage::Store& store() { return *store_; }

  Planted ours;
  Planted theirs;

 private:
  std::string address() const { return "unix:" + (folder_.path() / "hub.sock").string(); }
  static std::string PathOf(const google::protobuf::MethodDescriptor& method) {
    return "/" + method.service()->full_name() + "/" + method.name();
  }

  // That somebody there looked at their own association.
  void Log(const Planted& planted) {
    rpc::AuditedCall call{.actor = planted.word + "-actor",
                          .purpose = planted.word + "-log-",
                          .method = "m",
                          .object_id = planted.ids.at("association_id")};
    call.municipality_code = planted.municipality_code;
    absl::Notification told;
    trail_->Record(std::move(call), std::chrono::steady_clock::now() + std::chrono::seconds(20),
                   [&](const absl::Status& status) {
                     CHECK(status.ok());
                     told.Notify();
                   });
    told.WaitForNotification();
  }

  static void Prepare(grpc::ClientContext& context) {
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
  }

  Answer Unary(const std::string& path, const std::string& request) {
    grpc::GenericStub stub(channel_);
    grpc::ClientContext context;
    Prepare(context);
    const grpc::Slice slice(request);
    const grpc::ByteBuffer bytes(&slice, 1);
    grpc::ByteBuffer response;
    Answer answer;
    absl::Notification done;
    stub.UnaryCall(&context, path, grpc::StubOptions(), &bytes, &response,
                   [&](grpc::Status status) {
                     answer.status = std::move(status);
                     done.Notify();
                   });
    done.WaitForNotification();
    if (answer.status.ok()) answer.messages.push_back(BytesOf(response));
    return answer;
  }

  Answer Stream(const std::string& path, const std::string& request) {
    grpc::GenericStub stub(channel_);
    grpc::ClientContext context;
    Prepare(context);
    grpc::CompletionQueue queue;
    const auto stream = stub.PrepareCall(&context, path, &queue);
    const auto wait = [&queue] {
      void* tag = nullptr;
      bool ok = false;
      REQUIRE(queue.Next(&tag, &ok));
      return ok;
    };
    void* const any = this;
    stream->StartCall(any);
    bool alive = wait();
    const grpc::Slice slice(request);
    if (alive) {
      stream->WriteLast(grpc::ByteBuffer(&slice, 1), grpc::WriteOptions(), any);
      alive = wait();
    }
    Answer answer;
    while (alive) {
      grpc::ByteBuffer message;
      stream->Read(&message, any);
      alive = wait();
      if (alive) answer.messages.push_back(BytesOf(message));
    }
    stream->Finish(&answer.status, any);
    wait();
    return answer;
  }

  static std::string BytesOf(const grpc::ByteBuffer& buffer) {
    grpc::Slice whole;
    REQUIRE(buffer.DumpToSingleSlice(&whole).ok());
    return {reinterpret_cast<const char*>(whole.begin()), whole.size()};
  }

  static std::unique_ptr<daemon::AuditTrail> OpenTrail(const std::string& folder) {
    auto trail = daemon::AuditTrail::Open(
        {.folder = folder, .outside_folder = "", .policy_revision = [] { return 0U; }});
    REQUIRE(trail.ok());
    return *std::move(trail);
  }
  static std::unique_ptr<people::People> OpenPeople(storage::Store& store,
                                                    const std::string& folder) {
    auto people = people::People::Open(store, {.folder = folder});
    REQUIRE(people.ok());
    return *std::move(people);
  }

  support::TempFolder folder_;
  const base::Clock& clock_ = base::SystemClock();
  ChosenCaller callers_;
  registry::Identity identity_{matching::Model::Shipped()};
  discovery::ContactIndex contacts_;
  std::unique_ptr<storage::Store> store_ = storage::MakeListeningStore(
      registry::MakeIndexingStore(storage::OpenMemoryStore(clock_), identity_), contacts_);
  feed::Feed feed_{*store_};
  support::FakeSource source_;
  sync::Engine engine_{*store_, identity_, source_, clock_};
  std::unique_ptr<daemon::AuditTrail> trail_ = OpenTrail((folder_.path() / "audit").string());
  std::unique_ptr<people::People> people_ = OpenPeople(*store_, folder_.path().string());
  rpc::Door door_{callers_, rpc::DoorOptions()};
  rpc::RegistryService registry_{*store_, door_, &identity_};
  rpc::MunicipalityService municipality_{*store_, door_};
  rpc::FeedService feed_service_{feed_, door_, std::chrono::minutes(10)};
  rpc::SyncService sync_{engine_, *store_, door_, {}};
  rpc::IdentityService identity_service_{*store_, identity_, door_};
  rpc::GrantService grants_{*store_, door_};
  rpc::ContactService contacts_service_{*store_, clock_, door_};
  search::Follower search_{*store_, feed_, {}};
  rpc::DiscoveryService discovery_{*store_, contacts_, clock_, search_, door_};
  rpc::SearchService search_service_{*store_, contacts_, clock_, search_, door_};
  rpc::EventService events_{*store_, clock_, door_, {.has_mail = true, .public_url = {}}};
  rpc::CollaborationService collaborations_{
      *store_, clock_, door_,
      [] { return std::make_shared<const collab::Statements>(collab::ShippedStatements()); }};
  rpc::ResourceCheckService resource_checks_{
      *store_, door_, [] {
        return std::make_shared<const collab::ResourceStatements>(
            collab::ShippedResourceStatements());
      }};
  rpc::CourseService courses_{*store_, clock_, door_};
  rpc::NetworkService networks_{*store_, clock_, door_};
  rpc::PoolService pools_{*store_, clock_, door_};
  rpc::PremisesService premises_{*store_, clock_, door_};
  rpc::ProgrammeService programmes_{*store_, clock_, door_};
  rpc::AdviceService advice_{*store_, clock_, door_};
  static std::shared_ptr<const access::Policy> Shipped() {
    return {&access::Policy::Shipped(), [](auto*) {}};
  }
  rpc::AccessService access_{*store_, Shipped, door_};
  rpc::JoinService joins_{*store_, clock_, Shipped, door_};
  rpc::SignIns no_sign_ins_;
  rpc::SignInService sign_in_{no_sign_ins_, door_};
  std::unique_ptr<rpc::AuditService> audit_ = std::make_unique<rpc::AuditService>(
      &trail_->log(),
      &trail_->subjects(),
      *store_,
      door_,
      [this](const access::Caller& caller, const std::string& person) {
        return people_->Sees(caller, person);
      });
  std::unique_ptr<rpc::PeopleService> people_service_ =
      std::make_unique<rpc::PeopleService>(*people_, *store_, clock_, door_);
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace brobygger::scope
