// What a calendar program that others wrote (khal, over python3-icalendar) reads in the text.
#include <array>
#include <cstdio>
#include <fstream>

#include <absl/strings/str_cat.h>
#include <catch2/catch.hpp>

#include "core/web/calendar_text.h"
#include "tests/support/temp_folder.h"

namespace brobygger::web {
namespace {

constexpr char kConfig[] =
    "[calendars]\n[[feed]]\npath = FOLDER/items\ntype = calendar\n"
    "[sqlite]\npath = FOLDER/khal.db\n"
    "[locale]\nlocal_timezone = Europe/Copenhagen\ndefault_timezone = Europe/Copenhagen\n"
    "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
    "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n";

// What khal prints of each event in `text`, behind a line that counts them.
std::string ReadByKhal(const std::string& text) {
  const support::TempFolder folder;
  const std::string path = folder.path();
  std::string config = kConfig;
  for (std::size_t at = 0; (at = config.find("FOLDER", at)) != std::string::npos;) {
    config.replace(at, 6, path);
  }
  std::ofstream(path + "/config") << config;
  std::ofstream(path + "/feed.ics", std::ios::binary) << text;
  const std::string command = absl::StrCat(
      "cd ", path, " && HOME=", path, " LC_ALL=C.UTF-8 khal -c config printics --format '",
      "{start-long}|{end-long}|{title}|{location}|{description}|{categories}|{status}|{url}|{uid}",
      "' feed.ics 2>&1");
  std::FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string said;
  std::array<char, 256> part{};
  while (std::fgets(part.data(), part.size(), pipe) != nullptr) said += part.data();
  CHECK(pclose(pipe) == 0);
  return said;
}

TEST_CASE("a calendar program reads what was meant") {
  event::v1::Event day;
  day.set_id("aaaa");
  day.set_kind(event::v1::EVENT_KIND_NETWORK_DAY);
  day.set_title("Netværksdag; mad, musik \\ 😀 " + std::string(100, 'x'));
  day.set_description("Æbler, pærer; og \\ grød");
  day.set_place("Medborgerhuset, Havnegade 2");
  day.set_url("https://fjordby.example/dag?a=1,2");
  day.mutable_start_time()->set_seconds(1'777'888'800);  // 2026-05-04 10:00 UTC
  day.mutable_end_time()->set_seconds(1'777'896'000);
  event::v1::Event festival;
  festival.set_id("bbbb");
  festival.set_title("Festival");
  festival.set_start_date("2026-02-27");
  festival.set_end_date("2026-02-28");
  festival.mutable_cancel_time()->set_seconds(1);
  CHECK(ReadByKhal(CalendarText({.title = "Kultur, Fritid", .events = {day, festival}})) ==
        absl::StrCat("2 events found in feed.ics\n", "2026-05-04 12:00|2026-05-04 14:00|",
                     day.title(), "|", day.place(), "|", day.description(),
                     "|netværksdag|CONFIRMED |", day.url(), "|aaaa@brobygger\n",
                     "2026-02-27|2026-02-28|Festival||||CANCELLED ||bbbb@brobygger\n"));
}

}  // namespace
}  // namespace brobygger::web
