// Run by hand: what a calendar of 1,000 events costs, beside vdirsyncer.
#include <filesystem>

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

// How long vdirsyncer takes to bring a calendar into an empty folder, and to look again.
std::pair<double, double> SecondsForVdirsyncer(const DavServer& server) {
  TempFolder folder;
  std::filesystem::create_directories(folder.path() + "/kalendere/moder");
  const std::string config = folder.Write("vdirsyncer.conf", VdirsyncerConfig(server, folder));
  const auto run = [&](const std::vector<std::string>& words) {
    std::vector<std::string> all = {"/usr/bin/vdirsyncer", "-c", config};
    all.insert(all.end(), words.begin(), words.end());
    REQUIRE(Child(all, folder.path() + "/log").Wait());
  };
  run({"discover", "p"});
  const double whole = SecondsFor([&] { run({"sync"}); });
  return {whole, SecondsFor([&] { run({"sync"}); })};
}

TEST_CASE("a calendar of 1,000 events is read and looked at again", "[.bench]") {
  const auto server = StartRadicale();
  for (int number = 0; number < kEvents; ++number) {
    server->Put(absl::StrCat("m", number, ".ics"), absl::StrCat("m", number),
                StartIn(number % 60) + "\nSUMMARY:Møde\nATTENDEE:mailto:kor@fjordby.example\n" +
                    "DESCRIPTION:" + std::string(200, 'x'));
  }
  CaldavPlugin plugin(*server);
  for (int round = 0; round < kRounds; ++round) {
    ReadOutcome read;
    const double whole = SecondsFor([&] { read = plugin.Snapshot(); });
    REQUIRE(Present(read) == kEvents);
    const std::string cursor = CursorOf(read);
    const double nothing = SecondsFor([&] { read = plugin.Snapshot(cursor); });
    REQUIRE(read.ends[0].unchanged());
    server->Put("m1.ics", "m1", StartIn(round));
    const double one = SecondsFor([&] { read = plugin.Delta(cursor); });
    REQUIRE(Present(read) == 1);
    const auto [their_whole, their_nothing] = SecondsForVdirsyncer(*server);
    WARN("vdirsyncer: whole " << their_whole << " s, unchanged " << their_nothing << " s; ratios "
                              << whole / their_whole << " and " << nothing / their_nothing);
    WARN("whole " << whole << " s, unchanged " << nothing << " s, one changed " << one << " s");
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
