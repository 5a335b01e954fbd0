#include <map>
#include <string>

#include <absl/strings/match.h>
#include <absl/time/clock.h>
#include <absl/time/time.h>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/core/host/host_process.h"
#include "tests/plugins/calendars/ics/small_server.h"

namespace brobygger::ics {
namespace {

using plugin::v1::Diagnostic;
using tests::HostProcess;

const std::map<std::string, std::string> kSecrets = {{"pseudonym_key", "en noegle til proever"},
                                                     {"password", "hemmeligt"}};

std::string Event(const std::string& uid, const std::string& lines) {
  return "BEGIN:VEVENT\r\nUID:" + uid + "\r\n" + lines + "END:VEVENT\r\n";
}

std::string Calendar(const std::string& events) {
  return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + events + "END:VCALENDAR\r\n";
}

// The plugin in its jail, which lets it connect to one server only.
struct Fixture {
  explicit Fixture(SmallServer::Answer answer) : server(std::move(answer)) {}

  std::vector<Diagnostic> Configure(const std::map<std::string, std::string>& secrets = kSecrets) {
    const nlohmann::json config = {
        {"url", server.Url("/noegle.ics")}, {"calendar", "moder"}, {"user", "brobygger"}};
    return tests::Configure(host, config.dump(), secrets);
  }
  tests::ReadOutcome Read(const std::string& cursor = "") {
    return tests::ReadSnapshot(host, cursor, "meetings");
  }
  tests::ReadOutcome ReadBusy() { return tests::ReadSnapshot(host, "", "busy"); }

  SmallServer server;
  HostProcess host{{"--tcp-port", std::to_string(server.port()), "--plugin",
                    tests::PluginFile("calendars.ics")}};
};

TEST_CASE("a feed is read from within the jail, and a second time it is unchanged") {
  Fixture fixture([](const std::string& request) {
    return request.find("If-None-Match: \"e1\"") == std::string::npos
               ? Answer("200 OK", "ETag: \"e1\"\r\n",
                        Calendar(Event("a", "DTSTART:20260504\r\n") + Event("b", "") +
                                 Event("c@brobygger", "DTSTART:20260504\r\n")))
               : Answer("304 Not Modified", "", "");
  });
  REQUIRE(fixture.Configure().empty());
  const auto read = fixture.Read();
  INFO(read.diagnostic.ShortDebugString());
  REQUIRE(read.status.ok());
  // The hub's own is left out, the broken one told by its digest and nothing else.
  REQUIRE(read.records.size() == 1);
  CHECK(read.records[0].external_id().size() == 32);
  REQUIRE(read.errors.size() == 1);
  CHECK(read.errors[0].external_id().size() == 32);
  CHECK(read.errors[0].raw().empty());
  CHECK(read.errors[0].diagnostic().code() == "calendars.no_start");
  REQUIRE(read.ends.size() == 1);
  CHECK(read.ends[0].complete());
  CHECK(read.ends[0].record_count() == 1);
  const auto again = fixture.Read(read.checkpoints.back().cursor());
  REQUIRE(again.status.ok());
  CHECK(again.records.empty());
  CHECK(again.ends.at(0).unchanged());
  CHECK(fixture.server.requests().size() == 2);
}

TEST_CASE("the same text without an ETag is unchanged too") {
  Fixture fixture([](const std::string&) {
    return Answer("200 OK", "", Calendar(Event("a", "DTSTART:20260504\r\n")));
  });
  REQUIRE(fixture.Configure().empty());
  const auto read = fixture.Read();
  REQUIRE(read.status.ok());
  CHECK(fixture.Read(read.checkpoints.back().cursor()).ends.at(0).unchanged());
  // Another key tells other digests, so nothing is as it was.
  REQUIRE(fixture.Configure({{"pseudonym_key", "en anden noegle, lang"}}).empty());
  CHECK(fixture.Read(read.checkpoints.back().cursor()).records.size() == 1);
}

TEST_CASE("what is no calendar fails as a whole and sends nothing") {
  const auto [text, code] = GENERATE(table<std::string, std::string>({
      {"<html>Log ind</html>", "calendars.html"},
      {"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\n", "calendars.cut_off"},
      {"", "calendars.not_a_calendar"},
  }));
  Fixture fixture([text = text](const std::string&) { return Answer("200 OK", "", text); });
  REQUIRE(fixture.Configure().empty());
  const auto read = fixture.Read();
  CHECK_FALSE(read.status.ok());
  CHECK(read.diagnostic.code() == code);
  CHECK(read.diagnostic.text().count("da") == 1);
  CHECK(read.records.empty());
  CHECK(read.ends.empty());
}

TEST_CASE("without the hub's key nothing is configured") {
  Fixture fixture([](const std::string&) { return Answer("200 OK", "", Calendar("")); });
  const std::string key = GENERATE("", "too short");
  const auto wrong = fixture.Configure({{"pseudonym_key", key}});
  REQUIRE(wrong.size() == 1);
  CHECK(wrong[0].class_() == Diagnostic::CLASS_CONFIG);
  CHECK(wrong[0].path() == "pseudonym_key");
}

TEST_CASE("an empty calendar is read as empty") {
  Fixture fixture([](const std::string&) { return Answer("200 OK", "", Calendar("")); });
  REQUIRE(fixture.Configure().empty());
  const auto read = fixture.Read();
  REQUIRE(read.status.ok());
  CHECK(read.ends.at(0).complete());
  CHECK(read.ends.at(0).record_count() == 0);
}

// A day from now in this form, in UTC.
std::string DayIn(int days, const char* format) {
  return absl::FormatTime(format, absl::Now() + absl::Hours(24) * days, absl::UTCTimeZone());
}

// An hour at noon in UTC, which is within the hours that count.
std::string MeetingIn(int days) {
  return DayIn(days, "DTSTART:%Y%m%dT120000Z\r\nDTEND:%Y%m%dT130000Z\r\n");
}

TEST_CASE("busy: a feed tells how much of each day is taken, and nothing else of it") {
  const std::string words =
      "SUMMARY:Hemmelig\r\nATTENDEE;CN=Hemmelig:mailto:h@hemmelig.example\r\n";
  Fixture fixture([&](const std::string&) {
    return Answer("200 OK", "ETag: \"e1\"\r\n",
                  Calendar(Event("hemmelig-1", MeetingIn(3) + words + "CLASS:PRIVATE\r\n") +
                           Event("hemmelig-2", MeetingIn(3) + words) +
                           Event("hemmelig-3", DayIn(5, "DTSTART;VALUE=DATE:%Y%m%d\r\n")) +
                           Event("hemmelig-4", MeetingIn(6) + "TRANSP:TRANSPARENT\r\n") +
                           Event("hemmelig-5", words)));
  });
  REQUIRE(fixture.Configure().empty());
  const auto read = fixture.ReadBusy();
  INFO(read.diagnostic.ShortDebugString());
  REQUIRE(read.status.ok());
  REQUIRE(read.records.size() == 2);
  CHECK(read.records[0].external_id() == "moder/" + DayIn(3, "%Y-%m-%d"));
  CHECK(read.records[0].fields().at("minutes").number() == 60);
  CHECK(read.records[1].fields().at("date").date() == DayIn(5, "%Y-%m-%d"));
  CHECK(read.records[1].fields().at("minutes").number() == 540);
  REQUIRE(read.errors.size() == 1);
  CHECK(read.errors[0].diagnostic().code() == "calendars.no_start");
  REQUIRE(read.ends.size() == 1);
  CHECK(read.ends[0].complete());
  CHECK(read.ends[0].record_count() == 2);
  std::string said;
  for (const auto& record : read.records) said += record.DebugString();
  for (const auto& error : read.errors) said += error.DebugString();
  CHECK_FALSE(absl::StrContains(said, "emmelig"));
}

TEST_CASE("busy: it is read anew each time, and the place in the meetings stays") {
  Fixture fixture([](const std::string& request) {
    return request.find("If-None-Match: \"e1\"") == std::string::npos
               ? Answer("200 OK", "ETag: \"e1\"\r\n", Calendar(Event("a", MeetingIn(3))))
               : Answer("304 Not Modified", "", "");
  });
  REQUIRE(fixture.Configure().empty());
  const auto meetings = fixture.Read();
  REQUIRE(meetings.status.ok());
  CHECK(fixture.ReadBusy().checkpoints.empty());
  CHECK(fixture.ReadBusy().records.size() == 1);
  CHECK(fixture.Read(meetings.checkpoints.back().cursor()).ends.at(0).unchanged());
}

TEST_CASE("busy: a feed that cannot be read leaves the snapshot without its end") {
  Fixture fixture([](const std::string&) { return Answer("200 OK", "", "<html>Log ind</html>"); });
  REQUIRE(fixture.Configure().empty());
  const auto read = fixture.ReadBusy();
  CHECK_FALSE(read.status.ok());
  CHECK(read.diagnostic.code() == "calendars.html");
  CHECK(read.records.empty());
  CHECK(read.ends.empty());
}

}  // namespace
}  // namespace brobygger::ics
