// Stream `busy`, against the real Radicale and Xandikos and a server that goes wrong as told.
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>
#include <catch2/catch.hpp>

#include "tests/plugins/calendars/caldav/caldav_support.h"

namespace brobygger::tests {
namespace {

using nlohmann::json;

ReadOutcome ReadBusy(CaldavPlugin& plugin) { return ReadSnapshot(plugin.host(), "", "busy"); }

std::string DayIn(int days, const char* format) {
  return absl::FormatTime(format, absl::Now() + absl::Hours(24) * days, absl::UTCTimeZone());
}

// At noon in UTC, which is within the hours that count.
std::string MeetingIn(int days, const std::string& duration) {
  return absl::StrCat(StartIn(days), "\nDURATION:", duration);
}

std::string AllDayIn(int days) { return DayIn(days, "DTSTART;VALUE=DATE:%Y%m%d"); }

// "møder/3:60 møder/5:540": calendar, days from now and minutes.
std::string Told(const ReadOutcome& outcome) {
  std::map<std::string, std::int64_t> minutes;
  for (const auto& record : outcome.records) {
    const auto& fields = record.fields();
    const std::string id =
        absl::StrCat(fields.at("calendar").text(), "/", fields.at("date").date());
    CHECK(record.external_id() == id);
    CHECK(fields.size() == 3);
    minutes[id] = fields.at("minutes").number();
  }
  std::string text;
  for (const char* const calendar : {"andet", "møder"}) {
    for (int day = 0; day <= 91; ++day) {
      const auto found = minutes.find(absl::StrCat(calendar, "/", DayIn(day, "%Y-%m-%d")));
      if (found == minutes.end()) continue;
      absl::StrAppend(&text, text.empty() ? "" : " ", calendar, "/", day, ":", found->second);
    }
  }
  return text;
}

void PutElsewhere(DavServer& server, const std::string& path, const std::string& lines) {
  const auto answer = server.Ask(
      "PUT", path,
      absl::StrCat("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:x\r\nDTSTAMP:"
                   "20260101T000000Z\r\n",
                   lines, "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"));
  REQUIRE(answer.status == 201);
}

TEST_CASE("busy: what overlaps in a calendar's objects counts once, and only what takes time",
          "[caldav]") {
  const bool radicale = GENERATE(true, false);
  const auto server = radicale ? StartRadicale() : StartXandikos();
  CAPTURE(server->name());
  server->Put("a.ics", "a", MeetingIn(3, "PT1H"));
  server->Put("b.ics", "b", MeetingIn(3, "PT90M") + "\nCLASS:PRIVATE");
  server->Put("c.ics", "c", MeetingIn(4, "PT1H") + "\nTRANSP:TRANSPARENT");
  server->Put("d.ics", "d", MeetingIn(4, "PT1H") + "\nSTATUS:CANCELLED");
  server->Put("e.ics", "e", AllDayIn(5) + "\nCATEGORIES:Brobygger:ingen");
  server->Put("f.ics", "f", MeetingIn(6, "PT1H") + "\nRRULE:FREQ=DAILY;COUNT=2");
  server->Put("g.ics", "g@brobygger", MeetingIn(9, "PT1H"));
  server->Put("h.ics", "h", AllDayIn(-3));
  server->Put("i.ics", "i", AllDayIn(95));
  CaldavPlugin plugin(*server);
  const auto read = ReadBusy(plugin);
  INFO(read.diagnostic.ShortDebugString());
  CHECK(Told(read) == "møder/3:90 møder/5:540 møder/6:60 møder/7:60 møder/9:60");
  REQUIRE(read.ends.size() == 1);
  CHECK(read.ends[0].complete());
  CHECK_FALSE(read.ends[0].unchanged());
  CHECK(read.ends[0].record_count() == 5);
  CHECK(read.errors.empty());
}

TEST_CASE("busy: every calendar is told by itself, each time anew, and meetings keep their place",
          "[caldav]") {
  const auto server = StartRadicale();
  server->Put("a.ics", "a", MeetingIn(3, "PT1H"));
  REQUIRE(server->Ask("MKCALENDAR", "/fritid/andet/").status == 201);
  PutElsewhere(*server, "/fritid/andet/x.ics", AllDayIn(4));
  json config = ConfigFor(*server);
  config["calendars"]["andet"] = {{"path", "/fritid/andet/"}};
  CaldavPlugin plugin(*server, config);
  const std::string cursor = CursorOf(plugin.Delta(""));
  const auto read = ReadBusy(plugin);
  CHECK(Told(read) == "andet/4:540 møder/3:60");
  // No place is told that anything could be gone on with from.
  CHECK(read.checkpoints.empty());
  CHECK(Told(ReadBusy(plugin)) == "andet/4:540 møder/3:60");
  CHECK(plugin.Delta(cursor).records.empty());
  CHECK(server->Ask("DELETE", server->calendar() + "a.ics").status < 300);
  CHECK(Told(ReadBusy(plugin)) == "andet/4:540");
  CHECK(Removed(plugin.Delta(cursor)) == 1);
}

TEST_CASE("busy: a calendar that cannot be read leaves the snapshot without its end", "[caldav]") {
  const auto server = StartRadicale();
  server->Put("a.ics", "a", MeetingIn(3, "PT1H"));
  json config = ConfigFor(*server);
  config["calendars"]["andet"] = {{"path", "/fritid/andet/"}};
  CaldavPlugin plugin(*server, config);
  const auto read = ReadBusy(plugin);
  CHECK(CodeOf(read) == "calendars.caldav.no_calendar");
  CHECK(read.diagnostic.path() == "calendars.andet.path");
  CHECK(read.ends.empty());
  server->Kill();
  const auto gone = ReadBusy(plugin);
  CHECK(CodeOf(gone) == "calendars.caldav.unreachable");
  CHECK(gone.ends.empty());
}

TEST_CASE("busy: one object that cannot be read is told, and the others count", "[caldav]") {
  const auto server = StartXandikos();
  server->Put("a.ics", "a", MeetingIn(3, "PT1H"));
  server->Put("b.ics", "b", MeetingIn(4, "PT1H") + "\nRRULE:FREQ=HOURLY");
  CaldavPlugin plugin(*server);
  const auto read = ReadBusy(plugin);
  // Its start is sure.
  CHECK(Told(read) == "møder/3:60 møder/4:60");
  REQUIRE(read.errors.size() == 1);
  CHECK(read.errors[0].external_id().size() == 32);
  CHECK(read.errors[0].diagnostic().code() == "calendars.caldav.bad_object");
  CHECK(absl::StrContains(read.errors[0].diagnostic().text().at("en"), "sub_daily_rule"));
  CHECK(read.ends.at(0).complete());
}

TEST_CASE("busy: nothing of what a calendar says is in records, errors or diagnostics",
          "[caldav]") {
  const auto server = StartRadicale();
  const std::string words =
      "\nSUMMARY:Hemmelig titel\nLOCATION:Hemmeligt sted\nATTENDEE;CN=Hemmelig "
      "Hansen:mailto:hemmelig@fjordby.example\nDESCRIPTION:Hemmelig tekst\nCATEGORIES:Hemmelig";
  server->Put("hemmelig-sti.ics", "hemmelig-uid", MeetingIn(3, "PT1H") + words);
  server->Put("hemmelig-fejl.ics", "hemmelig-fejl",
              MeetingIn(4, "PT1H") + words + "\nRRULE:FREQ=HOURLY");
  CaldavPlugin plugin(*server);
  const auto read = ReadBusy(plugin);
  REQUIRE(Present(read) == 2);
  REQUIRE(read.errors.size() == 1);
  std::string said = read.diagnostic.DebugString();
  for (const auto& record : read.records) said += record.DebugString();
  for (const auto& error : read.errors) said += error.DebugString();
  for (const auto& end : read.ends) said += end.DebugString();
  CHECK_FALSE(absl::StrContains(said, "emmelig"));
  CHECK_FALSE(absl::StrContains(said, "fjordby"));
}

TEST_CASE("busy: it is discovered as a snapshot only, and a delta of it is refused", "[caldav]") {
  const auto server = StartRadicale();
  CaldavPlugin plugin(*server);
  grpc::ClientContext context;
  plugin::v1::DiscoverResponse discovered;
  REQUIRE(plugin.host().stub().Discover(&context, {}, &discovered).ok());
  REQUIRE(discovered.streams_size() == 3);
  const auto& stream = discovered.streams(1);
  CHECK(stream.name() == "busy");
  CHECK(stream.abilities().snapshot());
  CHECK_FALSE(stream.abilities().delta());
  CHECK_FALSE(stream.abilities().tombstones());
  grpc::ClientContext read;
  plugin::v1::ReadRequest request;
  request.set_stream("busy");
  request.set_mode(plugin::v1::ReadRequest::MODE_DELTA);
  plugin::v1::ReadResponse event;
  const auto reader = plugin.host().stub().Read(&read, request);
  while (reader->Read(&event)) CHECK_FALSE(event.has_batch());
  CHECK_FALSE(reader->Finish().ok());
  CHECK(DiagnosticOf(read).code() == "calendars.caldav.unsupported");
}

TEST_CASE("busy: pages are followed to the end, and going round in circles is an error",
          "[caldav]") {
  FaultServer server;
  server.Play("paged");
  CaldavPlugin plugin(server);
  const auto read = ReadBusy(plugin);
  CHECK(CodeOf(read).empty());
  // Three pages, and what each of them names.
  CHECK(server.Count("REPORT") == 6);
  CHECK(read.ends.at(0).complete());
  server.Play("stuck");
  const auto stuck = ReadBusy(plugin);
  CHECK(CodeOf(stuck) == "calendars.caldav.stuck_token");
  CHECK(stuck.ends.empty());
}

}  // namespace
}  // namespace brobygger::tests
