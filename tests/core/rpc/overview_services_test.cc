// Grants, contacts and events over the wire: who may call what, retries, and pages.
#include <catch2/catch.hpp>

#include "brobygger/collab/v1/collaboration.pb.h"
#include "brobygger/grant/v1/grant_service.grpc.pb.h"

#include "core/grants/ingest.h"
#include "core/registry/edit.h"
#include "core/rpc/contact_service.h"
#include "core/rpc/event_service.h"
#include "core/rpc/grant_service.h"
#include "core/storage/memory/memory_store.h"
#include "tests/core/rpc/notebook.h"
#include "tests/core/rpc/served.h"
#include "tests/support/grpc_errors.h"

namespace brobygger::rpc {
namespace {

using Services = std::vector<const google::protobuf::ServiceDescriptor*>;

Services AllServices() {
  return {grant::v1::GetGrantApplicationRequest::descriptor()->file()->service(0),
          contact::v1::ListTouchpointsRequest::descriptor()->file()->service(0),
          event::v1::GetEventRequest::descriptor()->file()->service(0)};
}

constexpr char kPublicUrl[] = "https://hub.fjordby.example";

// The three services over one store, for one caller.
class ServedOverview {
 public:
  template <typename Body>
  auto Write(Body body) {
    decltype(body(std::declval<storage::Transaction&>())) result =
        absl::UnknownError("the body did not run");
    (void)store_->Write("operator", [&](storage::Transaction& transaction) {
      result = body(transaction);
      return result.ok() ? absl::OkStatus() : result.status();
    });
    INFO(result.status());
    REQUIRE(result.ok());
    return *std::move(result);
  }

  explicit ServedOverview(access::Caller caller = access::LocalOperator(),
                          Auditor* auditor = nullptr)
      : callers_(std::move(caller)), door_(callers_, {.auditor = auditor}) {
    clock_.Set(base::SystemClock().Now());
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address(), grpc::InsecureServerCredentials());
    builder.RegisterService(&grants_);
    builder.RegisterService(&contacts_);
    builder.RegisterService(&events_);
    server_ = builder.BuildAndStart();
    channel_ = grpc::CreateChannel(address(), grpc::InsecureChannelCredentials());
    registry::v1::Department department;
    department.set_official_name("Integration");
    department.set_municipality_code("0615");
    integration = Write([&](storage::Transaction& transaction) {
                    return registry::CreateDepartment(transaction, department, "operator");
                  }).id();
    registry::v1::Association association;
    association.set_official_name("Lawan");
    association.set_municipality_code("0615");
    lawan = Write([&](storage::Transaction& transaction) {
              return registry::CreateAssociation(transaction, association, "operator");
            }).id();
  }
  ~ServedOverview() {
    server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(5));
  }
  ServedOverview(const ServedOverview&) = delete;
  ServedOverview& operator=(const ServedOverview&) = delete;

  std::string integration;
  std::string lawan;

  grpc::Status CallRaw(const std::string& path, const std::string& bytes, std::string* answer) {
    grpc::GenericStub stub(channel_);
    grpc::ClientContext context;
    Served::Prepare(context);
    const grpc::Slice slice(bytes);
    const grpc::ByteBuffer request(&slice, 1);
    grpc::ByteBuffer response;
    grpc::Status status;
    absl::Notification done;
    stub.UnaryCall(&context, path, grpc::StubOptions(), &request, &response,
                   [&](grpc::Status result) {
                     status = std::move(result);
                     done.Notify();
                   });
    done.WaitForNotification();
    grpc::Slice whole;
    if (status.ok() && answer != nullptr && response.DumpToSingleSlice(&whole).ok()) {
      answer->assign(reinterpret_cast<const char*>(whole.begin()), whole.size());
    }
    return status;
  }

  // Calls the method that takes this request.
  template <typename Response, typename Request>
  std::pair<grpc::Status, Response> Call(const Request& request) {
    std::string path;
    for (const auto* service : AllServices()) {
      for (int i = 0; i < service->method_count(); ++i) {
        if (service->method(i)->input_type() != Request::descriptor()) continue;
        path = "/" + service->full_name() + "/" + service->method(i)->name();
      }
    }
    std::string bytes;
    grpc::Status status = CallRaw(path, request.SerializeAsString(), &bytes);
    Response response;
    response.ParseFromString(bytes);
    return {std::move(status), std::move(response)};
  }

  storage::Store& store() { return *store_; }

 private:
  std::string address() const { return "unix:" + (folder_.path() / "hub.sock").string(); }

  support::TempFolder folder_;
  support::FakeClock clock_;
  OneCaller callers_;
  std::unique_ptr<storage::Store> store_ = storage::OpenMemoryStore(clock_);
  Door door_;
  GrantService grants_{*store_, door_};
  ContactService contacts_{*store_, clock_, door_};
  EventService events_{*store_, clock_, door_, {.has_mail = false, .public_url = kPublicUrl}};
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

event::v1::CreateEventRequest NetworkDay(const std::string& department) {
  event::v1::CreateEventRequest request;
  auto& event = *request.mutable_event();
  event.set_kind(event::v1::EVENT_KIND_NETWORK_DAY);
  event.set_title("Netværksdag");
  event.set_start_date("2031-03-11");
  event.add_host_department_ids(department);
  return request;
}

TEST_CASE("a caller without the right is refused at every method, before anything is looked at") {
  ServedOverview served(access::Caller{"stranger", {access::v1::RIGHT_NONE}});
  int asked = 0;
  for (const auto* service : AllServices()) {
    for (int i = 0; i < service->method_count(); ++i) {
      const auto* method = service->method(i);
      const auto access = access::AccessOf(*method);
      REQUIRE(access.ok());
      const std::string path = "/" + service->full_name() + "/" + method->name();
      INFO(path);
      const grpc::Status status = served.CallRaw(path, "", nullptr);
      // A feed is opened by its secret alone.
      if (access->right() == access::v1::RIGHT_NONE) {
        CHECK(method->name() == "GetFeed");
        CHECK(support::ReasonOf(status) == "FEED_KEY_NOT_FOUND");
        continue;
      }
      CHECK(status.error_code() == grpc::StatusCode::PERMISSION_DENIED);
      CHECK(support::ReasonOf(status) == "NOT_ALLOWED");
      ++asked;
    }
  }
  CHECK(asked == 25);
}

TEST_CASE("each right opens its own methods and no others") {
  const auto right = GENERATE(access::v1::RIGHT_GRANTS_READ, access::v1::RIGHT_GRANTS_WRITE,
                              access::v1::RIGHT_CONTACTS_READ, access::v1::RIGHT_CONTACTS_WRITE,
                              access::v1::RIGHT_EVENTS_READ, access::v1::RIGHT_EVENTS_WRITE);
  access::Caller caller{"somebody", {right}};
  caller.most = access::v1::DATA_CLASS_INTERNAL;
  ServedOverview served(caller);
  int open = 0;
  for (const auto* service : AllServices()) {
    for (int i = 0; i < service->method_count(); ++i) {
      const auto* method = service->method(i);
      const std::string path = "/" + service->full_name() + "/" + method->name();
      const grpc::Status status = served.CallRaw(path, "", nullptr);
      const bool refused = status.error_code() == grpc::StatusCode::PERMISSION_DENIED;
      const auto needed = access::AccessOf(*method)->right();
      INFO(path);
      CHECK(refused == (needed != right && needed != access::v1::RIGHT_NONE));
      open += refused ? 0 : 1;
    }
  }
  CHECK(open > 1);
}

TEST_CASE("the same request again gives the same answer and makes nothing twice") {
  ServedOverview served;
  event::v1::CreateEventRequest request = NetworkDay(served.integration);
  request.set_request_id("5b6fbe3c-62cc-4f0c-b7a8-3f6c8f0e2c11");
  const auto [first, made] = served.Call<event::v1::CreateEventResponse>(request);
  INFO(first.error_message());
  REQUIRE(first.ok());
  const auto [second, again] = served.Call<event::v1::CreateEventResponse>(request);
  REQUIRE(second.ok());
  CHECK(again.event().id() == made.event().id());
  request.mutable_event()->set_title("En anden");
  CHECK(support::ReasonOf(served.Call<event::v1::CreateEventResponse>(request).first) ==
        "REQUEST_ID_REUSED");
  const auto [listed, events] =
      served.Call<event::v1::ListEventsResponse>(event::v1::ListEventsRequest());
  REQUIRE(listed.ok());
  CHECK(events.events_size() == 1);

  contact::v1::AddTouchpointRequest contact;
  contact.set_request_id("5b6fbe3c-62cc-4f0c-b7a8-3f6c8f0e2c12");
  contact.mutable_touchpoint()->set_association_id(served.lawan);
  contact.mutable_touchpoint()->set_department_id(served.integration);
  contact.mutable_touchpoint()->set_date("2026-05-04");
  const auto one = served.Call<contact::v1::AddTouchpointResponse>(contact);
  const auto two = served.Call<contact::v1::AddTouchpointResponse>(contact);
  REQUIRE(one.first.ok());
  CHECK(one.second.touchpoint().id() == two.second.touchpoint().id());
  CHECK(one.second.touchpoint().recorded_by() == "operator");
}

TEST_CASE("a feed's secret is in no answer that is kept") {
  ServedOverview served;
  event::v1::CreateFeedKeyRequest request;
  request.set_department_id(served.integration);
  const auto [status, made] = served.Call<event::v1::CreateFeedKeyResponse>(request);
  REQUIRE(status.ok());
  const auto latest = *served.store().Latest();
  for (int kind = 1; kind < 64; ++kind) {
    const auto entries =
        latest->Scan(static_cast<storage::Kind>(kind), {.prefix = "", .after = "", .limit = 1000});
    for (const auto& entry : *entries) {
      CHECK(entry.bytes->find(made.secret()) == std::string::npos);
    }
  }
  event::v1::GetFeedRequest feed;
  feed.set_secret(made.secret());
  CHECK(served.Call<event::v1::GetFeedResponse>(feed).first.ok());
  CHECK(made.url() == std::string(kPublicUrl) + "/feeds/" + made.secret() + ".ics");
}

TEST_CASE("a feed shows what is to be done together beside the events") {
  ServedOverview served;
  collab::v1::Collaboration collaboration;
  collaboration.set_id("c1");
  collaboration.set_title("Høstfest");
  collaboration.set_state(collab::v1::COLLABORATION_STATE_ACTIVE);
  collaboration.add_parties()->set_department_id(served.integration);
  auto& task = *collaboration.add_tasks();
  task.set_id("t1");
  task.set_title("Telt");
  task.set_due_date("2199-06-01");
  REQUIRE(served.store()
              .Write("operator",
                     [&](storage::Transaction& transaction) {
                       return transaction.Put(storage::Kind::kCollaboration, "c1",
                                              collaboration.SerializeAsString());
                     })
              .ok());
  event::v1::CreateFeedKeyRequest request;
  request.set_department_id(served.integration);
  const auto made = served.Call<event::v1::CreateFeedKeyResponse>(request).second;
  event::v1::GetFeedRequest feed;
  feed.set_secret(made.secret());
  const auto shown = served.Call<event::v1::GetFeedResponse>(feed).second;
  REQUIRE(shown.events_size() == 1);
  CHECK(shown.events(0).title() == "Frist: Telt");
  CHECK(shown.events(0).description() == "Høstfest");
  CHECK(shown.events(0).start_date() == "2199-06-01");
}

TEST_CASE("what a feed tells is written down by its key, and not that nothing had changed") {
  Notebook notebook;
  ServedOverview served(access::LocalOperator(), &notebook);
  event::v1::CreateFeedKeyRequest request;
  request.set_department_id(served.integration);
  const auto made = served.Call<event::v1::CreateFeedKeyResponse>(request).second;
  event::v1::GetFeedRequest feed;
  feed.set_secret(made.secret());
  const auto shown = served.Call<event::v1::GetFeedResponse>(feed).second;
  auto told = notebook.told();
  REQUIRE(told.size() == 2);
  CHECK(told[1].method == "brobygger.event.v1.EventService/GetFeed");
  CHECK(told[1].object_id == made.feed_key().id());
  CHECK(told[1].department_id == served.integration);
  CHECK(told[1].municipality_code == "0615");
  CHECK(told[1].outcome == audit::v1::OUTCOME_TOLD);
  feed.set_etag(shown.etag());
  CHECK(served.Call<event::v1::GetFeedResponse>(feed).second.unchanged());
  CHECK(notebook.told().size() == 2);
  notebook.full = true;
  feed.clear_etag();
  CHECK(support::ReasonOf(served.Call<event::v1::GetFeedResponse>(feed).first) ==
        "AUDIT_UNAVAILABLE");
}

TEST_CASE("nobody is asked by mail where there is no mail server") {
  ServedOverview served;
  const auto made = served.Call<event::v1::CreateEventResponse>(NetworkDay(served.integration));
  event::v1::InviteAssociationsRequest request;
  request.set_event_id(made.second.event().id());
  request.add_invitations()->set_association_id(served.lawan);
  request.set_by_mail(true);
  CHECK(support::ReasonOf(served.Call<event::v1::InviteAssociationsResponse>(request).first) ==
        "MAIL_NOT_CONFIGURED");
  request.set_by_mail(false);
  CHECK(served.Call<event::v1::InviteAssociationsResponse>(request).first.ok());
}

TEST_CASE("applications come page by page, and one that nobody knows is not found") {
  ServedOverview served;
  for (int i = 0; i < 5; ++i) {
    grant::v1::GrantApplication told;
    told.set_connection_id("tilskud");
    told.set_external_id("a" + std::to_string(i));
    told.set_title("Folkedans");
    told.set_state(grant::v1::GRANT_STATE_RECEIVED);
    told.set_received_date("2026-02-0" + std::to_string(i + 1));
    told.mutable_applicant()->set_written_name("Lawan");
    served.Write([&](storage::Transaction& transaction) {
      return grants::IngestApplication(transaction, told);
    });
  }
  grant::v1::ListGrantApplicationsRequest request;
  request.set_page_size(2);
  std::vector<std::string> seen;
  do {
    const auto [status, page] = served.Call<grant::v1::ListGrantApplicationsResponse>(request);
    REQUIRE(status.ok());
    CHECK(page.total_count() == 5);
    for (const auto& each : page.applications()) seen.push_back(each.external_id());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  CHECK(seen == std::vector<std::string>{"a4", "a3", "a2", "a1", "a0"});
  request.set_page_token("not ours");
  CHECK(support::ReasonOf(served.Call<grant::v1::ListGrantApplicationsResponse>(request).first) ==
        "PAGE_TOKEN_INVALID");
  grant::v1::GetGrantApplicationRequest get;
  get.set_application_id("tilskud/none");
  CHECK(support::ReasonOf(served.Call<grant::v1::GetGrantApplicationResponse>(get).first) ==
        "GRANT_APPLICATION_NOT_FOUND");
}

}  // namespace
}  // namespace brobygger::rpc
