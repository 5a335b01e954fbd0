// Run by hand: what a calendar of 1,000 events costs, beside vdirsyncer.
#include <filesystem>
#include <iterator>

#include <absl/strings/str_cat.h>
#include <catch2/catch.hpp>

#include "tests/plugins/calendars/caldav/caldav_support.h"

namespace brobygger::tests {
namespace {

using std::chrono::duration;
using std::chrono::steady_clock;

constexpr int kEvents = 1000;
constexpr int kRounds = 3;

template <typename Work>
double SecondsFor(const Work& work) {
  const auto begin = steady_clock::now();
  work();
  return duration<double>(steady_clock::now() - begin).count();
}

void PutMeeting(DavServer& server, int number, int day, const std::string& title) {
  server.Put(absl::StrCat("m", number, ".ics"), absl::StrCat("m", number),
             StartIn(day % 60) + "\nSUMMARY:" + title + "\nATTENDEE:mailto:kor@fjordby.example\n" +
                 "DESCRIPTION:" + std::string(200, 'x'));
}

// What each takes of a calendar: to bring it in, to look again, and again after some changes.
struct Seconds {
  double whole = 0;
  double nothing = 0;
  double ten = 0;
};

// Ten events that no call before has made so.
void ChangeTen(DavServer& server) {
  static int changes = 0;
  ++changes;
  for (int number = 0; number < 10; ++number) {
    PutMeeting(server, number * 97, number + changes, absl::StrCat("Flyttet ", changes));
  }
}

// How long vdirsyncer takes, beginning with an empty folder.
Seconds SecondsForVdirsyncer(DavServer& server) {
  TempFolder folder;
  std::filesystem::create_directories(folder.path() + "/kalendere/moder");
  const std::string config = folder.Write("vdirsyncer.conf", VdirsyncerConfig(server, folder));
  const auto run = [&](const std::vector<std::string>& words) {
    std::vector<std::string> all = {"/usr/bin/vdirsyncer", "-c", config};
    all.insert(all.end(), words.begin(), words.end());
    REQUIRE(Child(all, folder.path() + "/log").Wait());
  };
  run({"discover", "p"});
  Seconds seconds;
  seconds.whole = SecondsFor([&] { run({"sync"}); });
  const std::filesystem::directory_iterator brought(folder.path() + "/kalendere/moder");
  REQUIRE(std::distance(begin(brought), end(brought)) == kEvents);
  seconds.nothing = SecondsFor([&] { run({"sync"}); });
  ChangeTen(server);
  seconds.ten = SecondsFor([&] { run({"sync"}); });
  return seconds;
}

Seconds SecondsForUs(DavServer& server, CaldavPlugin& plugin) {
  ReadOutcome read;
  Seconds seconds;
  seconds.whole = SecondsFor([&] { read = plugin.Snapshot(); });
  REQUIRE(Present(read) == kEvents);
  const std::string cursor = CursorOf(read);
  seconds.nothing = SecondsFor([&] { read = plugin.Snapshot(cursor); });
  REQUIRE(read.ends[0].unchanged());
  ChangeTen(server);
  seconds.ten = SecondsFor([&] { read = plugin.Delta(cursor); });
  REQUIRE(Present(read) == 10);
  return seconds;
}

TEST_CASE("a calendar of 1,000 events is read and looked at again", "[.bench]") {
  const auto server = StartRadicale();
  for (int number = 0; number < kEvents; ++number) PutMeeting(*server, number, number, "Møde");
  CaldavPlugin plugin(*server);
  for (int round = 0; round < kRounds; ++round) {
    const Seconds ours = SecondsForUs(*server, plugin);
    const Seconds theirs = SecondsForVdirsyncer(*server);
    WARN("whole " << ours.whole << " s, unchanged " << ours.nothing << " s, ten changed "
                  << ours.ten << " s; vdirsyncer " << theirs.whole << ", " << theirs.nothing
                  << " and " << theirs.ten << " s; ratios " << ours.whole / theirs.whole << ", "
                  << ours.nothing / theirs.nothing << " and " << ours.ten / theirs.ten);
  }
  const double writes = SecondsFor([&] {
    for (int number = 0; number < 100; ++number) {
      plugin.Write(CreateEvent(absl::StrCat("e-", number), "Samarbejdsdag"));
    }
  });
  WARN("100 events published " << writes << " s");
}

}  // namespace
}  // namespace brobygger::tests
