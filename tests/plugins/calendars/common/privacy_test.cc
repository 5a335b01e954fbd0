#include <catch2/catch.hpp>

#include "plugins/calendars/common/prefilter.h"
#include "tests/plugins/calendars/common/calendar_text.h"

namespace brobygger::calendars {
namespace {

using Texts = std::vector<std::string>;

constexpr char kDay[] = "DTSTART:20260504T120000Z\n";

std::string NextWord(int& words) { return "ZQ" + std::to_string(++words); }

// Every property that RFC 5545, 7986 and 9073 have for an event, and some that programs add, with
// a word in it that stands nowhere else.
std::string EveryProperty(int& words) {
  const Texts heads = {"SUMMARY:",
                       "DESCRIPTION:",
                       "LOCATION:",
                       "COMMENT:",
                       "CONTACT:",
                       "URL:https://x.example/",
                       "ATTACH:https://x.example/",
                       "GEO:",
                       "RESOURCES:",
                       "RELATED-TO:",
                       "REQUEST-STATUS:2.0;ok;",
                       "CATEGORIES:",
                       "CATEGORIES:Brobygger:x,",
                       "NAME:",
                       "COLOR:",
                       "IMAGE:",
                       "CONFERENCE:",
                       "SOURCE:",
                       "STRUCTURED-DATA:",
                       "STYLED-DESCRIPTION:",
                       "X-ALT-DESC;FMTTYPE=text/html:",
                       "X-MICROSOFT-LOCATIONS:",
                       "X-WR-CALNAME:",
                       "PRIORITY:",
                       "TRANSP:",
                       "CREATED:",
                       "DTSTAMP:",
                       "LAST-MODIFIED:",
                       "PERCENT-COMPLETE:",
                       "ORGANIZER;CN=",
                       "ATTENDEE;CN=",
                       "ATTENDEE;DIR=",
                       "ATTENDEE;SENT-BY=",
                       "ATTENDEE;ROLE=",
                       "ATTENDEE;CUTYPE=",
                       "ATTENDEE;MEMBER=",
                       "ATTENDEE;DELEGATED-TO=",
                       "ATTENDEE;X-NUM-GUESTS=",
                       "DTEND;X-ROOM=",
                       "DURATION;X-ROOM=",
                       "STATUS;X-WHY=",
                       "EXDATE;X-WHY=",
                       "RRULE;X-WHY=",
                       "UNKNOWN:"};
  std::string lines;
  for (const std::string& head : heads) {
    lines += head + NextWord(words);
    if (head.ends_with('=')) lines += ":mailto:zq" + std::to_string(++words) + "@zq.example";
    lines += "\n";
  }
  for (const char* component : {"VALARM", "VLOCATION", "PARTICIPANT", "X-THING"}) {
    lines += std::string("BEGIN:") + component + "\nSUMMARY:" + NextWord(words) +
             "\nUID:" + NextWord(words) + "\nEND:" + component + "\n";
  }
  return lines;
}

std::string Everything() {
  int words = 0;
  std::string text = "BEGIN:VCALENDAR\nX-WR-CALNAME:ZQ0\n";
  for (const char* component : {"VTODO", "VJOURNAL", "VFREEBUSY"}) {
    text +=
        std::string("BEGIN:") + component + "\n" + EveryProperty(words) + "END:" + component + "\n";
  }
  text +=
      "BEGIN:VTIMEZONE\nTZID:ZQ-zone\nCOMMENT:ZQ\nBEGIN:STANDARD\nTZNAME:ZQ\n"
      "DTSTART:19700101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nEND:STANDARD\n"
      "END:VTIMEZONE\n";
  text += "BEGIN:VEVENT\nUID:ZQ-uid@zq.example\nDTSTART;TZID=ZQ-zone:20260504T140000\n" +
          EveryProperty(words) + "END:VEVENT\n";
  return text + "END:VCALENDAR\n";
}

TEST_CASE("no word of a calendar is in its record, whatever property it stood in") {
  const Reading reading = Read(Everything());
  REQUIRE(reading.objects.size() == 1);
  const MeetingObject& object = reading.objects[0];
  REQUIRE(object.parts.size() == 1);
  CHECK(object.parts[0].addresses.size() > 5);
  const std::string bytes = ToRecord(object, object.uid_digest, "moder").SerializeAsString();
  // Bytes of digests are hex, so neither word can stand there by chance.
  CHECK(bytes.find("ZQ") == std::string::npos);
  CHECK(bytes.find("zq") == std::string::npos);
  CHECK(bytes.find("example") == std::string::npos);
}

TEST_CASE("libical is handed nothing but dates, rules, answers, addresses and our categories") {
  const auto filtered = Prefilter(Everything());
  REQUIRE(filtered.ok());
  REQUIRE(filtered->events.size() == 1);
  INFO(filtered->events[0].text);
  CHECK(filtered->events[0].text.find("ZQ") == std::string::npos);
  CHECK(filtered->events[0].text.find("TZID=0:") != std::string::npos);
  for (const auto& [name, text] : filtered->zones) CHECK(text.find("ZQ") == std::string::npos);
}

TEST_CASE("why an object is bad tells nothing of it") {
  const Reading reading =
      Read(Calendar("BEGIN:VEVENT\nUID:ZQ1\nSUMMARY:ZQ2\nDTSTART:ZQ3\nEND:VEVENT\n"));
  REQUIRE(reading.bad.size() == 1);
  CHECK(reading.bad[0].why == "bad_start");
  CHECK(reading.bad[0].uid_digest == Key().Of("href", "ZQ1"));
}

TEST_CASE("every class but PUBLIC hides the object, and tells that instead of its meetings") {
  const std::string line =
      GENERATE("CLASS:PRIVATE", "CLASS:CONFIDENTIAL", "class:personal", "CLASS:X-OWN",
               "CLASS:", "CLASS;X=y:PUBLIC-ISH", "CLASS:PUBLIC\nCLASS:PRIVATE",
               "CATEGORIES:Brobygger:ingen", "CATEGORIES:a,brobygger: INGEN ,b");
  const MeetingObject object = ReadOne(Event(kDay + line + "\nATTENDEE:mailto:a@b.example\n"));
  CHECK(object.opted_out);
  CHECK(object.parts.empty());
  const auto record = ToRecord(object, "id", "moder");
  CHECK(record.fields().at("opted_out").flag());
  // Told as none, since a field that is not told clears nothing.
  REQUIRE(record.fields().count("parts") == 1);
  CHECK(record.fields().at("parts").has_empty());
}

TEST_CASE("a public event is told, with CLASS or without") {
  const std::string line = GENERATE("", "CLASS:PUBLIC\n", "CLASS: public \n");
  CHECK_FALSE(ReadOne(Event(kDay + line)).opted_out);
}

TEST_CASE("a private instance is hidden and the others are told") {
  const std::string line = GENERATE("CLASS:PRIVATE\n", "CATEGORIES:Brobygger:ingen\n");
  const MeetingObject object =
      ReadOne(Event(std::string(kDay) + "RRULE:FREQ=DAILY;COUNT=3\n") +
              Event("RECURRENCE-ID:20260505T120000Z\nDTSTART:20260505T130000Z\n" + line));
  CHECK_FALSE(object.opted_out);
  CHECK(Days(object) == "2026-05-04 2026-05-06");
}

TEST_CASE("a private series hides the instances that say nothing") {
  const MeetingObject object =
      ReadOne(Event("RECURRENCE-ID:20260505T120000Z\nDTSTART:20260505T130000Z\n") +
              Event(std::string(kDay) + "RRULE:FREQ=DAILY;COUNT=3\nCLASS:PRIVATE\n"));
  CHECK(object.opted_out);
}

TEST_CASE("who declined does not count, nor what is no mail address") {
  const MeetingObject object =
      ReadOne(Event(std::string(kDay) + "ATTENDEE;PARTSTAT=declined:mailto:no@b.example\n"
                                        "ATTENDEE;CN=x:urn:uuid:1\n"
                                        "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:yes@b.example\n"));
  CHECK(object.parts[0].addresses == Texts{Key().Of("address", "yes@b.example")});
  CHECK(object.parts[0].domains == Texts{Key().Of("domain", "b.example")});
}

TEST_CASE("an address is the same however it is written") {
  const std::string line = GENERATE(
      "ATTENDEE:mailto:formand@lawan.example", "ATTENDEE:MAILTO:Formand@LAWAN.example",
      "ATTENDEE:mailto: formand%40lawan.example ", "ATTENDEE:mailto:f%6Frmand@lawan.example",
      "ORGANIZER;CN=\"A: B\":mailto:formand@lawan.example", "ATTENDEE:formand@lawan.example",
      "ATTENDEE;EMAIL=formand@lawan.example:urn:uuid:7",
      "ATTENDEE;EMAIL=\"formand@lawan.example\":https://dav.example/principals/7");
  CAPTURE(line);
  const MeetingObject object = ReadOne(Event(kDay + line + "\n"));
  CHECK(object.parts[0].addresses == Texts{Key().Of("address", "formand@lawan.example")});
}

TEST_CASE("only our categories are told, trimmed and as written") {
  const MeetingObject object = ReadOne(
      Event(std::string(kDay) + "CATEGORIES:Sygdom,Brobygger:LAWAN,brobygger: Nord\\, Syd \n"
                                "CATEGORIES:BROBYGGER:LAWAN,Brobygger:\n"));
  CHECK(object.parts[0].codes == Texts{"LAWAN", "Nord, Syd"});
}

TEST_CASE("a category that is not UTF-8 is no code") {
  CHECK(ReadOne(Event(std::string(kDay) + "CATEGORIES:Brobygger:\xE6\n")).parts[0].codes.empty());
}

TEST_CASE("what the hub published is its own, and no more is told of it") {
  const MeetingObject object =
      Read(Calendar("BEGIN:VEVENT\nUID:event-1@brobygger\nDTSTART:20260504\nEND:VEVENT\n"))
          .objects.at(0);
  CHECK(object.own);
  CHECK(object.parts.empty());
}

TEST_CASE("instances with other people are another part, the same people are the same one") {
  const std::string people = "ATTENDEE:mailto:a@b.example\nATTENDEE:mailto:c@d.example\n";
  const std::string turned = "ATTENDEE:mailto:c@d.example\nATTENDEE:mailto:a@b.example\n";
  const std::string series = Event(kDay + people + "RRULE:FREQ=DAILY;COUNT=3\n");
  const std::string changed = "RECURRENCE-ID:20260505T120000Z\nDTSTART:20260505T130000Z\n";
  CHECK(ReadOne(series + Event(changed + turned)).parts.size() == 1);
  CHECK(ReadOne(series + Event(changed + "ATTENDEE:mailto:a@b.example\n")).parts.size() == 2);
}

TEST_CASE("the record has the shape that the schema tells") {
  const auto schema = MeetingsSchema();
  const MeetingObject object = ReadOne(Event(std::string(kDay) + "CATEGORIES:Brobygger:X\n"));
  const auto record = ToRecord(object, "id", "moder");
  CHECK(record.external_id() == "id");
  for (const auto& field : schema.fields()) CHECK(record.fields().count(field.name()) == 1);
  CHECK(record.fields().size() == static_cast<std::size_t>(schema.fields_size()));
  const auto& part = record.fields().at("parts").list().items(0).group().fields();
  const auto& meeting = part.at("meetings").list().items(0).group().fields();
  CHECK(meeting.at("date").date() == "2026-05-04");
  CHECK(meeting.at("key").text().size() == 32);
  CHECK_FALSE(meeting.at("cancelled").flag());
  CHECK(part.at("codes").list().items(0).text() == "X");
}

}  // namespace
}  // namespace brobygger::calendars
