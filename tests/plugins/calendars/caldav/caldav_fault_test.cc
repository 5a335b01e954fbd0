// Against a server that goes wrong as it is told: fault_server.py.
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <catch2/catch.hpp>

#include "tests/plugins/calendars/caldav/caldav_support.h"

namespace brobygger::tests {
namespace {

using nlohmann::json;
using plugin::v1::Diagnostic;
using plugin::v1::OperationResult;
using std::chrono::seconds;
using std::chrono::steady_clock;

FaultServer& Server() {
  static FaultServer server;
  return server;
}

json QuickConfig() {
  json config = ConfigFor(Server());
  config["timeout_seconds"] = 2;
  return config;
}

// A read of everything while the server plays this.
ReadOutcome ReadOn(const std::string& scenario) {
  Server().Play(scenario);
  CaldavPlugin plugin(Server(), QuickConfig());
  return plugin.Snapshot();
}

// The cursor after a read while all is well.
std::string CursorWhenWell(CaldavPlugin& plugin) {
  Server().Play("well");
  const auto read = plugin.Delta("");
  REQUIRE(CodeOf(read).empty());
  REQUIRE(Present(read) == 2);
  return CursorOf(read);
}

std::string TokenIn(const std::string& cursor) {
  return json::parse(cursor)["calendars"].value("møder", json::object()).value("token", "");
}

TEST_CASE("7: pages are followed to the end, and each is a place to go on from", "[caldav]") {
  Server().Play("paged");
  CaldavPlugin plugin(Server(), QuickConfig());
  const auto read = plugin.Delta("");
  CHECK(CodeOf(read).empty());
  INFO(read.status.error_message() << CodeOf(read) << read.diagnostic.detail());
  REQUIRE(Present(read) == 5);
  std::vector<std::string> tokens;
  for (const auto& checkpoint : read.checkpoints) tokens.push_back(TokenIn(checkpoint.cursor()));
  CHECK(tokens == std::vector<std::string>{"p1", "p2", "p3"});
  // 8: from each of them the rest comes, and nothing else.
  CHECK(Present(plugin.Delta(read.checkpoints[0].cursor())) == 3);
  CHECK(Present(plugin.Delta(read.checkpoints[1].cursor())) == 1);
  const auto snapshot = plugin.Snapshot();
  CHECK(Present(snapshot) == 5);
  CHECK(snapshot.ends.size() == 1);
}

TEST_CASE("7: the same token twice stops the read and is told", "[caldav]") {
  const auto read = ReadOn("stuck");
  CHECK(CodeOf(read) == "calendars.caldav.stuck_token");
  CHECK(read.ends.empty());
  CHECK(Server().Count("REPORT") < 10);
}

TEST_CASE("6: a token that is not good any more costs one listing", "[caldav]") {
  CaldavPlugin plugin(Server(), QuickConfig());
  const std::string cursor = CursorWhenWell(plugin);
  for (const char* const scenario : {"expired", "failing_token"}) {
    CAPTURE(scenario);
    Server().Play(scenario);
    const auto read = plugin.Delta(cursor);
    CHECK(CodeOf(read).empty());
    CHECK(Present(read) == 2);
    CHECK(TokenIn(CursorOf(read)) == "t2");
    CHECK(Server().Count("REPORT /u/cal/ password t1") == 1);
    CHECK(Server().Log().size() == 3);  // the token, the listing, the objects
  }
}

TEST_CASE("6: a busy server is obeyed and never listed", "[caldav]") {
  CaldavPlugin plugin(Server(), QuickConfig());
  const std::string cursor = CursorWhenWell(plugin);
  for (const auto& [scenario, wait] :
       {std::pair<const char*, int>{"busy_token", 11}, {"busy_503", 11}, {"busy_429", 7}}) {
    CAPTURE(scenario);
    Server().Play(scenario);
    const auto read = plugin.Delta(cursor);
    CHECK(CodeOf(read) == "calendars.caldav.busy");
    CHECK(read.diagnostic.class_() == Diagnostic::CLASS_RATE_LIMITED);
    CHECK(read.diagnostic.retry_after().seconds() == wait);
    CHECK(read.records.empty());
    CHECK(Server().Log().size() == 1);
  }
}

TEST_CASE("6: a server that is not there at the moment is not listed either", "[caldav]") {
  CaldavPlugin plugin(Server(), QuickConfig());
  const std::string cursor = CursorWhenWell(plugin);
  Server().Play("unavailable_token");
  CHECK(CodeOf(plugin.Delta(cursor)) == "calendars.caldav.server_failed");
  CHECK(Server().Log().size() == 1);
}

TEST_CASE("a change is told from the token on, and a deletion with it", "[caldav]") {
  CaldavPlugin plugin(Server(), QuickConfig());
  const std::string cursor = CursorWhenWell(plugin);
  Server().Play("changed");
  const auto read = plugin.Delta(cursor);
  CHECK(Present(read) == 1);
  CHECK(Removed(read) == 1);
  CHECK(TokenIn(CursorOf(read)) == "t2");
}

TEST_CASE("9: another day is read whole, whatever the token says", "[caldav]") {
  CaldavPlugin plugin(Server(), QuickConfig());
  json cursor = json::parse(CursorWhenWell(plugin));
  cursor["day"] = "2026-01-01";
  const auto read = plugin.Delta(cursor.dump());
  CHECK(Present(read) == 2);
  CHECK(plugin.Delta(CursorOf(read)).records.empty());
}

TEST_CASE("8: a listing that was cut off is begun again, and deletions meanwhile are told",
          "[caldav]") {
  CaldavPlugin plugin(Server(), QuickConfig());
  json cursor = json::parse(CursorWhenWell(plugin));
  cursor["calendars"]["møder"]["begun"] = true;
  Server().Play("changed");
  const auto read = plugin.Delta(cursor.dump());
  CHECK(Removed(read) == 1);
  CHECK(Present(read) == 3);
  CHECK(plugin.Delta(CursorOf(read)).records.empty());
}

TEST_CASE("5: one item under three spellings is one record", "[caldav]") {
  const auto read = ReadOn("spellings");
  CHECK(CodeOf(read).empty());
  CHECK(Present(read) == 1);
}

TEST_CASE("3: a server without sync-collection is listed, one without multiget asked one by one",
          "[caldav]") {
  for (const char* const scenario : {"no_sync", "no_multiget", "left_out"}) {
    CAPTURE(scenario);
    const auto read = ReadOn(scenario);
    CHECK(CodeOf(read).empty());
    CHECK(Present(read) == 2);
    CHECK(read.ends.size() == 1);
  }
}

TEST_CASE("an empty list is believed only if the server says so twice", "[caldav]") {
  const auto read = ReadOn("empty");
  CHECK(CodeOf(read) == "calendars.caldav.disagree");
  CHECK(read.ends.empty());
  // What does not even name the calendar itself says nothing of it.
  const auto hollow = ReadOn("hollow");
  CHECK(CodeOf(hollow) == "calendars.caldav.unexpected");
  CHECK(hollow.ends.empty());
}

TEST_CASE("1: a redirect at the same server is followed with its method", "[caldav]") {
  const auto read = ReadOn("moved");
  CHECK(CodeOf(read).empty());
  CHECK(Present(read) == 2);
  CHECK(Server().Count("REPORT /moved/") > 0);
}

TEST_CASE("1: a redirect to another server is refused, and no password goes there", "[caldav]") {
  const auto read = ReadOn("elsewhere");
  CHECK(CodeOf(read) == "calendars.caldav.redirected");
  CHECK(read.diagnostic.class_() == Diagnostic::CLASS_CONFIG);
  CHECK(Server().Count("REPORT /u/other/") == 0);
  CHECK(Server().Count("PROPFIND /u/other/") == 0);
  CHECK(CodeOf(ReadOn("loop")) == "calendars.caldav.redirect_loop");
}

TEST_CASE("what is no answer of a calendar server ends the read by name", "[caldav]") {
  const std::pair<const char*, const char*> expected[] = {{"html", "html"},
                                                          {"doctype", "doctype"},
                                                          {"cut", "cut"},
                                                          {"deep", "too_deep"},
                                                          {"huge", "too_large"},
                                                          {"other_host", "other_host"},
                                                          {"no_password", "wrong_password"},
                                                          {"forbidden", "no_right"},
                                                          {"gone", "no_calendar"},
                                                          {"failing", "server_failed"}};
  for (const auto& [scenario, code] : expected) {
    CAPTURE(scenario);
    const auto read = ReadOn(scenario);
    CHECK(CodeOf(read) == absl::StrCat("calendars.caldav.", code));
    CHECK(read.ends.empty());
    CHECK(read.records.empty());
    CHECK(read.diagnostic.text().count("da") == 1);
    CHECK(read.diagnostic.text().count("en") == 1);
  }
}

TEST_CASE("a body that drips is given up in time", "[caldav]") {
  const auto begin = steady_clock::now();
  CHECK(CodeOf(ReadOn("drip")) == "calendars.caldav.too_slow");
  CHECK(steady_clock::now() - begin < seconds(15));
}

TEST_CASE("a hub that gives up a read is heard at once, whatever the server does", "[caldav]") {
  Server().Play("drip");
  CaldavPlugin plugin(Server());
  plugin::v1::ReadRequest request;
  request.set_stream("meetings");
  request.set_mode(plugin::v1::ReadRequest::MODE_SNAPSHOT);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(500));
  plugin::v1::ReadResponse event;
  const auto reader = plugin.host().stub().Read(&context, request);
  while (reader->Read(&event)) continue;
  CHECK(reader->Finish().error_code() == grpc::StatusCode::DEADLINE_EXCEEDED);
  Server().Play("well");
  const auto begin = steady_clock::now();
  CHECK(plugin.Check().diagnostics(0).severity() == Diagnostic::SEVERITY_INFO);
  CHECK(steady_clock::now() - begin < seconds(1));
}

TEST_CASE("24: a calendar that fails keeps its place, and is gone on with when it is back",
          "[caldav]") {
  json config = QuickConfig();
  // It comes after the one that fails, and its places are told with that one's.
  config["calendars"]["øvrige"] = {{"path", "/u/other/"}};
  CaldavPlugin plugin(Server(), config);
  Server().Play("well");
  const auto first = plugin.Delta("");
  REQUIRE(Present(first) == 4);
  for (const char* const scenario : {"gone", "forbidden", "html", "failing"}) {
    CAPTURE(scenario);
    Server().Play(scenario);
    const auto read = plugin.Delta(CursorOf(first));
    CHECK_FALSE(CodeOf(read).empty());
    CHECK(Removed(read) == 0);
    // The other calendar was asked all the same.
    CHECK(Server().Count("REPORT /u/other/") > 0);
    CHECK(TokenIn(CursorOf(read)) == "t1");
    Server().Play("changed");
    const auto back = plugin.Delta(CursorOf(read));
    CHECK(Present(back) == 1);
    CHECK(Removed(back) == 1);
  }
}

TEST_CASE("34: a person who sets an alarm just before loses neither it nor the hub's change",
          "[caldav]") {
  Server().Play("raced");
  CaldavPlugin plugin(Server(), QuickConfig());
  REQUIRE(plugin.Write(CreateEvent("e-1", "Netværksdag")).outcome() ==
          OperationResult::OUTCOME_APPLIED);
  CHECK(plugin.Write(UpdateTitle("e-1", "Nyt navn")).outcome() == OperationResult::OUTCOME_APPLIED);
  const std::string text = Server().Ask("GET", "/u/cal/e-1.ics").body;
  CHECK(absl::StrContains(text, "SUMMARY:Nyt navn"));
  CHECK(absl::StrContains(text, "BEGIN:VALARM"));
}

TEST_CASE("34: who is always overtaken gives up after the second time", "[caldav]") {
  Server().Play("raced_always");
  CaldavPlugin plugin(Server(), QuickConfig());
  REQUIRE(plugin.Write(CreateEvent("e-1", "Netværksdag")).outcome() ==
          OperationResult::OUTCOME_APPLIED);
  const auto result = plugin.Write(UpdateTitle("e-1", "Nyt navn"));
  CHECK(result.outcome() == OperationResult::OUTCOME_STALE);
  CHECK(Server().Count("PUT /u/cal/e-1.ics") == 3);
}

TEST_CASE("10: a 207 is no success of a write, and a missing ETag is asked for", "[caldav]") {
  CaldavPlugin plugin(Server(), QuickConfig());
  Server().Play("hidden_412");
  const auto hidden = plugin.Write(CreateEvent("e-1", "Netværksdag"));
  CHECK(hidden.outcome() == OperationResult::OUTCOME_REJECTED);
  CHECK(CodeOf(hidden) == "calendars.caldav.duplicate_uid");
  Server().Play("no_etag");
  const auto created = plugin.Write(CreateEvent("e-2", "Netværksdag"));
  CHECK(created.outcome() == OperationResult::OUTCOME_APPLIED);
  CHECK(created.stored().etag() == "\"1\"");
}

TEST_CASE("a write that may have been done is doubtful, one that surely was not is for later",
          "[caldav]") {
  CaldavPlugin plugin(Server(), QuickConfig());
  const auto outcome_on = [&](const std::string& scenario) {
    Server().Play(scenario);
    return plugin.Write(CreateEvent("e-1", "Netværksdag"));
  };
  const auto busy = outcome_on("busy_503");
  CHECK(busy.outcome() == OperationResult::OUTCOME_RETRY);
  CHECK(busy.diagnostics(0).retry_after().seconds() == 11);
  CHECK(outcome_on("no_password").outcome() == OperationResult::OUTCOME_RETRY);
  CHECK(outcome_on("gone").outcome() == OperationResult::OUTCOME_RETRY);
  CHECK(outcome_on("failing").outcome() == OperationResult::OUTCOME_DOUBTFUL);
  CHECK(outcome_on("drip").outcome() == OperationResult::OUTCOME_DOUBTFUL);
  CHECK(outcome_on("elsewhere").outcome() == OperationResult::OUTCOME_RETRY);
}

TEST_CASE("24: where the calendar itself is gone, an event is not said to be", "[caldav]") {
  Server().Play("gone");
  CaldavPlugin plugin(Server(), QuickConfig());
  const auto result = plugin.Write(UpdateTitle("e-1", "Nyt"));
  CHECK(result.outcome() == OperationResult::OUTCOME_RETRY);
  CHECK(CodeOf(result) == "calendars.caldav.no_calendar");
}

}  // namespace
}  // namespace brobygger::tests
