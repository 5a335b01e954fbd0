// Calendars: meetings become touchpoints, and events are written into them.

#include "core/sync/meetings.h"

#include <catch2/catch.hpp>

#include "core/base/day.h"
#include "core/contact/touchpoints.h"
#include "core/events/events.h"
#include "core/events/publications.h"
#include "core/registry/edit.h"
#include "core/registry/indexing_store.h"
#include "core/storage/memory/memory_store.h"
#include "core/sync/connections.h"
#include "core/sync/engine.h"
#include "tests/support/fake_calendar.h"
#include "tests/support/fake_clock.h"

namespace brobygger::sync {
namespace {

using contact::v1::Touchpoint;
using event::v1::Publication;
using support::FakeCalendar;

struct CalendarHub {
  support::FakeClock clock;
  registry::Identity identity{matching::Model::Shipped()};
  std::unique_ptr<storage::Store> store =
      registry::MakeIndexingStore(storage::OpenMemoryStore(clock), identity);
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
    const auto listed = contact::ListTouchpoints(*store, clock, {});
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

TEST_CASE("meetings become touchpoints after a person has looked at the first plan") {
  CalendarHub hub;
  hub.calendar.Put("1.ics", hub.With(-3));
  hub.calendar.Put("2.ics", hub.With(3));
  hub.calendar.Put("3.ics", hub.With(-3, "ukendt@nowhere.example"));
  const v1::Plan plan = hub.Plan();
  CHECK(plan.first_sync());
  CHECK(plan.meetings().new_count() == 2);
  CHECK(hub.Touchpoints().empty());
  const v1::Run run = hub.Apply(plan);
  CHECK(run.meetings().read_count() == 3);
  CHECK(run.meetings().new_count() == 2);
  REQUIRE(hub.Touchpoints().size() == 2);
  CHECK(hub.Touchpoints()[0].state() == Touchpoint::STATE_PLANNED);
  CHECK(hub.Touchpoints()[1].state() == Touchpoint::STATE_HELD);
  CHECK(hub.Touchpoints()[1].department_name() == "Integration");
  CHECK(hub.calendar.secrets.at("pseudonym_key") == FakeCalendar::kKey);
}

TEST_CASE("of who was asked and to what, nothing is kept") {
  CalendarHub hub;
  auto object = hub.With(-3);
  object.addresses.push_back("citizen@private.example");
  hub.calendar.Put("1.ics", object);
  hub.calendar.Put("2.ics", hub.With(-3, "ukendt@nowhere.example"));
  hub.Sync();
  REQUIRE(hub.Touchpoints().size() == 1);
  const std::string all = hub.Everything();
  for (const char* const address :
       {"citizen@private.example", "ukendt@nowhere.example", "kontakt@lawan.example"}) {
    INFO(address);
    CHECK(all.find(hub.calendar.pseudonyms.Of("address", address)) == std::string::npos);
  }
  CHECK(all.find(hub.calendar.pseudonyms.Of("domain", "private.example")) == std::string::npos);
  // An object that is with no association leaves no trace at all.
  CHECK(all.find(hub.calendar.pseudonyms.Of("href", "2.ics")) == std::string::npos);
  CHECK(all.find(hub.calendar.pseudonyms.Of("href", "1.ics")) != std::string::npos);
}

TEST_CASE("a department with case work is matched by category alone, whatever is configured") {
  CalendarHub hub;
  auto object = hub.With(-3);
  object.calendar = "jobcenter";
  hub.calendar.Put("1.ics", object);
  hub.Plan();
  CHECK(hub.Plan().meetings().new_count() == 0);
  object.codes = {"Lawan"};
  hub.calendar.Put("1.ics", object);
  hub.Sync();
  REQUIRE(hub.Touchpoints().size() == 1);
  CHECK(hub.Touchpoints()[0].basis() == Touchpoint::BASIS_CATEGORY);
  CHECK(hub.Touchpoints()[0].department_name() == "Jobcenter Fjordby");
}

TEST_CASE("afterwards only changes are read, and the whole list once a week") {
  CalendarHub hub;
  for (int i = 0; i < 5; ++i) hub.calendar.Put(std::to_string(i), hub.With(-i));
  hub.Sync();
  CHECK(hub.calendar.snapshots == 1);
  hub.calendar.Put("5", hub.With(-5));
  CHECK(hub.Sync().meetings().read_count() == 1);
  CHECK(hub.calendar.snapshots == 1);
  CHECK(hub.calendar.deltas == 1);
  CHECK(hub.Touchpoints().size() == 6);
  hub.clock.Advance(std::chrono::hours(24 * 8));
  hub.Plan();
  CHECK(hub.calendar.snapshots == 2);
}

TEST_CASE("who is known later is found in the meetings that were there before") {
  CalendarHub hub;
  hub.calendar.Put("1", hub.With(-3));
  hub.calendar.Put("2", hub.With(-3, "post@havnen.example"));
  hub.Sync();
  CHECK(hub.Touchpoints().size() == 1);
  hub.Associate("Havnens Venner", "post@havnen.example");
  const auto run = hub.Sync();
  CHECK(hub.calendar.snapshots == 2);
  CHECK(run.meetings().new_count() == 1);
  CHECK(hub.Touchpoints().size() == 2);
}

TEST_CASE("opted out, cancelled or moved, it goes or moves") {
  CalendarHub hub;
  hub.calendar.Put("1", hub.With(-3));
  hub.calendar.Put("2", hub.With(2));
  hub.Sync();
  auto object = hub.With(-3);
  object.opted_out = true;
  hub.calendar.Put("1", object);
  object = hub.With(2);
  object.cancelled = {hub.Day(2)};
  hub.calendar.Put("2", object);
  const auto run = hub.Sync();
  CHECK(run.meetings().removed_count() == 2);
  CHECK(hub.Touchpoints().empty());
}

TEST_CASE("a calendar that is suddenly empty waits for a person, by its list and by its changes") {
  CalendarHub hub;
  const bool by_changes = GENERATE(true, false);
  hub.calendar.delta = by_changes;
  for (int i = 0; i < 20; ++i) hub.calendar.Put(std::to_string(i), hub.With(i - 10));
  hub.Sync();
  REQUIRE(hub.Touchpoints().size() == 20);
  for (int i = 0; i < 20; ++i) hub.calendar.Remove(std::to_string(i));
  const v1::Plan plan = hub.Plan();
  CHECK(plan.meetings().gone_count() == 20);
  CHECK(plan.verdict() == v1::Plan::VERDICT_DELETIONS_HELD);
  hub.Apply(plan);
  CHECK(hub.Touchpoints().size() == 20);
  hub.Sync(true);
  // What has taken place stays.
  const auto left = hub.Touchpoints();
  CHECK(left.size() == 10);
  for (const Touchpoint& each : left) CHECK(each.has_source_gone_time());
}

TEST_CASE("a calendar that its department withdraws tells of nothing any more") {
  CalendarHub hub;
  hub.calendar.Put("1", hub.With(-3));
  hub.calendar.Put("2", hub.With(3));
  hub.Sync();
  REQUIRE(hub.Touchpoints().size() == 2);
  SECTION("only the hub is told") {
    auto connection = hub.Connection();
    connection.mutable_meetings()->mutable_calendars(0)->set_calendar("another");
    REQUIRE(hub.Update(connection).ok());
    hub.Sync();
    CHECK(hub.Touchpoints().empty());
  }
  SECTION("the plugin no longer reads it") {
    hub.calendar.scope_hash = "without it";
    hub.calendar.shows_nothing = true;
    hub.Sync(true);
    REQUIRE(hub.Touchpoints().size() == 1);
    CHECK(hub.Touchpoints()[0].date() == hub.Day(-3));
  }
}

TEST_CASE("the same meeting in two departments' calendars is one meeting and two contacts") {
  CalendarHub hub;
  auto object = hub.With(-1);
  object.uid = "uid-1";
  object.codes = {"Lawan"};
  hub.calendar.Put("1", object);
  object.calendar = "jobcenter";
  hub.calendar.Put("2", object);
  hub.Sync();
  REQUIRE(hub.Touchpoints().size() == 2);
  CHECK(hub.Touchpoints()[0].meeting_key() == hub.Touchpoints()[1].meeting_key());
  CHECK(hub.Touchpoints()[0].department_id() != hub.Touchpoints()[1].department_id());
}

TEST_CASE("a record that tells more than digests is kept aside") {
  CalendarHub hub;
  const auto screen =
      MeetingScreen::Make(**hub.store->Latest(), hub.Connection(),
                          std::make_shared<const contact::AddressBook>(*contact::AddressBook::Make(
                              **hub.store->Latest(), hub.calendar.pseudonyms)));
  REQUIRE(screen.ok());
  hub.calendar.Put("1", hub.With(-1));
  auto record = hub.calendar.Tell("1");
  record.set_etag("\"secret\"");
  record.set_changed_by("Anna");
  (*record.mutable_fields())["title"].set_text("Samtale med Anna");
  REQUIRE(screen->Reduce(record).ok());
  CHECK(record.SerializeAsString().find("Anna") == std::string::npos);
  CHECK(record.etag().empty());
  record = hub.calendar.Tell("1");
  record.set_external_id("/fritid/moder/anna.ics");
  CHECK(base::ReasonOf(screen->Reduce(record)) == errors::v1::ERROR_REASON_FIELD_INVALID);
}

TEST_CASE("a connection to calendars that cannot be is refused") {
  CalendarHub hub;
  auto connection = hub.Connection();
  connection.set_id("anden");
  connection.mutable_meetings()->mutable_calendars(1)->set_calendar("integration");
  CHECK(base::ReasonOf(hub.Create(connection)) == errors::v1::ERROR_REASON_CONNECTION_INVALID);
  connection = hub.Connection();
  connection.set_id("anden");
  connection.mutable_meetings()->mutable_calendars(0)->set_department_id("nowhere");
  CHECK(base::ReasonOf(hub.Create(connection)) == errors::v1::ERROR_REASON_DEPARTMENT_NOT_FOUND);
  connection = hub.Connection();
  connection.set_id("anden");
  connection.add_mappings()->set_source_field("navn");
  CHECK_FALSE(hub.Create(connection).ok());
}

struct PublishingHub : CalendarHub {
  std::string event;

  PublishingHub() {
    event::v1::Event wanted;
    wanted.set_kind(event::v1::EVENT_KIND_NETWORK_DAY);
    wanted.set_title("Netværksdag");
    wanted.set_start_date(Day(30));
    wanted.add_host_department_ids(integration);
    event = Write([&](storage::Transaction& transaction) {
              return events::CreateEvent(transaction, wanted);
            })->id();
    Publish();
  }

  void Publish(bool withdraw = false) {
    event::v1::PublishEventRequest request;
    request.set_event_id(event);
    request.set_connection_id("kalender");
    request.set_calendar("integration");
    request.set_withdraw(withdraw);
    REQUIRE(Write([&](storage::Transaction& transaction) {
              return events::PublishEvent(transaction, request);
            }).ok());
  }

  absl::Status Outbound() { return engine.RunOutbound("kalender", cancel); }

  Publication State() {
    const auto got = events::GetEvent(**store->Latest(), event);
    REQUIRE(got.ok());
    return got->publications().empty() ? Publication() : got->publications(0);
  }

  void Rename(const std::string& title) {
    event::v1::Event wanted;
    wanted.set_id(event);
    wanted.set_title(title);
    google::protobuf::FieldMask mask;
    mask.add_paths("title");
    REQUIRE(Write([&](storage::Transaction& transaction) {
              return events::UpdateEvent(transaction, wanted, mask);
            }).ok());
  }

  std::string Id() const { return "integration/" + event + ".ics"; }
  std::string Title() { return calendar.events.at(Id()).fields().at("title").text(); }
};

TEST_CASE("an event is written into a calendar, changed there, and taken out") {
  PublishingHub hub;
  CHECK(hub.engine.WritingConnections(hub.clock.Now())->size() == 1);
  REQUIRE(hub.Outbound().ok());
  CHECK(hub.State().state() == Publication::STATE_PUBLISHED);
  CHECK(hub.Title() == "Netværksdag");
  CHECK(hub.engine.WritingConnections(hub.clock.Now())->empty());
  hub.Rename("Netværksdag på havnen");
  CHECK(hub.State().state() == Publication::STATE_WAITING);
  REQUIRE(hub.Outbound().ok());
  CHECK(hub.Title() == "Netværksdag på havnen");
  CHECK(hub.State().sequence() == 1);
  hub.Publish(true);
  REQUIRE(hub.Outbound().ok());
  CHECK(hub.calendar.events.empty());
  CHECK(hub.State().connection_id().empty());
}

TEST_CASE("what a person took out of the calendar is not written there again") {
  PublishingHub hub;
  REQUIRE(hub.Outbound().ok());
  hub.calendar.RemoveEvent(hub.Id());
  SECTION("seen when the calendar is read") {
    CHECK(hub.Sync().publications().removed_there_count() == 1);
  }
  SECTION("seen when the event changes") {
    hub.Rename("Anden titel");
    REQUIRE(hub.Outbound().ok());
  }
  CHECK(hub.State().state() == Publication::STATE_REMOVED_THERE);
  hub.Rename("Tredje titel");
  REQUIRE(hub.Outbound().ok());
  CHECK(hub.calendar.events.empty());
  // A person may want it there again.
  hub.Publish();
  REQUIRE(hub.Outbound().ok());
  CHECK(hub.Title() == "Tredje titel");
}

TEST_CASE("a lost answer makes no second event, and what is put off is tried again") {
  PublishingHub hub;
  SECTION("lost") { hub.calendar.loses_answers = 1; }
  SECTION("put off") { hub.calendar.puts_off = 1; }
  const absl::Status first = hub.Outbound();
  if (!first.ok()) {
    CHECK(hub.State().state() == Publication::STATE_WAITING);
    REQUIRE(hub.Outbound().ok());
  }
  CHECK(hub.calendar.events.size() == 1);
  CHECK(hub.State().state() == Publication::STATE_PUBLISHED);
}

TEST_CASE("what the calendar refuses says why, and a change tries again") {
  PublishingHub hub;
  hub.calendar.refuses = "Netværksdag";
  REQUIRE(hub.Outbound().ok());
  CHECK(hub.State().state() == Publication::STATE_REFUSED);
  CHECK(hub.State().trouble() == "refused by the fake");
  REQUIRE(hub.Outbound().ok());
  hub.Rename("Mødedag");
  REQUIRE(hub.Outbound().ok());
  CHECK(hub.Title() == "Mødedag");
}

}  // namespace
}  // namespace brobygger::sync
