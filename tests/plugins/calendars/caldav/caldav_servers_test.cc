// Against the real Radicale and Xandikos.
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <catch2/catch.hpp>

#include "tests/plugins/calendars/caldav/caldav_support.h"

namespace brobygger::tests {
namespace {

using nlohmann::json;
using plugin::v1::Diagnostic;
using plugin::v1::Operation;
using plugin::v1::OperationResult;

std::unique_ptr<DavServer> AnyServer() {
  const std::string name = GENERATE(as<std::string>(), "Radicale", "Xandikos");
  return name == "Radicale" ? StartRadicale() : StartXandikos();
}

void PutMeetings(DavServer& server, int count) {
  for (int number = 0; number < count; ++number) {
    server.Put(
        absl::StrCat("m", number, ".ics"), absl::StrCat("m", number),
        StartIn(number % 60) + "\nSUMMARY:Hemmeligt møde\nATTENDEE:mailto:kor@fjordby.example");
  }
}

TEST_CASE("1: Check finds the user's calendars by itself and names those it is set up with",
          "[caldav]") {
  const auto server = AnyServer();
  CAPTURE(server->name());
  CaldavPlugin plugin(*server);
  const auto told = plugin.Check();
  REQUIRE(told.diagnostics_size() == 1);
  INFO(told.DebugString());
  CHECK(told.diagnostics(0).severity() == Diagnostic::SEVERITY_INFO);
  CHECK(told.diagnostics(0).code() == "calendars.caldav.calendars_seen");
  CHECK(absl::StrContains(told.diagnostics(0).text().at("da"), "'møder'"));
}

TEST_CASE("8: changes and deletions come one by one after the first whole read", "[caldav]") {
  const auto server = AnyServer();
  CAPTURE(server->name());
  PutMeetings(*server, 5);
  CaldavPlugin plugin(*server);
  const auto first = plugin.Delta("");
  CHECK(CodeOf(first).empty());
  CHECK(Present(first) == 5);
  const auto nothing = plugin.Delta(CursorOf(first));
  CHECK(nothing.records.empty());

  server->Put("m1.ics", "m1", StartIn(7) + "\nSUMMARY:Flyttet");
  server->Put("ny%20aftale.ics", "ny", StartIn(8));
  CHECK(server->Ask("DELETE", server->calendar() + "m2.ics").status < 300);
  const auto changes = plugin.Delta(CursorOf(nothing));
  CHECK(CodeOf(changes).empty());
  CHECK(Present(changes) == 2);
  CHECK(Removed(changes) == 1);
  std::set<std::string> known;
  for (const auto& record : first.records) known.insert(record.external_id());
  for (const auto& record : changes.records) {
    if (record.deleted()) CHECK(known.count(record.external_id()) == 1);
  }
}

TEST_CASE("8: a snapshot is whole, and told as unchanged when it is", "[caldav]") {
  const auto server = AnyServer();
  CAPTURE(server->name());
  PutMeetings(*server, 4);
  CaldavPlugin plugin(*server);
  const auto first = plugin.Snapshot();
  REQUIRE(first.ends.size() == 1);
  CHECK(first.ends[0].complete());
  CHECK(first.ends[0].record_count() == 4);
  CHECK(Present(first) == 4);
  const auto again = plugin.Snapshot(CursorOf(first));
  REQUIRE(again.ends.size() == 1);
  CHECK(again.ends[0].unchanged());
  CHECK(again.records.empty());
  server->Put("m1.ics", "m1", StartIn(7));
  const auto changed = plugin.Snapshot(CursorOf(first));
  REQUIRE(changed.ends.size() == 1);
  CHECK_FALSE(changed.ends[0].unchanged());
  CHECK(Present(changed) == 4);
}

TEST_CASE("6: a token that the server does not know costs one whole read", "[caldav]") {
  const auto server = AnyServer();
  CAPTURE(server->name());
  PutMeetings(*server, 3);
  CaldavPlugin plugin(*server);
  json cursor = json::parse(CursorOf(plugin.Delta("")));
  cursor["calendars"]["møder"]["token"] = "http://radicale.org/ns/sync/0000";
  const auto read = plugin.Delta(cursor.dump());
  CHECK(CodeOf(read).empty());
  CHECK(Present(read) == 3);
  CHECK(plugin.Delta(CursorOf(read)).records.empty());
}

TEST_CASE("24: a calendar that is gone or not shared ends the read, and nothing is concluded",
          "[caldav]") {
  const auto server = StartRadicale();
  PutMeetings(*server, 3);
  json config = ConfigFor(*server);
  config["calendars"]["andet"] = {{"path", "/fritid/andet/"}};
  REQUIRE(server->Ask("MKCALENDAR", "/fritid/andet/").status == 201);
  CaldavPlugin plugin(*server, config);
  const std::string cursor = CursorOf(plugin.Delta(""));
  REQUIRE(server->Ask("DELETE", server->calendar()).status == 200);
  server->Ask("PUT", "/fritid/andet/x.ics",
              "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:x\r\nDTSTAMP:"
              "20260101T000000Z\r\n" +
                  StartIn(2) + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
  const auto delta = plugin.Delta(cursor);
  CHECK(CodeOf(delta) == "calendars.caldav.no_calendar");
  CHECK(delta.diagnostic.path() == "calendars.møder.path");
  // The other calendar was read all the same, and no deletion was concluded.
  CHECK(Present(delta) == 1);
  CHECK(Removed(delta) == 0);
  const auto snapshot = plugin.Snapshot();
  CHECK(CodeOf(snapshot) == "calendars.caldav.no_calendar");
  CHECK(snapshot.ends.empty());
  config["calendars"] = {{"møder", {{"path", "/social/moder/"}}}};
  CaldavPlugin stranger(*server, config);
  CHECK(CodeOf(stranger.Snapshot()) == "calendars.caldav.no_right");
}

TEST_CASE("27: nothing of what a calendar says is in records, cursors or diagnostics", "[caldav]") {
  const auto server = StartRadicale();
  server->Put("hemmelig-sti.ics", "hemmelig-uid",
              StartIn(3) +
                  "\nSUMMARY:Hemmelig titel\nLOCATION:Hemmeligt sted\nATTENDEE;CN=Hemmelig "
                  "Hansen:mailto:hemmelig@fjordby.example\nDESCRIPTION:Hemmelig tekst");
  CaldavPlugin plugin(*server);
  const auto read = plugin.Delta("");
  REQUIRE(Present(read) == 1);
  std::string said = CursorOf(read) + plugin.Check().DebugString();
  for (const auto& record : read.records) said += record.DebugString();
  CHECK_FALSE(absl::StrContains(said, "emmelig"));
  CHECK_FALSE(absl::StrContains(said, "fjordby"));
}

TEST_CASE("a wrong password and a server that is gone are told as such", "[caldav]") {
  const auto server = StartRadicale();
  CaldavPlugin stranger(*server, ConfigFor(*server), "forkert");
  CHECK(stranger.Check().diagnostics(0).class_() == Diagnostic::CLASS_AUTH);
  CHECK(CodeOf(stranger.Snapshot()) == "calendars.caldav.wrong_password");
  CaldavPlugin plugin(*server);
  server->Kill();
  CHECK(CodeOf(plugin.Snapshot()) == "calendars.caldav.unreachable");
}

TEST_CASE(
    "32-34: an event is published, changed and removed, and the hub does not read it as a "
    "meeting",
    "[caldav]") {
  const auto server = AnyServer();
  CAPTURE(server->name());
  CaldavPlugin plugin(*server);
  const auto created = plugin.Write(CreateEvent("e-7", "Netværksdag"));
  INFO(created.DebugString());
  REQUIRE(created.outcome() == OperationResult::OUTCOME_APPLIED);
  CHECK(created.stored().external_id() == "møder/e-7.ics");
  CHECK_FALSE(created.stored().etag().empty());
  const auto text = server->Ask("GET", server->calendar() + "e-7.ics").body;
  CHECK(absl::StrContains(text, "UID:e-7@brobygger"));
  CHECK_FALSE(absl::StrContains(text, "ATTENDEE"));
  CHECK_FALSE(absl::StrContains(text, "ORGANIZER"));
  // The same again, as after an answer that was lost.
  CHECK(plugin.Write(CreateEvent("e-7", "Netværksdag")).outcome() ==
        OperationResult::OUTCOME_NO_CHANGE);
  CHECK(plugin.Write(CreateEvent("e-7", "Noget andet")).outcome() ==
        OperationResult::OUTCOME_STALE);
  CHECK(plugin.Write(UpdateTitle("e-7", "Netværksdag for alle")).outcome() ==
        OperationResult::OUTCOME_APPLIED);
  const auto found = plugin.Lookup("møder/findes-ikke.ics", "e-7");
  REQUIRE(found.records_size() == 1);
  CHECK(found.records(0).fields().at("title").text() == "Netværksdag for alle");
  REQUIRE(found.definitely_absent_size() == 1);
  CHECK(found.definitely_absent(0) == "møder/findes-ikke.ics");
  CHECK(Present(plugin.Snapshot()) == 0);

  Operation removal = UpdateTitle("e-7", "");
  removal.set_kind(Operation::KIND_DELETE);
  CHECK(plugin.Write(removal).outcome() == OperationResult::OUTCOME_APPLIED);
  CHECK(plugin.Write(removal).outcome() == OperationResult::OUTCOME_NO_CHANGE);
  // 34: what a person removed is not written again.
  const auto gone = plugin.Write(UpdateTitle("e-7", "Igen"));
  CHECK(gone.outcome() == OperationResult::OUTCOME_REJECTED);
  CHECK(gone.diagnostics(0).class_() == Diagnostic::CLASS_NOT_FOUND);
  CHECK(server->Ask("GET", server->calendar() + "e-7.ics").status == 404);
}

TEST_CASE("34: an update keeps the alarm, categories and X- lines that a person added",
          "[caldav]") {
  const auto server = AnyServer();
  CAPTURE(server->name());
  CaldavPlugin plugin(*server);
  REQUIRE(plugin.Write(CreateEvent("e-7", "Netværksdag")).outcome() ==
          OperationResult::OUTCOME_APPLIED);
  std::string text = server->Ask("GET", server->calendar() + "e-7.ics").body;
  const std::string mine =
      "CATEGORIES:Vigtigt\r\nX-FARVE:blå\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\n"
      "DESCRIPTION:Husk kaffe\r\nEND:VALARM\r\nEND:VEVENT";
  text.replace(text.find("END:VEVENT"), 10, mine);
  server->PutText("e-7.ics", text);
  REQUIRE(plugin.Write(UpdateTitle("e-7", "Nyt navn")).outcome() ==
          OperationResult::OUTCOME_APPLIED);
  const std::string after = server->Ask("GET", server->calendar() + "e-7.ics").body;
  for (const char* const kept : {"SUMMARY:Nyt navn", "CATEGORIES:Vigtigt", "X-FARVE:blå",
                                 "BEGIN:VALARM", "TRIGGER:-PT15M", "DESCRIPTION:Husk kaffe"}) {
    CHECK(absl::StrContains(after, kept));
  }
}

TEST_CASE(
    "34: a person's change of what the hub says is not written over, an alarm is no such "
    "change",
    "[caldav]") {
  const auto server = AnyServer();
  CAPTURE(server->name());
  CaldavPlugin plugin(*server);
  const auto created = plugin.Write(CreateEvent("e-7", "Netværksdag"));
  REQUIRE(created.outcome() == OperationResult::OUTCOME_APPLIED);
  Operation planned = UpdateTitle("e-7", "Hub'ens nye navn");
  planned.set_if_etag(created.stored().etag());
  *planned.mutable_expected() = created.stored().fields();
  std::string text = server->Ask("GET", server->calendar() + "e-7.ics").body;
  text.replace(text.find("END:VEVENT"), 10, "CATEGORIES:Mit\r\nEND:VEVENT");
  server->PutText("e-7.ics", text);
  Operation strict = planned;
  strict.clear_expected();
  CHECK(plugin.Write(strict).outcome() == OperationResult::OUTCOME_STALE);
  CHECK(plugin.Write(planned).outcome() == OperationResult::OUTCOME_APPLIED);
  text = server->Ask("GET", server->calendar() + "e-7.ics").body;
  text.replace(text.find("Hub'ens nye navn"), 16, "Personens navn");
  server->PutText("e-7.ics", text);
  const auto stale = plugin.Write(planned);
  CHECK(stale.outcome() == OperationResult::OUTCOME_STALE);
  CHECK(stale.stored().fields().at("title").text() == "Personens navn");
}

TEST_CASE("32: an event that somebody invited others to is not changed, which would send mail",
          "[caldav]") {
  const auto server = AnyServer();
  CAPTURE(server->name());
  CaldavPlugin plugin(*server);
  REQUIRE(plugin.Write(CreateEvent("e-7", "Netværksdag")).outcome() ==
          OperationResult::OUTCOME_APPLIED);
  std::string text = server->Ask("GET", server->calendar() + "e-7.ics").body;
  text.replace(
      text.find("END:VEVENT"), 10,
      "ORGANIZER:mailto:a@fjordby.example\r\nATTENDEE:mailto:b@fjordby.example\r\nEND:VEVENT");
  server->PutText("e-7.ics", text);
  CHECK(CodeOf(plugin.Write(UpdateTitle("e-7", "Nyt"))) == "calendars.caldav.invites");
  Operation removal = UpdateTitle("e-7", "");
  removal.set_kind(Operation::KIND_DELETE);
  CHECK(CodeOf(plugin.Write(removal)) == "calendars.caldav.invites");
  CHECK(server->Ask("GET", server->calendar() + "e-7.ics").status == 200);
}

TEST_CASE("10: an event whose UID lies elsewhere in the calendar is told as that", "[caldav]") {
  const auto server = AnyServer();
  CAPTURE(server->name());
  server->Put("flyttet.ics", "e-7@brobygger", StartIn(3) + "\nSUMMARY:Flyttet");
  CaldavPlugin plugin(*server);
  const auto result = plugin.Write(CreateEvent("e-7", "Netværksdag"));
  INFO(result.DebugString());
  CHECK(result.outcome() == OperationResult::OUTCOME_REJECTED);
  CHECK(CodeOf(result) == "calendars.caldav.duplicate_uid");
}

TEST_CASE("what somebody else put in an event's place is not touched", "[caldav]") {
  const auto server = AnyServer();
  CAPTURE(server->name());
  server->Put("e-7.ics", "min-egen", StartIn(3) + "\nSUMMARY:Min egen");
  CaldavPlugin plugin(*server);
  CHECK(CodeOf(plugin.Write(CreateEvent("e-7", "Netværksdag"))) == "calendars.caldav.not_ours");
  CHECK(CodeOf(plugin.Write(UpdateTitle("e-7", "Nyt"))) == "calendars.caldav.not_ours");
  CHECK(plugin.Lookup("", "e-7").records().empty());
  CHECK(absl::StrContains(server->Ask("GET", server->calendar() + "e-7.ics").body, "Min egen"));
}

}  // namespace
}  // namespace brobygger::tests
