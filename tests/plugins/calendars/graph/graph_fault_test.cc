// What can come instead of an answer. Nothing may be concluded from any of it.
#include <catch2/catch.hpp>

#include "brobygger/sdk/error.h"

#include "tests/plugins/calendars/graph/fake_graph.h"

namespace brobygger::graph {
namespace {

// Two events were told; then this goes wrong, and the hub holds both still.
absl::Status StatusAfter(FakeGraph& graph, const Json& fault) {
  graph.events() = {{"e1", Single("uid-1", "2026-07-01")}, {"e2", Single("uid-2", "2026-07-02")}};
  graph.Tell();
  FakeHub hub(graph);
  REQUIRE(hub.Snapshot().status.ok());
  graph.events()["e2"]["cancelled"] = true;
  graph.Tell();
  graph.GoWrong(fault);
  const auto mode = GENERATE(sdk::ReadRequest::MODE_DELTA, sdk::ReadRequest::MODE_SNAPSHOT);
  const Outcome outcome = hub.Read(mode);
  CHECK_FALSE(outcome.ended);
  CHECK(hub.held.size() == 2);
  const auto told = sdk::DiagnosticOf(outcome.status);
  CHECK_FALSE(told.text().at("da").empty());
  CHECK_FALSE(told.text().at("en").empty());
  CHECK(told.DebugString().find("ZQ") == std::string::npos);
  CHECK(told.DebugString().find("@") == std::string::npos);
  // And nothing is lost by it.
  graph.GoRight();
  CHECK(hub.Delta().status.ok());
  CHECK(hub.Days("uid-2") == "2026-07-02x");
  return outcome.status;
}

TEST_CASE("a fault in any answer is told as what it is, and nothing is concluded") {
  FakeGraph graph;
  const auto [kind, fault] = GENERATE(table<std::string, Fault>({
      {"html", Fault::kHtml},
      {"not_json", Fault::kNotJson},
      {"cut", Fault::kCut},
      {"huge", Fault::kTooLarge},
  }));
  const std::string where = GENERATE("delta", "view");
  CAPTURE(kind, where);
  CHECK(FaultOf(StatusAfter(graph, {{"on", where}, {"kind", kind}})) == fault);
}

TEST_CASE("each HTTP status is told as what must be done") {
  FakeGraph graph;
  const auto [status, kind] = GENERATE(table<int, sdk::Diagnostic::Class>({
      {400, sdk::Diagnostic::CLASS_TRANSIENT},
      {403, sdk::Diagnostic::CLASS_AUTH},
      {404, sdk::Diagnostic::CLASS_NOT_FOUND},
      {500, sdk::Diagnostic::CLASS_TRANSIENT},
      {206, sdk::Diagnostic::CLASS_TRANSIENT},
  }));
  CAPTURE(status);
  const absl::Status told =
      StatusAfter(graph, {{"on", "view"}, {"kind", "status"}, {"status", status}});
  CHECK(sdk::DiagnosticOf(told).class_() == kind);
}

TEST_CASE("a redirect is not followed") {
  FakeGraph graph;
  const Json fault = {
      {"on", "delta"}, {"kind", "redirect"}, {"link", "http://127.0.0.1:1/v1.0/users/x"}};
  CHECK(FaultOf(StatusAfter(graph, fault)) == Fault::kRedirected);
}

TEST_CASE("rule 28: a link to another host is not followed") {
  FakeGraph graph;
  const std::string link =
      GENERATE("https://graph.example/v1.0/users/x", "//graph.example/v1.0/x", "/v1.0/users/x",
               "http://127.0.0.1/v1.0/x", "file:///etc/hostname");
  const std::string where = GENERATE("delta", "view");
  CAPTURE(link, where);
  const Json fault = {{"on", where}, {"kind", "other_host"}, {"link", link}};
  CHECK(FaultOf(StatusAfter(graph, fault)) == Fault::kOtherHost);
}

TEST_CASE("rule 28: a host that only begins like Graph's is another one") {
  FakeGraph graph;
  const std::string end = GENERATE(".example/v1.0/x", "@graph.example/v1.0/x", "0/v1.0/x");
  const Json fault = {{"on", "delta"}, {"kind", "other_host"}, {"link", graph.url() + end}};
  CHECK(FaultOf(StatusAfter(graph, fault)) == Fault::kOtherHost);
}

TEST_CASE("rule 28: a link that comes twice stops") {
  FakeGraph graph;
  const std::string where = GENERATE("delta", "view");
  CAPTURE(where);
  const std::string path = std::string("/v1.0/users/") + kMailbox + "/calendar/calendarView" +
                           (where == "delta" ? "/delta" : "");
  const std::string link =
      graph.url() + path +
      "?startDateTime=2026-01-01T00:00:00&endDateTime=2026-12-31T00:00:00&$select=id";
  const Json fault = {{"on", where}, {"kind", "repeat_link"}, {"link", link}};
  CHECK(FaultOf(StatusAfter(graph, fault)) == Fault::kStuckLink);
}

TEST_CASE("a round of delta without a link to go on from is no round") {
  FakeGraph graph;
  CHECK(FaultOf(StatusAfter(graph, {{"on", "delta"}, {"kind", "no_link"}})) == Fault::kUnexpected);
}

TEST_CASE("a calendar that is suddenly empty is doubted while delta says otherwise") {
  FakeGraph graph;
  CHECK(FaultOf(StatusAfter(graph, {{"on", "view"}, {"kind", "empty"}})) == Fault::kDisagrees);
}

TEST_CASE("a calendar that was emptied is believed when both say so") {
  FakeGraph graph;
  graph.events() = {{"e1", Single("uid-1", "2026-07-01")}};
  graph.Tell();
  FakeHub hub(graph);
  REQUIRE(hub.Delta().status.ok());
  graph.events() = Json::object();
  graph.Tell();
  REQUIRE(hub.Delta().status.ok());
  CHECK(hub.held.empty());
}

TEST_CASE("nobody waits for a read that the hub gave up") {
  FakeGraph graph;
  FakeHub hub(graph);
  hub.listener.stopped = true;
  CHECK(absl::IsCancelled(hub.Delta().status));
  CHECK(graph.Asked().empty());
}

TEST_CASE("a server that is not there is told as such") {
  Config config;
  {
    FakeGraph graph;
    config = ConfigFor(graph);
  }
  PatientListener listener;
  Client client(config, "secret-1", [] { return std::chrono::steady_clock::time_point(); });
  client.set_listener(listener);
  const Subject subject = {.place = {.what = "x", .path = "x"}, .mailbox = kMailbox};
  CHECK(FaultOf(client.Get("/users/x", subject).status()) == Fault::kUnreachable);
}

}  // namespace
}  // namespace brobygger::graph
