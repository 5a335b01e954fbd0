// Rule 28 of plugins/calendars/graph/README.md: delta, its window and what it forgets.
#include <catch2/catch.hpp>

#include "brobygger/sdk/error.h"

#include "tests/plugins/calendars/graph/fake_graph.h"

namespace brobygger::graph {
namespace {

bool AnyHas(const std::vector<std::string>& paths, const std::string& words) {
  return std::any_of(paths.begin(), paths.end(), [&](const std::string& path) {
    return path.find(words) != std::string::npos;
  });
}

TEST_CASE("rule 28: the window is 180 days back and 90 ahead for a whole week") {
  const calendars::Window monday = WindowIn(WeekOf(absl::CivilDay(2026, 7, 6)));
  const calendars::Window sunday = WindowIn(WeekOf(absl::CivilDay(2026, 7, 12)));
  CHECK(monday.first == sunday.first);
  CHECK(monday.last == sunday.last);
  CHECK(monday.first == absl::CivilDay(2026, 7, 6) - 180);
  CHECK(sunday.last == absl::CivilDay(2026, 7, 12) + 90);
  CHECK(WindowIn(WeekOf(absl::CivilDay(2026, 7, 13))).first == monday.first + 7);
}

TEST_CASE("rule 28: a delta tells what changed, and nothing else") {
  FakeGraph graph;
  graph.events() = {{"e1", Single("uid-1", "2026-07-01")}, {"e2", Single("uid-2", "2026-07-02")}};
  graph.Tell();
  FakeHub hub(graph);
  CHECK(hub.Delta().records.size() == 2);

  graph.Asked();
  const Outcome nothing = hub.Delta();
  CHECK(nothing.status.ok());
  CHECK(nothing.records.empty());
  CHECK(graph.Asked().size() == 1);

  graph.events()["e2"]["start"] = "2026-07-03T12:00:00";
  graph.events()["e3"] = Single("uid-3", "2026-07-04");
  graph.events().erase("e1");
  graph.Tell();
  const Outcome change = hub.Delta();
  CHECK(change.records.size() == 3);
  CHECK_FALSE(hub.Has("uid-1"));
  CHECK(hub.Days("uid-2") == "2026-07-03");
  CHECK(hub.Days("uid-3") == "2026-07-04");
}

TEST_CASE("rule 28: all pages are read, of delta and of the list") {
  FakeGraph graph;
  for (int number = 10; number < 30; ++number) {
    const std::string name = std::to_string(number);
    graph.events()["e" + name] = Single("uid-" + name, "2026-07-" + name);
  }
  graph.tenant["page"] = 3;
  graph.Tell();
  FakeHub hub(graph);
  REQUIRE(hub.Delta().status.ok());
  CHECK(hub.held.size() == 20);
  CHECK(graph.Asked().size() == 14);
}

TEST_CASE("rule 28: $select without title and body is in every request for events") {
  FakeGraph graph;
  graph.events()["s1"] = Series("uid-1", {"2026-07-01", "2026-07-08"});
  graph.Tell();
  FakeHub hub(graph);
  REQUIRE(hub.Delta().status.ok());
  const auto asked = graph.Asked();
  REQUIRE(asked.size() == 3);
  for (const std::string& path : asked) {
    CAPTURE(path);
    CHECK(path.find("$select=id,") != std::string::npos);
    CHECK(path.find("subject") == std::string::npos);
    CHECK(path.find("body") == std::string::npos);
    CHECK(path.find("location") == std::string::npos);
  }
}

TEST_CASE("rule 28: a new week is a new window and a full round") {
  FakeGraph graph;
  graph.events() = {{"old", Single("uid-old", "2026-01-08")},
                    {"now", Single("uid-now", "2026-07-08")},
                    {"far", Single("uid-far", "2026-10-12")}};
  graph.Tell();
  FakeHub hub(graph);
  REQUIRE(hub.Delta().status.ok());
  CHECK(hub.Has("uid-old"));
  CHECK_FALSE(hub.Has("uid-far"));

  hub.today = "2026-07-12";
  graph.Asked();
  CHECK(hub.Delta().records.empty());
  CHECK(AnyHas(graph.Asked(), "$deltatoken"));

  hub.today = "2026-07-13";
  const Outcome next = hub.Delta();
  const auto asked = graph.Asked();
  CHECK(AnyHas(asked, "delta?startDateTime=2026-01-13T00:00:00Z&endDateTime=2026-10-19T"));
  CHECK_FALSE(AnyHas(asked, "$deltatoken"));
  CHECK(hub.Days("uid-far") == "2026-10-12");
  // What fell out is not deleted: its contact stays.
  CHECK(hub.Days("uid-old").empty());
  CHECK(next.records.size() == 2);
  CHECK(hub.Delta().records.empty());
}

TEST_CASE("rule 28: what has left the window is in snapshots for as long as its contact is kept") {
  FakeGraph graph;
  graph.events() = {{"old", Single("uid-old", "2026-01-08")},
                    {"now", Single("uid-now", "2026-07-08")}};
  graph.Tell();
  FakeHub hub(graph);
  REQUIRE(hub.Delta().status.ok());
  hub.today = "2026-07-13";
  Outcome snapshot = hub.Snapshot();
  CHECK(snapshot.end.complete());
  CHECK(snapshot.end.record_count() == 2);
  CHECK(snapshot.records.size() == 2);
  hub.today = "2028-01-20";
  snapshot = hub.Snapshot();
  CHECK(snapshot.end.record_count() == 1);
}

TEST_CASE("rule 28: an event that moves out of the window into the future is gone until then") {
  FakeGraph graph;
  graph.events()["e1"] = Single("uid-1", "2026-10-01");
  graph.events()["e2"] = Single("uid-2", "2026-07-01");
  graph.Tell();
  FakeHub hub(graph);
  REQUIRE(hub.Delta().status.ok());
  graph.events()["e1"]["start"] = "2026-12-24T12:00:00";
  graph.Tell();
  REQUIRE(hub.Delta().status.ok());
  CHECK_FALSE(hub.Has("uid-1"));
}

TEST_CASE("rule 28: rows about events outside the window change nothing") {
  FakeGraph graph;
  graph.events() = {{"e1", Single("uid-1", "2026-07-01")}, {"e2", Single("uid-2", "2027-07-01")}};
  graph.Tell();
  FakeHub hub(graph);
  REQUIRE(hub.Delta().status.ok());
  graph.events()["e2"]["categories"] = {"Rød"};
  graph.Tell();
  const Outcome outcome = hub.Delta();
  CHECK(outcome.status.ok());
  CHECK(outcome.records.empty());
  CHECK(hub.Has("uid-1"));
}

TEST_CASE("rule 28: a delta link that Graph has forgotten is begun again, and loses nothing") {
  FakeGraph graph;
  graph.events() = {{"e1", Single("uid-1", "2026-07-01")}, {"e2", Single("uid-2", "2026-07-02")}};
  graph.Tell();
  FakeHub hub(graph);
  REQUIRE(hub.Delta().status.ok());
  graph.events().erase("e1");
  graph.events()["e3"] = Single("uid-3", "2026-07-03");
  graph.Tell();
  SECTION("told by 410") { graph.ForgetStates(); }
  SECTION("told by 400 and a code") {
    graph.GoWrong({{"on", "delta"},
                   {"kind", "status"},
                   {"status", 400},
                   {"code", "SyncStateNotFound"},
                   {"times", 1}});
  }
  const Outcome outcome = hub.Delta();
  CHECK(outcome.status.ok());
  // The full round says nothing of what is gone; the comparison does.
  CHECK_FALSE(hub.Has("uid-1"));
  CHECK(hub.Has("uid-2"));
  CHECK(hub.Has("uid-3"));
  CHECK(outcome.records.size() == 2);
}

TEST_CASE("rule 28: a first round that is told to begin again ends") {
  FakeGraph graph;
  FakeHub hub(graph);
  graph.GoWrong({{"on", "delta"}, {"kind", "status"}, {"status", 410}});
  CHECK(FaultOf(hub.Delta().status) == Fault::kExpiredState);
  CHECK(graph.Asked().size() == 1);
}

TEST_CASE("a snapshot tells all, and the same again is unchanged") {
  FakeGraph graph;
  graph.events() = {{"e1", Single("uid-1", "2026-07-01")},
                    {"s1", Series("uid-2", {"2026-07-02", "2026-07-09"})}};
  graph.Tell();
  FakeHub hub(graph);
  const Outcome first = hub.Snapshot();
  CHECK(first.records.size() == 2);
  CHECK(first.end.complete());
  CHECK(first.end.record_count() == 2);
  const Outcome second = hub.Snapshot();
  CHECK(second.end.complete());
  CHECK(second.end.unchanged());
  CHECK(second.records.empty());
  graph.events()["e1"]["cancelled"] = true;
  graph.Tell();
  const Outcome third = hub.Snapshot();
  CHECK_FALSE(third.end.unchanged());
  CHECK(third.records.size() == 2);
  CHECK(hub.Days("uid-1") == "2026-07-01x");
}

TEST_CASE("a read in small steps tells all once, and misses no deletion between") {
  FakeGraph graph;
  for (int number = 10; number < 20; ++number) {
    const std::string name = std::to_string(number);
    graph.events()["e" + name] = Single("uid-" + name, "2026-07-" + name);
  }
  graph.Tell();
  FakeHub hub(graph);
  const auto mode = GENERATE(sdk::ReadRequest::MODE_DELTA, sdk::ReadRequest::MODE_SNAPSHOT);
  std::size_t told = hub.Read(mode, 3).records.size();
  graph.events().erase("e10");
  graph.Tell();
  for (int step = 0; step < 20; ++step) {
    const Outcome outcome = hub.Read(mode, 3);
    REQUIRE(outcome.status.ok());
    told += outcome.records.size();
    if (outcome.records.size() < 3) break;
  }
  CHECK(hub.held.size() == 9);
  CHECK_FALSE(hub.Has("uid-10"));
  CHECK(told == 11);
}

TEST_CASE("a calendar that fails does not stop the others") {
  FakeGraph graph;
  graph.events()["e1"] = Single("uid-1", "2026-07-01");
  graph.Tell();
  FakeHub hub(graph);
  hub.config.calendars["andre"] = {.mailbox = "ukendt@fjordby.example"};
  const Outcome outcome = hub.Snapshot();
  CHECK(FaultOf(outcome.status) == Fault::kNotThere);
  CHECK_FALSE(outcome.ended);
  CHECK(hub.Has("uid-1"));
}

TEST_CASE("the same UID in two calendars is two records and one meeting") {
  FakeGraph graph;
  graph.events()["e1"] = Single("uid-1", "2026-07-01");
  graph.tenant["mailboxes"][kMailbox]["calendars"]["faelles"] = {
      {"f1", Single("uid-1", "2026-07-01")}};
  graph.Tell();
  FakeHub hub(graph);
  hub.config.calendars["faelles"] = {.mailbox = kMailbox, .calendar_id = "faelles"};
  const Outcome outcome = hub.Delta();
  REQUIRE(outcome.records.size() == 2);
  std::set<std::string> keys;
  std::set<std::string> ids;
  for (const auto& record : outcome.records) {
    ids.insert(record.external_id());
    const auto& part = record.fields().at("parts").list().items(0).group().fields();
    keys.insert(part.at("meetings").list().items(0).group().fields().at("key").text());
  }
  CHECK(ids.size() == 2);
  CHECK(keys == std::set<std::string>{Key().Of("meeting", "uid-1\n")});
}

}  // namespace
}  // namespace brobygger::graph
