#include "core/daemon/config.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include <catch2/catch.hpp>
#include <unistd.h>

#include "core/daemon/mail_config.h"

namespace brobygger::daemon {
namespace {

// A configuration file that is gone when the test ends.
class ConfigFile {
 public:
  explicit ConfigFile(const std::string& text)
      : path_(std::filesystem::temp_directory_path() /
              ("hub-config-" + std::to_string(getpid()) + ".toml")) {
    std::ofstream(path_) << text;
  }
  ~ConfigFile() { std::filesystem::remove(path_); }
  ConfigFile(const ConfigFile&) = delete;
  ConfigFile& operator=(const ConfigFile&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::string ErrorOf(const std::string& text) {
  const ConfigFile file(text);
  const auto config = LoadConfig(file.path());
  REQUIRE_FALSE(config.ok());
  const std::string message(config.status().message());
  // What comes after the file's name: "2: the key ...".
  REQUIRE(message.rfind(file.path().string() + ":", 0) == 0);
  return message.substr(file.path().string().size() + 1);
}

TEST_CASE("the example holds every key with its default, and nothing else") {
  const auto example = LoadConfig(BB_EXAMPLE_CONFIG);
  REQUIRE(example.ok());
  const Config defaults;
  CHECK(example->data_dir == defaults.data_dir);
  CHECK(example->socket == defaults.socket);
  CHECK(example->group == defaults.group);
  CHECK(example->plugin_roots == defaults.plugin_roots);
  CHECK(example->calls_in_flight == defaults.calls_in_flight);
  CHECK(example->request_bytes == defaults.request_bytes);
  CHECK(example->stop_grace == defaults.stop_grace);
  CHECK(example->probe_interval == defaults.probe_interval);
  CHECK(example->sync_audit_every == defaults.sync_audit_every);
  CHECK(example->mail_server.empty());
  CHECK(example->mail_tls == defaults.mail_tls);
  CHECK(example->mail_language == defaults.mail_language);
  CHECK(example->mail_every == defaults.mail_every);
  CHECK(example->mail_settle == defaults.mail_settle);

  std::ifstream file(BB_EXAMPLE_CONFIG);
  std::string table;
  std::vector<std::string> keys;
  std::smatch match;
  for (std::string line; std::getline(file, line);) {
    if (std::regex_match(line, match, std::regex(R"(\[(\w+)\])"))) table = match[1];
    if (std::regex_search(line, match, std::regex(R"(^(\w+) =)"))) {
      keys.push_back(table + "." + match[1].str());
    }
  }
  auto known = ConfigKeys();
  std::sort(keys.begin(), keys.end());
  std::sort(known.begin(), known.end());
  CHECK(keys == known);
}

TEST_CASE("a file sets only the keys it holds") {
  const ConfigFile file(
      "[hub]\ndata_dir = '/srv/hub'\nplugin_roots = ['/a', '/b']\n"
      "[limits]\nstop_grace = '1500ms'\ncalls_in_flight = 7\n");
  const auto config = LoadConfig(file.path());
  REQUIRE(config.ok());
  CHECK(config->data_dir == "/srv/hub");
  CHECK(config->plugin_roots == std::vector<std::string>{"/a", "/b"});
  CHECK(config->stop_grace == std::chrono::milliseconds(1500));
  CHECK(config->calls_in_flight == 7);
  CHECK(config->socket == Config().socket);
}

TEST_CASE("a key that is not known is refused with its line") {
  CHECK(ErrorOf("[hub]\ndata_dir = '/x'\ndatadir = '/y'\n")
            .rfind("3: there is no key 'hub.datadir'", 0) == 0);
  CHECK(ErrorOf("\n[hubs]\n").rfind("2: there is no 'hubs' here", 0) == 0);
  CHECK(ErrorOf("socket = 'x'\n").rfind("1: there is no 'socket' here", 0) == 0);
}

TEST_CASE("a value of the wrong type or size is refused with its line and what it must be") {
  CHECK(ErrorOf("[hub]\nsocket = 3\n").rfind("2: the key 'hub.socket' must be text", 0) == 0);
  CHECK(ErrorOf("[hub]\nplugin_roots = 'x'\n").find("must be a list of texts") !=
        std::string::npos);
  CHECK(ErrorOf("[hub]\nplugin_roots = ['x', 1]\n").find("must be a list of texts") !=
        std::string::npos);
  CHECK(ErrorOf("[limits]\ncalls_in_flight = 0\n").find("a whole number from 1 to") !=
        std::string::npos);
  CHECK(ErrorOf("[limits]\ncalls_in_flight = 2.5\n").find("a whole number") != std::string::npos);
  CHECK(ErrorOf("[limits]\nstop_grace = '9s'\n").find("from 100ms to 8s") != std::string::npos);
  CHECK(ErrorOf("[web]\nbeyond_loopback = 'yes'\n").find("must be true or false") !=
        std::string::npos);
  CHECK(ErrorOf("[limits]\nstop_grace = 'soon'\n").find("a time in quotes") != std::string::npos);
}

TEST_CASE("mail settings that do not fit together are refused with their line") {
  const std::string good =
      "[mail]\nserver = 'smtp://mail.example:25'\nfrom = 'hub@mail.example'\n"
      "to = ['it@mail.example']\n";
  const ConfigFile file(good + "every = '168h'\n");
  const auto config = LoadConfig(file.path());
  REQUIRE(config.ok());
  const auto settings = MailSettings(*config);
  CHECK(settings.server == "smtp://mail.example:25");
  CHECK(settings.to == std::vector<std::string>{"it@mail.example"});
  CHECK(settings.every == std::chrono::hours(168));

  CHECK(ErrorOf(good + "tls = 'yes'\n").rfind("5: the key 'mail.tls' must be ", 0) == 0);
  CHECK(ErrorOf("\n[mail]\nserver = 'smtp://x'\n").rfind("2: the key 'mail.from'", 0) == 0);
  CHECK(ErrorOf("mail.server = 'smtp://x'\n").rfind("1: the key 'mail.from'", 0) == 0);
  const std::string password = ErrorOf(good + "user = 'hub'\npassword = 'hunter2'\n");
  CHECK(password.rfind("6: the key 'mail.password' must be ", 0) == 0);
  CHECK(password.find("hunter2") == std::string::npos);
}

TEST_CASE("a file that is not TOML is refused with its line") {
  CHECK(ErrorOf("[hub]\nsocket = \n").rfind("2: ", 0) == 0);
}

TEST_CASE("a missing file is refused with a way out") {
  const auto config = LoadConfig("/nonexistent/hub.toml");
  REQUIRE_FALSE(config.ok());
  const std::string message(config.status().message());
  CHECK(message.find("/nonexistent/hub.toml") != std::string::npos);
  CHECK(message.find("--config") != std::string::npos);
}

}  // namespace
}  // namespace brobygger::daemon
