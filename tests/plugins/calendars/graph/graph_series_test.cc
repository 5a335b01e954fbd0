// Rule 29 of plugins/calendars/graph/README.md: what is told of series, and what of single events.
#include <catch2/catch.hpp>

#include "brobygger/sdk/error.h"

#include "tests/plugins/calendars/graph/fake_graph.h"

namespace brobygger::graph {
namespace {

using Fields = google::protobuf::Map<std::string, sdk::Value>;

const Fields& FieldsOf(const FakeHub& hub, const std::string& uid) {
  return hub.held.at(IdOf(uid)).fields();
}

// The fields of a record's only part.
const Fields& PartOf(const FakeHub& hub, const std::string& uid) {
  const auto& parts = FieldsOf(hub, uid).at("parts").list().items();
  REQUIRE(parts.size() == 1);
  return parts[0].group().fields();
}

std::set<std::string> TextsOf(const sdk::Value& value) {
  std::set<std::string> texts;
  for (const auto& item : value.list().items()) texts.insert(item.text());
  return texts;
}

std::set<std::string> KeysOf(const FakeHub& hub, const std::string& uid) {
  std::set<std::string> keys;
  for (const auto& meeting : PartOf(hub, uid).at("meetings").list().items()) {
    keys.insert(meeting.group().fields().at("key").text());
  }
  return keys;
}

std::string KeyFor(const std::string& uid, const std::string& instance) {
  return Key().Of("meeting", uid + "\n" + instance);
}

TEST_CASE("rule 29: what an occurrence does not say is its master's") {
  FakeGraph graph;
  Json& series = graph.events()["s1"] = Series("uid-1", {"2026-07-01", "2026-07-08"});
  series["categories"] = {"brobygger: F7 ", "Rød", "Brobygger:"};
  series["organizer"] = "Fritid@Fjordby.example";
  series["attendees"] = {{" Formand@aeblelaug.example", "accepted"},
                         {"nej@aeblelaug.example", "declined"},
                         {"/o=ExchangeLabs/cn=lokale", "none"}};
  graph.Tell();
  FakeHub hub(graph);
  REQUIRE(hub.Delta().status.ok());
  CHECK(hub.Days("uid-1") == "2026-07-01 2026-07-08");
  const Fields& part = PartOf(hub, "uid-1");
  CHECK(TextsOf(part.at("codes")) == std::set<std::string>{"F7"});
  CHECK(TextsOf(part.at("addresses")) ==
        std::set<std::string>{Key().Of("address", "fritid@fjordby.example"),
                              Key().Of("address", "formand@aeblelaug.example")});
  CHECK(TextsOf(part.at("domains")) ==
        std::set<std::string>{Key().Of("domain", "fjordby.example"),
                              Key().Of("domain", "aeblelaug.example")});
}

TEST_CASE("rule 29: rows as bare as delta's are filled from the master when they are listed") {
  const Event bare =
      ToEvent({{"id", "s1.1"},
               {"type", "occurrence"},
               {"seriesMasterId", "s1"},
               {"start", {{"dateTime", "2026-07-08T22:30:00.0000000"}, {"timeZone", "UTC"}}}});
  Event master = ToEvent({{"id", "s1"},
                          {"iCalUId", "uid-1"},
                          {"sensitivity", "normal"},
                          {"isCancelled", true},
                          {"isAllDay", false},
                          {"categories", {"Brobygger:F7"}},
                          {"attendees", Json::array()}});
  const calendars::Window window = WindowIn(WeekOf(absl::CivilDay(2026, 7, 8)));
  const Group group = {.id = "s1", .is_series = true, .instances = {bare}};
  auto object = ToMeetingObject(master, group, {.window = window, .pseudonyms = Key()});
  REQUIRE(object.parts.size() == 1);
  CHECK(object.parts[0].codes == std::vector<std::string>{"F7"});
  REQUIRE(object.parts[0].meetings.size() == 1);
  CHECK(object.parts[0].meetings[0].cancelled);
  // The day in Copenhagen, the name in UTC.
  CHECK(object.parts[0].meetings[0].date == absl::CivilDay(2026, 7, 9));
  CHECK(object.parts[0].meetings[0].key == KeyFor("uid-1", "20260708T223000Z"));
  master.hidden.reset();
  object = ToMeetingObject(master, group, {.window = window, .pseudonyms = Key()});
  CHECK(object.opted_out);
}

TEST_CASE("rule 29: an instance is named by the series' UID and its original start") {
  FakeGraph graph;
  Json& series = graph.events()["s1"] = Series("uid-1", {"2026-07-01"});
  series["instances"].push_back(
      {{"start", "2026-07-10T09:00:00"}, {"original", "2026-07-08T12:00:00"}});
  graph.events()["d1"] = {{"uid", "uid-2"}, {"start", "2026-07-02T00:00:00"}, {"all_day", true}};
  graph.events()["d1"]["instances"] = {{{"start", "2026-07-02T00:00:00"}}};
  graph.events()["e1"] = Single("uid-3", "2026-07-03");
  graph.Tell();
  FakeHub hub(graph);
  REQUIRE(hub.Delta().status.ok());
  CHECK(KeysOf(hub, "uid-1") == std::set<std::string>{KeyFor("uid-1", "20260701T120000Z"),
                                                      KeyFor("uid-1", "20260708T120000Z")});
  CHECK(hub.Days("uid-1") == "2026-07-01 2026-07-10");
  CHECK(KeysOf(hub, "uid-2") == std::set<std::string>{KeyFor("uid-2", "20260702")});
  CHECK(hub.Days("uid-2") == "2026-07-02");
  CHECK(KeysOf(hub, "uid-3") == std::set<std::string>{KeyFor("uid-3", "")});
}

TEST_CASE("rule 29: an occurrence that is deleted without a word is gone") {
  FakeGraph graph;
  graph.events()["s1"] = Series("uid-1", {"2026-07-01", "2026-07-08", "2026-07-15"});
  graph.Tell();
  FakeHub hub(graph);
  REQUIRE(hub.Delta().status.ok());
  // Delta tells the master, or the rest of the series besides, and never what is missing.
  const bool quiet = GENERATE(true, false);
  graph.events()["s1"]["instances"].erase(1);
  graph.events()["s1"]["quiet"] = quiet;
  graph.Tell();
  REQUIRE(hub.Delta().status.ok());
  CHECK(hub.Days("uid-1") == "2026-07-01 2026-07-15");
}

TEST_CASE("rule 29: an occurrence whose deletion does not even ring is gone the next day") {
  FakeGraph graph;
  graph.events()["s1"] = Series("uid-1", {"2026-07-01", "2026-07-08", "2026-07-15"});
  graph.Tell();
  FakeHub hub(graph);
  REQUIRE(hub.Delta().status.ok());
  graph.events()["s1"]["instances"].erase(1);
  graph.events()["s1"]["silent"] = true;
  graph.Tell();
  REQUIRE(hub.Delta().status.ok());
  CHECK(hub.Days("uid-1") == "2026-07-01 2026-07-08 2026-07-15");
  hub.today = "2026-07-09";
  REQUIRE(hub.Delta().status.ok());
  CHECK(hub.Days("uid-1") == "2026-07-01 2026-07-15");
}

TEST_CASE(
    "rule 29: a series whose last occurrence is deleted is gone, and so is a deleted series") {
  FakeGraph graph;
  graph.events() = {{"s1", Series("uid-1", {"2026-07-01"})},
                    {"s2", Series("uid-2", {"2026-07-02"})},
                    {"e1", Single("uid-3", "2026-07-03")}};
  graph.Tell();
  FakeHub hub(graph);
  REQUIRE(hub.Delta().status.ok());
  CHECK(hub.held.size() == 3);
  graph.events()["s1"]["instances"] = Json::array();
  graph.events().erase("s2");
  graph.Tell();
  REQUIRE(hub.Delta().status.ok());
  CHECK(hub.held.size() == 1);
  CHECK(hub.Has("uid-3"));
}

TEST_CASE("rule 29: masters are asked for inside their calendar") {
  FakeGraph graph;
  graph.tenant["mailboxes"][kMailbox]["calendars"]["faelles"] = {
      {"s1", Series("uid-1", {"2026-07-01"})}};
  graph.Tell();
  FakeHub hub(graph);
  hub.config.calendars = {{"faelles", {.mailbox = kMailbox, .calendar_id = "faelles"}}};
  CHECK(hub.Delta().records.size() == 1);
  const auto asked = graph.Asked();
  CHECK(
      asked.back().starts_with("/v1.0/users/fritid@fjordby.example/calendars/faelles/events/s1?"));
}

TEST_CASE("rule 29: masters of series that nobody changed are not asked for again") {
  FakeGraph graph;
  graph.events() = {{"s1", Series("uid-1", {"2026-07-01"})},
                    {"s2", Series("uid-2", {"2026-07-02"})}};
  graph.Tell();
  FakeHub hub(graph);
  REQUIRE(hub.Delta().status.ok());
  graph.events()["s2"]["categories"] = {"Brobygger:F7"};
  graph.Tell();
  graph.Asked();
  CHECK(hub.Delta().records.size() == 1);
  CHECK(graph.Asked().size() == 3);
}

TEST_CASE("rule 29: a master that is not found is asked for again, though delta is silent") {
  FakeGraph graph;
  graph.events() = {{"e1", Single("uid-1", "2026-07-01")}, {"s1", Series("uid-2", {"2026-07-02"})}};
  graph.Tell();
  FakeHub hub(graph);
  graph.GoWrong({{"on", "master"}, {"kind", "status"}, {"status", 404}, {"times", 2}});
  Outcome outcome = hub.Delta();
  CHECK(outcome.status.ok());
  REQUIRE(outcome.errors.size() == 1);
  CHECK(outcome.errors[0].diagnostic().code() == "calendars.graph.no_master");
  CHECK(hub.Has("uid-1"));
  CHECK_FALSE(hub.Has("uid-2"));
  CHECK(hub.Delta().errors.size() == 1);
  outcome = hub.Delta();
  CHECK(outcome.errors.empty());
  CHECK(outcome.records.size() == 1);
  CHECK(hub.Has("uid-2"));
  graph.Asked();
  CHECK(hub.Delta().records.empty());
  CHECK(graph.Asked().size() == 1);
}

TEST_CASE("rule 29: a known series whose master is missing keeps what was told of it") {
  FakeGraph graph;
  graph.events() = {{"e1", Single("uid-1", "2026-07-01")}, {"s1", Series("uid-2", {"2026-07-02"})}};
  graph.Tell();
  FakeHub hub(graph);
  REQUIRE(hub.Snapshot().status.ok());
  graph.events()["s1"]["categories"] = {"Brobygger:F7"};
  graph.Tell();
  graph.GoWrong({{"on", "master"}, {"kind", "status"}, {"status", 404}, {"times", 1}});
  const Outcome outcome = hub.Delta();
  REQUIRE(outcome.errors.size() == 1);
  CHECK(outcome.errors[0].external_id() == IdOf("uid-2"));
  CHECK(outcome.records.empty());
  CHECK(hub.Delta().records.size() == 1);
  CHECK(TextsOf(PartOf(hub, "uid-2").at("codes")) == std::set<std::string>{"F7"});
}

TEST_CASE("rule 29: a series whose master never comes hinders nothing else") {
  FakeGraph graph;
  graph.events() = {{"e1", Single("uid-1", "2026-07-01")}, {"s1", Series("uid-2", {"2026-07-02"})}};
  graph.Tell();
  FakeHub hub(graph);
  graph.GoWrong({{"on", "master"}, {"kind", "status"}, {"status", 404}});
  Outcome outcome = hub.Snapshot();
  CHECK(outcome.status.ok());
  CHECK(outcome.errors.size() == 1);
  CHECK(outcome.end.complete());
  CHECK(outcome.end.record_count() == 1);
  graph.events().erase("e1");
  graph.Tell();
  outcome = hub.Delta();
  CHECK(outcome.errors.size() == 1);
  CHECK(hub.held.empty());
}

TEST_CASE("rule 29: what a read did not come to is told by the next, though delta is silent") {
  FakeGraph graph;
  graph.events() = {{"s1", Series("uid-1", {"2026-07-01"})},
                    {"s2", Series("uid-2", {"2026-07-02"})}};
  graph.Tell();
  FakeHub hub(graph);
  REQUIRE(hub.Delta().status.ok());
  graph.events()["s1"]["categories"] = {"Brobygger:F7"};
  graph.events()["s2"]["categories"] = {"Brobygger:F8"};
  graph.Tell();
  graph.GoWrong({{"on", "master"}, {"kind", "status"}, {"status", 500}, {"times", 1}});
  CHECK(FaultOf(hub.Delta().status) == Fault::kServerFailed);
  CHECK(hub.Delta().records.size() == 2);
}

TEST_CASE("rule 31: an event that is not normal may not count, and nothing of it is told") {
  FakeGraph graph;
  const std::string kind = GENERATE("personal", "private", "confidential", "somethingNew");
  graph.events()["e1"] = Single("uid-1", "2026-07-01");
  graph.events()["e1"]["sensitivity"] = kind;
  graph.events()["s1"] = Series("uid-2", {"2026-07-02"});
  graph.events()["s1"]["sensitivity"] = kind;
  graph.Tell();
  FakeHub hub(graph);
  REQUIRE(hub.Delta().status.ok());
  for (const std::string uid : {"uid-1", "uid-2"}) {
    CHECK(FieldsOf(hub, uid).at("opted_out").flag());
    CHECK(FieldsOf(hub, uid).at("parts").has_empty());
  }
  graph.events()["e1"]["sensitivity"] = "normal";
  graph.Tell();
  REQUIRE(hub.Delta().status.ok());
  CHECK(hub.Days("uid-1") == "2026-07-01");
}

TEST_CASE("a category opts out, and a private instance leaves its series alone") {
  FakeGraph graph;
  graph.events()["e1"] = Single("uid-1", "2026-07-01");
  graph.events()["e1"]["categories"] = {"Brobygger: Ingen"};
  graph.events()["s1"] = Series("uid-2", {"2026-07-02"});
  graph.events()["s1"]["instances"].push_back(
      {{"start", "2026-07-09T12:00:00"}, {"sensitivity", "private"}});
  graph.Tell();
  FakeHub hub(graph);
  REQUIRE(hub.Delta().status.ok());
  CHECK(FieldsOf(hub, "uid-1").at("opted_out").flag());
  CHECK_FALSE(FieldsOf(hub, "uid-2").at("opted_out").flag());
  CHECK(hub.Days("uid-2") == "2026-07-02");
}

TEST_CASE("an instance with its own attendees is a part of its own, and may be cancelled alone") {
  FakeGraph graph;
  graph.events()["s1"] = Series("uid-1", {"2026-07-01"});
  graph.events()["s1"]["instances"].push_back(
      {{"start", "2026-07-08T12:00:00"},
       {"cancelled", true},
       {"attendees", {{"kor@fjordby.example", "accepted"}}}});
  graph.Tell();
  FakeHub hub(graph);
  REQUIRE(hub.Delta().status.ok());
  CHECK(FieldsOf(hub, "uid-1").at("parts").list().items_size() == 2);
  CHECK(hub.Days("uid-1") == "2026-07-01 2026-07-08x");
}

TEST_CASE("what the hub published is not told, and a copy in the calendar is told once") {
  FakeGraph graph;
  graph.events() = {{"e1", Single("e-1@brobygger", "2026-07-01")},
                    {"e2", Single("uid-2", "2026-07-02")},
                    {"e3", Single("uid-2", "2026-07-02")}};
  graph.Tell();
  FakeHub hub(graph);
  CHECK(hub.Delta().records.size() == 1);
  // The other copy stays when one goes.
  graph.events().erase("e2");
  graph.Tell();
  REQUIRE(hub.Delta().status.ok());
  CHECK(hub.Has("uid-2"));
}

TEST_CASE("an event that cannot be read is told as such, and the others are read") {
  FakeGraph graph;
  graph.events() = {{"e1", Single("uid-1", "2026-07-01")},
                    {"e2", {{"uid", "uid-2"}}},
                    {"e3", Single("uid-3", "someday")},
                    {"e4", {{"start", "2026-07-04T12:00:00"}}}};
  graph.Tell();
  FakeHub hub(graph);
  const Outcome outcome = hub.Delta();
  CHECK(outcome.status.ok());
  CHECK(outcome.records.size() == 1);
  // "someday" is in no window.
  REQUIRE(outcome.errors.size() == 2);
  CHECK(outcome.errors[0].external_id() == IdOf("uid-2"));
  CHECK(outcome.errors[0].diagnostic().code() == "calendars.graph.bad_start");
  CHECK(outcome.errors[1].diagnostic().code() == "calendars.graph.no_uid");
}

}  // namespace
}  // namespace brobygger::graph
