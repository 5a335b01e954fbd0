// A municipality of two departments whose contacts are served, and a caller whom the test chooses.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "core/access/policy.h"
#include "core/base/day.h"
#include "core/contact/kept.h"
#include "core/registry/edit.h"
#include "core/rpc/contact_service.h"
#include "core/storage/memory/memory_store.h"
#include "tests/core/rpc/served.h"

namespace brobygger::rpc {

using contact::v1::ListTouchpointsRequest;
using contact::v1::ListTouchpointsResponse;
using contact::v1::Touchpoint;

// Whoever it is just now.
class Whoever final : public Callers {
 public:
  void Be(access::Caller caller) {
    caller_ = std::make_shared<const access::Caller>(std::move(caller));
  }
  std::shared_ptr<const access::Caller> CallerAt(const std::string& /*peer*/) const override {
    return caller_;
  }

 private:
  std::shared_ptr<const access::Caller> caller_ =
      std::make_shared<const access::Caller>(access::LocalOperator());
};

// What the log was told, as method and what it is about.
class Remembered final : public Auditor {
 public:
  void Record(AuditedCall call,
              std::chrono::steady_clock::time_point /*deadline*/,
              Done done) override {
    Remember(call);
    done(absl::OkStatus());
  }
  void RecordRefused(AuditedCall call) override { Remember(call); }

  std::vector<std::pair<std::string, std::string>> Told() {
    const std::lock_guard lock(mutex_);
    return std::exchange(told_, {});
  }

 private:
  void Remember(const AuditedCall& call) {
    const std::lock_guard lock(mutex_);
    told_.emplace_back(call.method.substr(call.method.rfind('/') + 1), call.object_id);
  }

  std::mutex mutex_;
  std::vector<std::pair<std::string, std::string>> told_;
};

// A municipality of two departments, one association, and one contact of each department with it.
class ServedContacts {
 public:
  ServedContacts() {
    clock_.Set(base::SystemClock().Now());
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address(), grpc::InsecureServerCredentials());
    builder.RegisterService(&contacts_);
    server_ = builder.BuildAndStart();
    stub_ = contact::v1::ContactService::NewStub(
        grpc::CreateChannel(address(), grpc::InsecureChannelCredentials()));
    integration = Department("Integration");
    culture = Department("Kultur og Fritid");
    registry::v1::Association association;
    association.set_official_name("Lawan");
    association.set_municipality_code("0615");
    (void)store_->Write("operator", [&](storage::Transaction& transaction) {
      const auto made = registry::CreateAssociation(transaction, association, "operator");
      if (made.ok()) lawan = made->id();
      return made.status();
    });
    of_integration = Add(integration).second.touchpoint().id();
    of_culture = Add(culture).second.touchpoint().id();
    REQUIRE(!of_integration.empty());
    REQUIRE(!of_culture.empty());
  }
  ~ServedContacts() {
    server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(5));
  }
  ServedContacts(const ServedContacts&) = delete;
  ServedContacts& operator=(const ServedContacts&) = delete;

  std::string Department(const std::string& official_name) {
    registry::v1::Department department;
    department.set_official_name(official_name);
    department.set_municipality_code("0615");
    department.set_contact_email("post@" + std::to_string(official_name.size()) + ".example");
    std::string id;
    (void)store_->Write("operator", [&](storage::Transaction& transaction) {
      const auto made = registry::CreateDepartment(transaction, department, "operator");
      if (made.ok()) id = made->id();
      return made.status();
    });
    return id;
  }

  // From here on the caller is one with this role, as the shipped policy has it.
  void BeA(const std::string& role,
           const std::string& department_id,
           const std::string& purpose = "collaboration",
           access::CallerKind kind = access::CallerKind::kEmployee) {
    const auto admitted = access::Policy::Shipped().Admit({.actor = "user:1",
                                                           .kind = kind,
                                                           .roles = {role},
                                                           .municipality_code = "0615",
                                                           .department_id = department_id,
                                                           .purpose = purpose});
    REQUIRE(admitted.ok());
    callers_.Be(*admitted);
  }

  void Be(access::Caller caller) { callers_.Be(std::move(caller)); }

  std::pair<grpc::Status, contact::v1::AddTouchpointResponse> Add(const std::string& department_id,
                                                                  const std::string& owner = "") {
    contact::v1::AddTouchpointRequest request;
    auto& wanted = *request.mutable_touchpoint();
    wanted.set_association_id(lawan);
    wanted.set_department_id(department_id);
    wanted.set_date(base::DayOf(clock_.Now(), -3));
    wanted.set_our_role("konsulent");
    wanted.set_summary("Vil have en nøgle");
    if (!owner.empty()) {
      wanted.mutable_follow_up()->set_date(base::DayOf(clock_.Now(), 3));
      wanted.mutable_follow_up()->set_owner_department_id(owner);
    }
    contact::v1::AddTouchpointResponse response;
    grpc::ClientContext context;
    Served::Prepare(context);
    grpc::Status status = stub_->AddTouchpoint(&context, request, &response);
    return {std::move(status), std::move(response)};
  }

  ListTouchpointsResponse List(const ListTouchpointsRequest& request = {}) {
    ListTouchpointsResponse response;
    grpc::ClientContext context;
    Served::Prepare(context);
    const grpc::Status status = stub_->ListTouchpoints(&context, request, &response);
    INFO(status.error_message());
    REQUIRE(status.ok());
    return response;
  }

  grpc::Status Review(const std::string& id) {
    contact::v1::ReviewTouchpointRequest request;
    request.set_touchpoint_id(id);
    request.set_confirmed(true);
    contact::v1::ReviewTouchpointResponse response;
    grpc::ClientContext context;
    Served::Prepare(context);
    const grpc::Status status = stub_->ReviewTouchpoint(&context, request, &response);
    answered = response.touchpoint();
    return status;
  }

  grpc::Status Complete(const std::string& id) {
    contact::v1::CompleteFollowUpRequest request;
    request.set_touchpoint_id(id);
    contact::v1::CompleteFollowUpResponse response;
    grpc::ClientContext context;
    Served::Prepare(context);
    const grpc::Status status = stub_->CompleteFollowUp(&context, request, &response);
    answered = response.touchpoint();
    return status;
  }

  grpc::Status Delete(const std::string& id) {
    contact::v1::DeleteTouchpointRequest request;
    request.set_touchpoint_id(id);
    contact::v1::DeleteTouchpointResponse response;
    grpc::ClientContext context;
    Served::Prepare(context);
    return stub_->DeleteTouchpoint(&context, request, &response);
  }

  // As if a calendar had told it, so that it can be reviewed.
  void SayCalendarTold(const std::string& id) {
    const auto written = store_->Write("operator", [&](storage::Transaction& transaction) {
      auto stored = contact::FindTouchpoint(transaction, id);
      (*stored)->mutable_touchpoint()->set_meeting_key("m1");
      (*stored)->set_review(contact::v1::StoredTouchpoint::REVIEW_OPEN);
      return contact::StoreTouchpoint(transaction, **stored);
    });
    REQUIRE(written.ok());
  }

  // That the department had older contacts, of which only how many is kept.
  void Count(const std::string& department_id) {
    contact::v1::TouchpointCount count;
    count.set_association_id(lawan);
    count.set_department_id(department_id);
    count.set_quarter("2020-Q3");
    count.set_count(4);
    REQUIRE(store_
                ->Write("operator",
                        [&](storage::Transaction& transaction) {
                          return transaction.Put(storage::Kind::kTouchpointCount,
                                                 contact::CountKey(count),
                                                 count.SerializeAsString());
                        })
                .ok());
  }

  std::string integration;
  std::string culture;
  std::string lawan;
  std::string of_integration;
  std::string of_culture;
  Touchpoint answered;
  Remembered log;

 private:
  std::string address() const { return "unix:" + (folder_.path() / "hub.sock").string(); }

  support::TempFolder folder_;
  support::FakeClock clock_;
  Whoever callers_;
  std::unique_ptr<storage::Store> store_ = storage::OpenMemoryStore(clock_);
  Door door_{callers_, [this] {
               DoorOptions options;
               options.auditor = &log;
               return options;
             }()};
  ContactService contacts_{*store_, clock_, door_};
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<contact::v1::ContactService::Stub> stub_;
};

}  // namespace brobygger::rpc
