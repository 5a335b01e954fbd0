// What is published, as other programs read it; TLS; names.
#include <filesystem>
#include <fstream>
#include <iterator>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>
#include <catch2/catch.hpp>

#include "tests/plugins/calendars/caldav/caldav_support.h"

namespace brobygger::tests {
namespace {

using nlohmann::json;
using plugin::v1::OperationResult;

std::string TextOf(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// What a program writes, in a folder of its own.
std::string OutputOf(const std::vector<std::string>& words, const TempFolder& folder) {
  static int number = 0;
  const std::string log = absl::StrCat(folder.path(), "/output", ++number);
  Child child(words, log);
  const bool content = child.Wait();
  INFO(TextOf(log));
  CHECK(content);
  return TextOf(log);
}

TEST_CASE("32-33: vdirsyncer fetches what the hub published, and khal shows it at its time",
          "[caldav]") {
  const auto server = StartRadicale();
  CaldavPlugin plugin(*server);
  auto create = CreateEvent("e-7", "Netværksdag; med kaffe, og \\ kage 🎵");
  absl::TimeZone zone;
  REQUIRE(absl::LoadTimeZone("Europe/Copenhagen", &zone));
  const absl::CivilDay day = absl::ToCivilDay(absl::Now(), zone) + 40;
  const absl::Time start = absl::FromCivil(absl::CivilSecond(day) + 14 * 3600, zone);
  auto& set = *create.mutable_set();
  set["start"].mutable_instant()->set_seconds(absl::ToUnixSeconds(start));
  set["end"].mutable_instant()->set_seconds(absl::ToUnixSeconds(start + absl::Hours(2)));
  REQUIRE(plugin.Write(create).outcome() == OperationResult::OUTCOME_APPLIED);
  auto deadline = CreateEvent("e-8", "Frist for tilskud");
  (*deadline.mutable_set())["start"].set_date(absl::FormatCivilTime(day + 1));
  (*deadline.mutable_set())["end"].set_date(absl::FormatCivilTime(day + 2));
  REQUIRE(plugin.Write(deadline).outcome() == OperationResult::OUTCOME_APPLIED);

  TempFolder folder;
  std::filesystem::create_directories(folder.path() + "/kalendere/moder");
  const std::string sync = folder.Write("vdirsyncer.conf", VdirsyncerConfig(*server, folder));
  OutputOf({"/usr/bin/vdirsyncer", "-c", sync, "discover", "p"}, folder);
  OutputOf({"/usr/bin/vdirsyncer", "-c", sync, "sync"}, folder);
  const std::string khal = folder.Write(
      "khal.conf", absl::StrCat("[calendars]\n[[moder]]\npath = ", folder.path(),
                                "/kalendere/moder\n[locale]\nlocal_timezone = Europe/Copenhagen\n"
                                "default_timezone = Europe/Copenhagen\ntimeformat = %H:%M\n"
                                "dateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
                                "datetimeformat = %Y-%m-%d %H:%M\n"
                                "longdatetimeformat = %Y-%m-%d %H:%M\n[sqlite]\npath = ",
                                folder.path(), "/khal.db\n"));
  const auto shown = [&](absl::CivilDay of) {
    return OutputOf({"/usr/bin/khal", "-c", khal, "list", "--format",
                     "{start-end-time-style} {title}", absl::FormatCivilTime(of), "1d"},
                    folder);
  };
  CHECK(absl::StrContains(shown(day), "14:00-16:00 Netværksdag; med kaffe, og \\ kage 🎵"));
  CHECK(absl::StrContains(shown(day + 1), "Frist for tilskud"));
  CHECK(absl::StrContains(shown(day + 2), "Frist for tilskud"));
  CHECK_FALSE(absl::StrContains(shown(day + 3), "Frist for tilskud"));
}

TEST_CASE("a certificate that nobody vouches for gets no password, one's own authority does",
          "[caldav]") {
  FaultServer server(/*tls=*/true);
  const json plain = ConfigFor(server);
  CaldavPlugin trusting_nobody(server, plain);
  const auto refused = trusting_nobody.Snapshot();
  CHECK(CodeOf(refused) == "calendars.caldav.tls");
  CHECK(server.Log().empty());
  json with_authority = plain;
  with_authority["ca_file"] = server.certificate();
  CaldavPlugin plugin(server, with_authority);
  CHECK(Present(plugin.Snapshot()) == 2);
  // The certificate is for 127.0.0.1 alone.
  with_authority["url"] = absl::StrCat("https://localhost:", server.port());
  CaldavPlugin other_name(server, with_authority);
  CHECK(CodeOf(other_name.Snapshot()) == "calendars.caldav.tls");
}

TEST_CASE("a server's name is looked up in the jail", "[caldav]") {
  FaultServer server;
  json config = ConfigFor(server);
  config["url"] = absl::StrCat("http://localhost:", server.port());
  CaldavPlugin plugin(server, config);
  const auto read = plugin.Snapshot();
  INFO(read.diagnostic.ShortDebugString());
  CHECK(Present(read) == 2);
}

}  // namespace
}  // namespace brobygger::tests
