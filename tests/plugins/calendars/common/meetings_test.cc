#include <atomic>
#include <thread>

#include <catch2/catch.hpp>

#include "tests/plugins/calendars/common/calendar_text.h"

namespace brobygger::calendars {
namespace {

using Texts = std::vector<std::string>;

TEST_CASE("a plain event is one meeting on its local day") {
  const MeetingObject object =
      ReadOne(Event("DTSTART:20260504T223000Z\n"
                    "ORGANIZER:mailto:Anne@Horsens.example\n"
                    "ATTENDEE:MAILTO:formand@lawan.example\n"));
  REQUIRE(object.parts.size() == 1);
  CHECK(Days(object) == "2026-05-05");
  CHECK(object.parts[0].meetings[0].key == KeyOf(""));
  Texts addresses = {Key().Of("address", "anne@horsens.example"),
                     Key().Of("address", "formand@lawan.example")};
  std::sort(addresses.begin(), addresses.end());
  CHECK(object.parts[0].addresses == addresses);
  CHECK(object.uid_digest == Key().Of("href", "m1@horsens.example"));
  CHECK(object.remarks.empty());
}

TEST_CASE("a digest is the beginning of an HMAC-SHA256") {
  // printf 'address:a@b.example' | openssl dgst -sha256 -hmac key
  CHECK(Pseudonyms("key").Of("address", "a@b.example") == "33f7481ccb892681ee025f772a6fec82");
}

TEST_CASE("a weekly series is one part with a key for each instance") {
  const MeetingObject object =
      ReadOne(Event("DTSTART;TZID=Europe/Copenhagen:20260504T140000\n"
                    "RRULE:FREQ=WEEKLY;COUNT=3\n"));
  REQUIRE(object.parts.size() == 1);
  CHECK(Days(object) == "2026-05-04 2026-05-11 2026-05-18");
  CHECK(object.parts[0].meetings[0].key == KeyOf("20260504T120000Z"));
  CHECK(object.parts[0].meetings[2].key == KeyOf("20260518T120000Z"));
}

TEST_CASE("the window is told in days of Copenhagen") {
  // Half past eleven in the evening in UTC is the next day there.
  const auto window =
      WindowAt(absl::FromCivil(absl::CivilSecond(2026, 6, 30, 23, 30, 0), absl::UTCTimeZone()));
  REQUIRE(window.ok());
  CHECK(window->first == absl::CivilDay(2026, 7, 1) - 180);
  CHECK(window->last == absl::CivilDay(2026, 7, 1) + 90);
}

TEST_CASE("many threads may read at once") {
  const std::string text =
      Calendar(Event("DTSTART;TZID=Europe/Copenhagen:20260504T140000\n"
                     "RRULE:FREQ=DAILY;COUNT=50\nATTENDEE:mailto:a@b.example\n"));
  const auto expected =
      ToRecord(Read(text).objects.at(0), "id", "moder").SerializeAsString().size();
  std::atomic<int> different = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round) {
        const Reading reading = Read(text);
        different +=
            ToRecord(reading.objects.at(0), "id", "moder").ByteSizeLong() != expected ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(different == 0);
}

}  // namespace
}  // namespace brobygger::calendars
