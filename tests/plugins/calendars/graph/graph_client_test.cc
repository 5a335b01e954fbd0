// Tokens, refusals and limits: rules 30 and 31 of plugins/calendars/graph/README.md.
#include <catch2/catch.hpp>

#include "brobygger/sdk/error.h"

#include "plugins/calendars/graph/refusal.h"
#include "tests/plugins/calendars/graph/fake_graph.h"

namespace brobygger::graph {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const Subject kSubject = {.place = {.what = "'møder'", .path = "calendars.møder"},
                          .mailbox = kMailbox};
const absl::CivilDay kDay(2026, 7, 8);

absl::Status Ask(FakeHub& hub) {
  return hub.client
      .Get(
          "/users/fritid%40fjordby.example/calendar/calendarView"
          "?startDateTime=2026-01-01T00%3A00%3A00Z&endDateTime=2026-12-31T00%3A00%3A00Z&$select=id",
          kSubject)
      .status();
}

TEST_CASE("a token is used until shortly before its end, and then renewed") {
  FakeGraph graph;
  FakeHub hub(graph);
  REQUIRE(Ask(hub).ok());
  hub.now += minutes(54);
  REQUIRE(Ask(hub).ok());
  CHECK(graph.Logins() == 1);
  hub.now += minutes(2);
  REQUIRE(Ask(hub).ok());
  CHECK(graph.Logins() == 1);
}

TEST_CASE("a token of a short life is used for half of it") {
  FakeGraph graph;
  graph.tenant["expires_in"] = 60;
  graph.Tell();
  FakeHub hub(graph);
  REQUIRE(Ask(hub).ok());
  hub.now += seconds(29);
  REQUIRE(Ask(hub).ok());
  CHECK(graph.Logins() == 1);
  hub.now += seconds(2);
  REQUIRE(Ask(hub).ok());
  CHECK(graph.Logins() == 1);
}

TEST_CASE("a token that is refused once is renewed, and the request asked again") {
  FakeGraph graph;
  FakeHub hub(graph);
  graph.GoWrong({{"on", "view"}, {"kind", "status"}, {"status", 401}, {"times", 1}});
  CHECK(Ask(hub).ok());
  CHECK(graph.Logins() == 2);
}

TEST_CASE("a token that is refused for ever ends in words, not in a loop") {
  FakeGraph graph;
  FakeHub hub(graph);
  graph.GoWrong({{"on", "view"}, {"kind", "status"}, {"status", 401}});
  const absl::Status status = Ask(hub);
  CHECK(FaultOf(status) == Fault::kTokenRefused);
  CHECK(sdk::DiagnosticOf(status).class_() == sdk::Diagnostic::CLASS_AUTH);
  CHECK(graph.Logins() == 2);
}

TEST_CASE("the login's refusals say who must do what") {
  FakeGraph graph;
  const auto [key, value, fault] = GENERATE(table<std::string, std::string, Fault>({
      {"client_secret", "another", Fault::kWrongSecret},
      {"client_id", "another", Fault::kWrongApp},
      {"tenant", "another.example", Fault::kWrongApp},
  }));
  graph.tenant[key] = value;
  graph.Tell();
  FakeHub hub(graph);
  const absl::Status status = Ask(hub);
  CHECK(FaultOf(status) == fault);
  const auto told = sdk::DiagnosticOf(status);
  CHECK_FALSE(told.text().at("da").empty());
  CHECK(told.DebugString().find("secret-1") == std::string::npos);
  CHECK(told.DebugString().find("ZQ") == std::string::npos);
}

TEST_CASE("a login that is busy is waited for by the hub") {
  FakeGraph graph;
  FakeHub hub(graph);
  graph.GoWrong({{"on", "token"}, {"kind", "status"}, {"status", 429}, {"retry_after", 17}});
  const auto told = sdk::DiagnosticOf(Ask(hub));
  CHECK(told.class_() == sdk::Diagnostic::CLASS_RATE_LIMITED);
  CHECK(told.retry_after().seconds() == 17);
}

TEST_CASE("rule 30: an application that can read what it must not is told to be restricted") {
  FakeGraph graph;
  FakeHub hub(graph);
  CHECK(CheckRefusal(hub.client, hub.config, kDay).ok());
  graph.tenant["mailboxes"][kRefused]["allowed"] = true;
  graph.Tell();
  const absl::Status status = CheckRefusal(hub.client, hub.config, kDay);
  CHECK(FaultOf(status) == Fault::kOpenMailbox);
  const auto told = sdk::DiagnosticOf(status);
  CHECK(told.class_() == sdk::Diagnostic::CLASS_CONFIG);
  CHECK(told.text().at("da").find("Exchange") != std::string::npos);
  CHECK(told.text().at("en").find("restrict the application in Exchange") != std::string::npos);
  CHECK(told.DebugString().find(kRefused) == std::string::npos);
}

TEST_CASE("rule 30: a mailbox that is not there proves no restriction") {
  FakeGraph graph;
  graph.tenant["mailboxes"].erase(kRefused);
  graph.Tell();
  FakeHub hub(graph);
  CHECK(FaultOf(CheckRefusal(hub.client, hub.config, kDay)) == Fault::kNoRefusal);
}

TEST_CASE("rule 30: a test that could not be made is no proof either") {
  FakeGraph graph;
  FakeHub hub(graph);
  graph.GoWrong({{"on", "view"}, {"kind", "status"}, {"status", 500}});
  CHECK(FaultOf(CheckRefusal(hub.client, hub.config, kDay)) == Fault::kServerFailed);
}

TEST_CASE("rule 31: what Graph asks to wait is waited, and the request asked again") {
  FakeGraph graph;
  FakeHub hub(graph);
  const int status = GENERATE(429, 503, 504);
  graph.GoWrong(
      {{"on", "view"}, {"kind", "status"}, {"status", status}, {"retry_after", 7}, {"times", 2}});
  CHECK(Ask(hub).ok());
  CHECK(hub.listener.waited == std::vector<seconds>{seconds(7), seconds(7)});
}

TEST_CASE("rule 31: a wait that is too long is the hub's, with its time") {
  FakeGraph graph;
  FakeHub hub(graph);
  graph.GoWrong({{"on", "view"}, {"kind", "status"}, {"status", 429}, {"retry_after", 600}});
  const absl::Status status = Ask(hub);
  CHECK(sdk::DiagnosticOf(status).class_() == sdk::Diagnostic::CLASS_RATE_LIMITED);
  CHECK(sdk::DiagnosticOf(status).retry_after().seconds() == 600);
  CHECK(hub.listener.waited.empty());
}

TEST_CASE("rule 31: a limit that never ends is not waited for without end") {
  FakeGraph graph;
  FakeHub hub(graph);
  graph.GoWrong({{"on", "view"}, {"kind", "status"}, {"status", 429}, {"retry_after", 1}});
  CHECK(FaultOf(Ask(hub)) == Fault::kBusy);
  CHECK(hub.listener.waited.size() == 5);
}

TEST_CASE("rule 31: a 503 without a time to wait is a failure") {
  FakeGraph graph;
  FakeHub hub(graph);
  graph.GoWrong({{"on", "view"}, {"kind", "status"}, {"status", 503}});
  CHECK(FaultOf(Ask(hub)) == Fault::kServerFailed);
}

TEST_CASE("rule 31: a mailbox is not asked more often in ten minutes than its share") {
  FakeGraph graph;
  FakeHub hub(graph);
  hub.listener.most = seconds(600);
  hub.listener.stopped = true;  // Nothing leaves the machine, and is counted all the same.
  for (int asked = 0; asked < 8000; ++asked) {
    if (!absl::IsCancelled(Ask(hub))) FAIL("it was sent");
  }
  CHECK(hub.listener.waited.empty());
  hub.now += minutes(4);
  (void)Ask(hub);
  CHECK(hub.listener.waited == std::vector<seconds>{minutes(6)});
}

TEST_CASE("times are asked for in UTC, so that no Windows zone need be known") {
  FakeGraph graph;
  graph.events()["e1"] = Single("uid-1", "2026-07-01");
  graph.Tell();
  FakeHub hub(graph);
  REQUIRE(hub.Delta().status.ok());
  CHECK(hub.Days("uid-1") == "2026-07-01");
}

}  // namespace
}  // namespace brobygger::graph
