// What the plugin asks of a server, and how often: fault_server.py writes it down.
#include <algorithm>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <catch2/catch.hpp>

#include "tests/plugins/calendars/caldav/caldav_support.h"

namespace brobygger::tests {
namespace {

using nlohmann::json;
using plugin::v1::OperationResult;

FaultServer& Server() {
  static FaultServer server;
  return server;
}

std::string TokenIn(const std::string& cursor) {
  return json::parse(cursor)["calendars"].value("møder", json::object()).value("token", "");
}

bool IsRefused() {
  const auto log = Server().Log();
  return std::any_of(log.begin(), log.end(),
                     [](const std::string& line) { return absl::StartsWith(line, "REFUSED"); });
}

TEST_CASE("2, 11: the server of these tests takes nothing that some servers cannot do",
          "[caldav]") {
  const std::string xml = "Content-Type: application/xml; charset=utf-8";
  const std::string good = "<D:sync-collection/>";
  const auto status = [&](const std::string& kind, const std::string& body) {
    Server().Play("well");
    return Server().Ask("REPORT", "/u/cal/", body, {kind}).status;
  };
  CHECK(status(xml, good) == 207);
  CHECK(status(xml, "<C:calendar-multiget><C:calendar-data/></C:calendar-multiget>") == 207);
  CHECK_FALSE(IsRefused());
  for (const char* const kind : {"Content-Type: text/xml; charset=utf-8",
                                 "Content-Type: application/xml", "Content-Type:", "X: y"}) {
    CAPTURE(kind);
    CHECK(status(kind, good) == 400);
  }
  for (const char* const body :
       {"<C:calendar-multiget><C:calendar-data><C:expand start=\"20260101T000000Z\"/>",
        "<C:calendar-multiget><C:calendar-data><C:comp name=\"VCALENDAR\"/></C:calendar-data>",
        "<C:calendar-multiget><C:calendar-data><C:limit-recurrence-set/></C:calendar-data>",
        "<C:calendar-query><C:filter/>", "<C:time-range start=\"20260101T000000Z\"/>",
        "<D:sync-collection><D:limit><D:nresults>10</D:nresults></D:limit>"}) {
    CAPTURE(body);
    CHECK(status(xml, body) == 400);
    // Nor anything after it, so that a test cannot pass by another way.
    CHECK(Server().Ask("GET", "/u/cal/1.ics").status == 400);
    CHECK(IsRefused());
  }
}

TEST_CASE("ten changes of a thousand events cost two requests, and no change one", "[caldav]") {
  CaldavPlugin plugin(Server());
  Server().Play("thousand");
  const auto first = plugin.Delta("");
  REQUIRE(CodeOf(first).empty());
  REQUIRE(Present(first) == 1000);
  // The list, and a hundred objects at a time.
  CHECK(Server().Log().size() == 11);

  Server().Play("thousand");
  CHECK(plugin.Delta(CursorOf(first)).records.empty());
  CHECK(Server().Log() == std::vector<std::string>{"REPORT /u/cal/ password t1"});
  Server().Play("thousand");
  CHECK(plugin.Snapshot(CursorOf(first)).ends.at(0).unchanged());
  CHECK(Server().Log() == std::vector<std::string>{"REPORT /u/cal/ password t1"});

  Server().Play("ten_of_thousand");
  const auto ten = plugin.Delta(CursorOf(first));
  CHECK(Present(ten) == 10);
  CHECK(Server().Log() ==
        std::vector<std::string>{"REPORT /u/cal/ password t1", "REPORT /u/cal/ password -"});
  CHECK(TokenIn(CursorOf(ten)) == "t2");

  Server().Play("many_of_thousand");
  CHECK(Present(plugin.Delta(CursorOf(first))) == 250);
  CHECK(Server().Log().size() == 4);
}

TEST_CASE("8: a page whose objects cannot be had is asked for again", "[caldav]") {
  json config = ConfigFor(Server());
  // What follows it stores the places of both.
  config["calendars"]["øvrige"] = {{"path", "/u/other/"}};
  CaldavPlugin plugin(Server(), config);
  Server().Play("well");
  const auto first = plugin.Delta("");
  REQUIRE(Present(first) == 4);
  Server().Play("no_items");
  const auto read = plugin.Delta(CursorOf(first));
  CHECK(CodeOf(read) == "calendars.caldav.server_failed");
  CHECK(Present(read) == 0);
  CHECK(TokenIn(CursorOf(read)) == "t1");
  Server().Play("changed");
  const auto back = plugin.Delta(CursorOf(read));
  CHECK(CodeOf(back).empty());
  CHECK(Present(back) == 1);
  CHECK(TokenIn(CursorOf(back)) == "t2");
}

TEST_CASE("1: a user's calendars are found in all homes, each once", "[caldav]") {
  Server().Play("homes");
  CaldavPlugin plugin(Server());
  const auto told = plugin.Check();
  REQUIRE(told.diagnostics_size() == 1);
  CHECK(told.diagnostics(0).text().at("en") ==
        "The user has 3 calendars: 'møder', /u/second/, /u/third/.");
  CHECK(Server().Count("PROPFIND /u/own") == 2);
  CHECK(Server().Count("PROPFIND /u/shared/") == 1);
}

TEST_CASE("an etag of a megabyte is read over, and more than an answer may hold is refused",
          "[caldav]") {
  CaldavPlugin plugin(Server());
  Server().Play("long_etags");
  const auto read = plugin.Delta("");
  CHECK(CodeOf(read).empty());
  CHECK(Present(read) == 2);
  CHECK(CursorOf(read).size() < 1000);
  for (const auto& record : read.records) CHECK(record.ByteSizeLong() < 1000);
  Server().Play("too_long_etags");
  const auto refused = plugin.Delta("");
  CHECK(CodeOf(refused) == "calendars.caldav.too_large");
  CHECK(refused.records.empty());
}

TEST_CASE("an etag of a megabyte in a header is refused, and what was sent before is in doubt",
          "[caldav]") {
  CaldavPlugin plugin(Server());
  Server().Play("long_etag_headers");
  const auto read = plugin.Delta("");
  CHECK(CodeOf(read) == "calendars.caldav.too_large");
  CHECK(read.records.empty());
  const auto written = plugin.Write(CreateEvent("e-1", "Netværksdag"));
  CHECK(Server().Count("PUT /u/cal/e-1.ics") == 1);
  CHECK(written.outcome() == OperationResult::OUTCOME_DOUBTFUL);
  CHECK(CodeOf(written) == "calendars.caldav.too_large");
}

}  // namespace
}  // namespace brobygger::tests
