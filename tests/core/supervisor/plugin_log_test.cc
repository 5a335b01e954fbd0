#include "core/supervisor/plugin_log.h"

#include <vector>

#include <catch2/catch.hpp>

namespace brobygger::supervisor {
namespace {

using std::chrono::seconds;

struct Lines {
  LineSink Sink() {
    return [this](LogLevel, const char* origin, const std::string& text) {
      texts.push_back(std::string(origin) + " " + text);
    };
  }
  std::vector<std::string> texts;
};

const PluginLog::SteadyTime kLogStart = PluginLog::SteadyTime(std::chrono::hours(1));

TEST_CASE("a flood is cut to 200 lines a second, and the rest is counted and told") {
  Lines lines;
  PluginLog log(Redactor({}), lines.Sink());
  for (int i = 0; i < 1000; ++i) log.Write(LogLevel::kInfo, "stderr", "flood", kLogStart);
  CHECK(lines.texts.size() == 200);
  CHECK(log.dropped() == 800);
  log.CountDropped(5);
  log.Write(LogLevel::kInfo, "stderr", "later", kLogStart + seconds(1));
  REQUIRE(lines.texts.size() == 202);
  CHECK(lines.texts[200] == "log 805 lines were dropped");
  CHECK(lines.texts[201] == "stderr later");
}

TEST_CASE("a line is redacted before it is cut") {
  Lines lines;
  PluginLog log(Redactor({"canary-secret"}), lines.Sink());
  log.Write(LogLevel::kInfo, "stderr", std::string(4090, '.') + "canary-secret", kLogStart);
  CHECK(lines.texts[0].find("canary") == std::string::npos);
  CHECK(lines.texts[0].size() < 4200);
}

TEST_CASE("bytes become lines wherever they are cut") {
  std::vector<std::string> lines;
  LineSplitter splitter([&](const std::string& line) { lines.push_back(line); });
  const std::string text = "one\n\ntwo\nthr";
  for (const char c : text) splitter.Feed(&c, 1);
  splitter.Feed("ee\nfour", 7);
  CHECK(lines == std::vector<std::string>{"one", "", "two", "three"});
  splitter.Finish();
  CHECK(lines.back() == "four");
}

TEST_CASE("a line without an end takes no memory") {
  std::vector<std::string> lines;
  LineSplitter splitter([&](const std::string& line) { lines.push_back(line); });
  const std::string block(1 << 20, 'x');
  for (int i = 0; i < 10; ++i) splitter.Feed(block.data(), block.size());
  splitter.Feed("\nnext\n", 6);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].size() == 8 << 10);
  CHECK(lines[1] == "next");
}

}  // namespace
}  // namespace brobygger::supervisor
