// A hub with two departments, an association and a calendar server in memory.
#pragma once

#include <catch2/catch.hpp>

#include "core/base/day.h"
#include "core/base/status_macros.h"
#include "core/contact/touchpoints.h"
#include "core/events/events.h"
#include "core/events/publications.h"
#include "core/registry/edit.h"
#include "core/registry/indexing_store.h"
#include "core/storage/memory/memory_store.h"
#include "core/storage/store_around.h"
#include "core/sync/connections.h"
#include "core/sync/engine.h"
#include "core/sync/meetings.h"
#include "tests/support/fake_calendar.h"
#include "tests/support/fake_clock.h"

namespace brobygger::sync {

using contact::v1::Touchpoint;
using event::v1::Publication;
using support::FakeCalendar;

// Counts how often it is asked to leave nothing in its file of what was overwritten.
class ScrubCountingStore final : public storage::StoreAround {
 public:
  ScrubCountingStore(std::unique_ptr<Store> inner, int& scrubs)
      : StoreAround(std::move(inner)), scrubs_(scrubs) {}
  absl::Status Scrub() override {
    ++scrubs_;
    return StoreAround::Scrub();
  }

 private:
  int& scrubs_;
};

struct CalendarHub {
  support::FakeClock clock;
  registry::Identity identity{matching::Model::Shipped()};
  int scrubs = 0;
  std::unique_ptr<storage::Store> store = registry::MakeIndexingStore(
      std::make_unique<ScrubCountingStore>(storage::OpenMemoryStore(clock), scrubs), identity);
  FakeCalendar calendar;
  Engine engine{*store, identity, calendar, clock,
                [](const std::string& reference) -> absl::StatusOr<std::string> {
                  if (reference == kPseudonymKeyReference) return FakeCalendar::kKey;
                  return absl::NotFoundError("no such secret");
                }};
  supervisor::CancelToken cancel;
  std::string integration = Department("Integration");
  std::string jobcenter = Department("Jobcenter Fjordby");
  std::string lawan = Associate("Lawan", "kontakt@lawan.example");

  CalendarHub() { REQUIRE(Create(Connection()).ok()); }

  template <typename Body>
  auto Write(Body body) {
    decltype(body(std::declval<storage::Transaction&>())) result =
        absl::UnknownError("the body did not run");
    (void)store->Write("operator", [&](storage::Transaction& transaction) {
      result = body(transaction);
      return result.ok() ? absl::OkStatus() : result.status();
    });
    return result;
  }

  std::string Department(const std::string& official_name) {
    registry::v1::Department wanted;
    wanted.set_official_name(official_name);
    wanted.set_municipality_code("0615");
    return Write([&](storage::Transaction& transaction) {
             return registry::CreateDepartment(transaction, wanted, "operator");
           })
        ->id();
  }

  std::string Associate(const std::string& official_name, const std::string& email) {
    registry::v1::Association wanted;
    wanted.set_official_name(official_name);
    wanted.set_municipality_code("0615");
    wanted.add_emails(email);
    return Write([&](storage::Transaction& transaction) {
             return registry::CreateAssociation(transaction, wanted, "operator");
           })
        ->id();
  }

  v1::Connection Connection() const {
    v1::Connection connection;
    connection.set_id("kalender");
    connection.set_title("Kalendere");
    connection.set_plugin("calendars.caldav");
    connection.set_family(v1::Connection::FAMILY_CALENDARS);
    connection.set_config_json("{}");
    for (const auto& [name, department] :
         {std::pair("integration", integration), std::pair("jobcenter", jobcenter)}) {
      auto& mapping = *connection.mutable_meetings()->add_calendars();
      mapping.set_calendar(name);
      mapping.set_department_id(department);
      mapping.set_match(v1::CalendarMapping::MATCH_ADDRESS);
    }
    return connection;
  }

  absl::Status Create(const v1::Connection& connection) {
    return Write([&](storage::Transaction& transaction) {
             return CreateConnection(transaction, connection);
           })
        .status();
  }

  absl::Status Update(const v1::Connection& connection) {
    return Write([&](storage::Transaction& transaction) {
             return UpdateConnection(transaction, connection);
           })
        .status();
  }

  v1::Plan Plan() {
    auto plan = engine.PlanSync("kalender", "operator", nullptr, cancel);
    INFO(plan.status());
    REQUIRE(plan.ok());
    return *plan;
  }

  v1::Run Apply(const v1::Plan& plan, bool accept_held = false) {
    v1::ApplyPlanRequest request;
    request.set_plan_id(plan.id());
    request.set_accept_held(accept_held);
    auto run = engine.ApplyPlan(request, "operator", nullptr, cancel);
    INFO(run.status());
    REQUIRE(run.ok());
    return *run;
  }

  v1::Run Sync(bool accept_held = false) { return Apply(Plan(), accept_held); }

  std::vector<Touchpoint> Touchpoints() {
    const auto listed = contact::ListTouchpoints(*store, clock, access::LocalOperator(), {});
    REQUIRE(listed.ok());
    return {listed->touchpoints().begin(), listed->touchpoints().end()};
  }

  FakeCalendar::Object With(int days, const std::string& address = "kontakt@lawan.example") const {
    FakeCalendar::Object object;
    object.dates = {Day(days)};
    object.addresses = {address};
    return object;
  }

  std::string Day(int days) const { return base::DayOf(clock.Now(), days); }

  // Every byte that the store holds.
  std::string Everything() const {
    std::string all;
    const auto latest = *store->Latest();
    for (int kind = 1; kind < 64; ++kind) {
      const auto entries = latest->Scan(static_cast<storage::Kind>(kind),
                                        {.prefix = "", .after = "", .limit = 10000});
      for (const auto& entry : *entries) all += entry.key + " " + *entry.bytes + "\n";
    }
    return all;
  }
};

}  // namespace brobygger::sync
