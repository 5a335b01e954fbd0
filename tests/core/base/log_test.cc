#include "core/base/log.h"

#include <string>
#include <type_traits>

#include <catch2/catch.hpp>

#include "tests/support/captured_log.h"

namespace brobygger::base {
namespace {

using support::CapturedLog;

TEST_CASE("a log value has no way in for text that may hold a name", "[log]") {
  STATIC_REQUIRE_FALSE(std::is_convertible_v<std::string, LogValue>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<LogValue, std::string>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<LogValue, const char*>);
  STATIC_REQUIRE(std::is_convertible_v<int, LogValue>);
  STATIC_REQUIRE(std::is_convertible_v<AssociationId, LogValue>);
}

TEST_CASE("a log line is time, level, event and fields", "[log]") {
  const std::string line = CapturedLog([] {
    LogWarning("record_kept_aside", {{"connection", ConnectionId("grants")}, {"records", 3}});
  });
  CAPTURE(line);
  CHECK(line.substr(10, 1) == "T");
  CHECK(line.find("Z warning record_kept_aside connection=grants records=3\n") !=
        std::string::npos);
}

TEST_CASE("text from outside cannot start a line of its own", "[log]") {
  const std::string line = CapturedLog([] {
    LogInfo("plugin_said", {{"text", LogValue::Vetted("one\n2026-01-01T00:00:00Z error forged")}});
  });
  CAPTURE(line);
  CHECK(line.find("text=\"one 2026-01-01T00:00:00Z error forged\"") != std::string::npos);
  CHECK(line.find('\n') == line.size() - 1);
}

TEST_CASE("the level decides which lines are written", "[log]") {
  REQUIRE(SetLogLevel("error"));
  CHECK(CapturedLog([] { LogInfo("quiet", {}); }).empty());
  CHECK_FALSE(CapturedLog([] { LogError("loud", {}); }).empty());
  REQUIRE(SetLogLevel("info"));
  CHECK_FALSE(CapturedLog([] { LogInfo("loud", {}); }).empty());
}

TEST_CASE("an unknown level is refused and changes nothing", "[log]") {
  CHECK_FALSE(SetLogLevel("chatty"));
  CHECK_FALSE(CapturedLog([] { LogInfo("loud", {}); }).empty());
}

}  // namespace
}  // namespace brobygger::base
