#include "core/host/options.h"

#include <catch2/catch.hpp>

namespace brobygger::host {
namespace {

std::string Parse(std::vector<std::string> words, Options& options) {
  words.insert(words.begin(), "brobygger-plugin-host");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  return ParseOptions(static_cast<int>(words.size()), argv.data(), options);
}

TEST_CASE("every option arrives", "[host]") {
  Options options;
  CHECK(Parse({"--connection", "c", "--socket", "/s", "--read-path", "/a", "--read-path", "/b",
               "--write-path", "/w", "--tcp-port", "5432", "--resolve-names", "--data-limit",
               "1000", "--cpu-limit", "9", "--plugin", "/p.so"},
              options)
            .empty());
  CHECK(options.read_paths == std::vector<std::string>{"/a", "/b"});
  CHECK(options.write_paths == std::vector<std::string>{"/w"});
  CHECK(options.tcp_ports == std::vector<std::uint16_t>{5432});
  CHECK(options.resolve_names);
  CHECK(options.data_limit_bytes == 1000);
  CHECK(options.cpu_limit_seconds == 9);
}

TEST_CASE("a program keeps its own options", "[host]") {
  Options options;
  CHECK(Parse({"--connection", "c", "--socket", "/s", "--exec", "/usr/bin/python3", "-u", "/x.py",
               "--y"},
              options)
            .empty());
  CHECK(options.program == std::vector<std::string>{"/usr/bin/python3", "-u", "/x.py", "--y"});
}

TEST_CASE("what will not do is told", "[host]") {
  const std::vector<std::string> words = GENERATE(
      std::vector<std::string>{}, std::vector<std::string>{"--socket", "/s", "--plugin", "/p"},
      std::vector<std::string>{"--connection", "c", "--plugin", "/p"},
      std::vector<std::string>{"--connection", "c", "--socket", "s", "--plugin", "/p"},
      std::vector<std::string>{"--connection", "c", "--socket", "/" + std::string(107, 'x'),
                               "--plugin", "/p"},
      std::vector<std::string>{"--connection", "c", "--socket", "/s"},
      std::vector<std::string>{"--connection", "c", "--socket", "/s", "--plugin", "p.so"},
      std::vector<std::string>{"--connection", "c", "--socket", "/s", "--plugin", "/p",
                               "--tcp-port", "65536"},
      std::vector<std::string>{"--connection", "c", "--socket", "/s", "--plugin", "/p",
                               "--data-limit", "-1"},
      std::vector<std::string>{"--connection", "c", "--socket", "/s", "--plugin", "/p", "--what"},
      std::vector<std::string>{"--connection", "c", "--socket", "/s", "--plugin", "/p", "word"},
      std::vector<std::string>{"--connection", "c", "--socket", "/s", "--exec"},
      std::vector<std::string>{"--connection", "c", "--socket", "/s", "--exec", "python3"});
  CAPTURE(words);
  Options options;
  CHECK_FALSE(Parse(words, options).empty());
}

}  // namespace
}  // namespace brobygger::host
