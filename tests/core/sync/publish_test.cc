// Events are written into calendars, and what people take out stays out.
#include "tests/core/sync/calendar_hub.h"

namespace brobygger::sync {
namespace {

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

TEST_CASE("what a person wants while it is being written is not lost") {
  PublishingHub hub;
  SECTION("taken out while it is put in") {
    hub.calendar.before_write = [&] { hub.Publish(true); };
    REQUIRE(hub.Outbound().ok());
    CHECK(hub.State().state() == Publication::STATE_WITHDRAWING);
    hub.calendar.before_write = nullptr;
    REQUIRE(hub.Outbound().ok());
    CHECK(hub.calendar.events.empty());
    CHECK(hub.State().connection_id().empty());
  }
  SECTION("put in again while it is taken out") {
    REQUIRE(hub.Outbound().ok());
    hub.Publish(true);
    hub.calendar.before_write = [&] { hub.Publish(); };
    REQUIRE(hub.Outbound().ok());
    CHECK(hub.State().state() == Publication::STATE_WAITING);
    hub.calendar.before_write = nullptr;
    REQUIRE(hub.Outbound().ok());
    CHECK(hub.calendar.events.size() == 1);
    CHECK(hub.State().state() == Publication::STATE_PUBLISHED);
  }
}

TEST_CASE("meetings are read though nobody can look for published events") {
  PublishingHub hub;
  REQUIRE(hub.Outbound().ok());
  hub.calendar.can_look_up = false;
  hub.calendar.Put("1", hub.With(-1));
  CHECK(hub.Sync().meetings().new_count() == 1);
  CHECK(hub.State().state() == Publication::STATE_PUBLISHED);
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
