// Files fetched by HTTPS from a server with an authority of its own, and by SFTP from a real sshd.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "plugins/common/transfer.h"
#include "tests/core/host/host_process.h"
#include "tests/support/server_process.h"

namespace brobygger::tests {
namespace {

using Json = nlohmann::json;
using plugin::v1::Diagnostic;
using Secrets = std::map<std::string, std::string>;
namespace fs = std::filesystem;

constexpr char kList[] = "Nr;Navn\n1;Et\n2;To\n3;Tre\n";

std::string Load(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// A folder with the server's files, the server, and a host with the plugin that may reach it.
struct Fixture {
  TempFolder folder;
  std::unique_ptr<support::ServerProcess> server;
  std::unique_ptr<HostProcess> host;
  Json config;
  Secrets secrets;

  explicit Fixture(const std::vector<std::string>& words) {
    fs::create_directory(folder.path() + "/files");
    folder.Write("files/liste.csv", kList);
    std::vector<std::string> all = {words[0], folder.path()};
    all.insert(all.end(), words.begin() + 1, words.end());
    server = std::make_unique<support::ServerProcess>(all);
    const std::string port = std::to_string(server->port());
    // The file's own folder is out of reach: it comes over the line or not at all.
    host = std::make_unique<HostProcess>(
        std::vector<std::string>{"--tcp-port", port, "--read-path", folder.path() + "/ca.pem",
                                 "--plugin", PluginFile("files.csv")});
    config = {{"id_column", "Nr"}, {"stable_for_ms", 0}, {"columns", {{"Navn", "name"}}}};
  }

  void GoWrong(const std::string& fault) const { folder.Write("fault", fault); }
  ReadOutcome Read(const std::string& cursor = "") {
    const auto wrong = Configure(*host, config.dump(), secrets);
    INFO((wrong.empty() ? "" : wrong[0].ShortDebugString()));
    REQUIRE(wrong.empty());
    return ReadSnapshot(*host, cursor);
  }
  std::string Requests() const { return Load(folder.path() + "/requests"); }
};

struct Https : Fixture {
  Https() : Fixture({BB_FILE_SERVER}) {
    config["url"] = "https://127.0.0.1:" + std::to_string(server->port()) + "/udtraek/liste.csv";
    config["ca_file"] = folder.path() + "/ca.pem";
  }
};

struct Sftp : Fixture {
  Sftp() : Fixture({BB_SSH_SERVER}) {
    config["url"] =
        "sftp://127.0.0.1:" + std::to_string(server->port()) + folder.path() + "/files/liste.csv";
    config["user"] = Load(folder.path() + "/user");
    config["host_keys"] = {Load(folder.path() + "/host_key")};
    // As the hub hands it over: without the last line's end.
    std::string key = Load(folder.path() + "/client.key");
    key.pop_back();
    secrets["private_key"] = key;
  }
};

void CheckFailed(const ReadOutcome& read, const std::string& code) {
  CHECK_FALSE(read.status.ok());
  CHECK(read.diagnostic.code() == "files.csv." + code);
  CHECK(read.diagnostic.text().count("da") == 1);
  CHECK(read.diagnostic.text().count("en") == 1);
  CHECK(read.diagnostic.ShortDebugString().find("ZQ") == std::string::npos);
  CHECK(read.records.empty());
  CHECK(read.checkpoints.empty());
  CHECK(read.ends.empty());
}

TEST_CASE("a file is fetched by HTTPS, and anew only if it is another", "[remote]") {
  Https https;
  const ReadOutcome first = https.Read();
  INFO(first.diagnostic.ShortDebugString());
  REQUIRE(first.records.size() == 3);
  CHECK(first.records[0].place() == "liste.csv:2");
  const std::string cursor = first.checkpoints.back().cursor();
  const ReadOutcome again = https.Read(cursor);
  REQUIRE(again.ends.size() == 1);
  CHECK(again.ends[0].unchanged());
  CHECK(https.Requests().find("/udtraek/liste.csv \"") != std::string::npos);

  SECTION("another text is another file") {
    https.folder.Write("files/liste.csv", "Nr;Navn\n1;Et\n");
    CHECK(https.Read(cursor).records.size() == 1);
  }
  SECTION("another configuration asks for all of it") {
    https.config["columns"]["Nr"] = "number";
    CHECK(https.Read(cursor).records.size() == 3);
  }
  SECTION("a server without ETags is compared by what it gives") {
    https.GoWrong("no-etag");
    const std::string plain = https.Read().checkpoints.back().cursor();
    CHECK(https.Read(plain).ends.at(0).unchanged());
  }
  SECTION("a cursor that would be two headers is none") {
    const ReadOutcome wild = https.Read(cursor.substr(0, cursor.rfind(';')) + ";\"x\r\nX-Y: z\"");
    CHECK(wild.records.size() == 3);
    CHECK(https.Requests().find("X-Y") == std::string::npos);
  }
}

TEST_CASE("a workbook is fetched like a CSV file", "[remote]") {
  Https https;
  const std::string file = https.folder.path() + "/files/liste.xlsx";
  // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread here
  REQUIRE(std::system(("/usr/bin/python3 -I " BB_MAKE_BOOK " good " + file).c_str()) == 0);
  https.config["url"] = "https://127.0.0.1:" + std::to_string(https.server->port()) + "/liste.xlsx";
  CHECK(https.Read().records.size() == 4);
}

TEST_CASE("part of a file is never taken for the file", "[remote]") {
  Https https;
  https.GoWrong("cut");
  CheckFailed(https.Read(), "cut");
  https.GoWrong("drip");
  https.config["timeout_seconds"] = 1;
  CheckFailed(https.Read(), "too_slow");
}

TEST_CASE("what is no file is named", "[remote]") {
  const auto [fault, code] = GENERATE(table<std::string, std::string>({
      {"status 401", "login"},
      {"status 404", "not_found"},
      {"status 500", "server_failed"},
      {"status 429", "busy"},
      {"status 206", "server_failed"},
      {"html", "web_page"},
      {"huge", "too_large"},
  }));
  CAPTURE(fault);
  Https https;
  https.GoWrong(fault);
  CheckFailed(https.Read(), code);
}

TEST_CASE("a server nobody vouches for is told nothing", "[remote]") {
  Https https;
  https.config.erase("ca_file");
  https.config["user"] = "hub";
  https.secrets["password"] = "canary";
  CheckFailed(https.Read(), "tls");
  CHECK(https.Requests().empty());
}

TEST_CASE("a password goes to its own server, and not where that leads", "[remote]") {
  Https https;
  Https other;
  https.folder.Write("login", "hub:hemmelig");
  CheckFailed(https.Read(), "login");
  https.config["user"] = "hub";
  https.secrets["password"] = "hemmelig";
  CHECK(https.Read().records.size() == 3);

  SECTION("to another path there") {
    https.GoWrong("redirect https://127.0.0.1:" + std::to_string(https.server->port()) +
                  "/andet/liste.csv");
    CHECK(https.Read().records.size() == 3);
  }
  SECTION("and nowhere without TLS") {
    https.GoWrong("redirect http://127.0.0.1:" + std::to_string(other.server->port()) +
                  "/andet/liste.csv");
    CheckFailed(https.Read(), "redirected");
  }
  SECTION("and not round and round") {
    https.GoWrong("redirect " + https.config["url"].get<std::string>());
    CheckFailed(https.Read(), "redirected");
  }
}

TEST_CASE("where a redirect leads elsewhere, no password goes", "[remote]") {
  Https https;
  TempFolder folder;
  fs::create_directory(folder.path() + "/files");
  folder.Write("files/liste.csv", kList);
  // The same authority for both, so that the other is trusted.
  support::ServerProcess other({BB_FILE_SERVER, folder.path()});
  folder.Write("both.pem", Load(folder.path() + "/ca.pem") + Load(https.folder.path() + "/ca.pem"));
  https.host = std::make_unique<HostProcess>(
      std::vector<std::string>{"--tcp-port", std::to_string(https.server->port()), "--tcp-port",
                               std::to_string(other.port()), "--read-path",
                               folder.path() + "/both.pem", "--plugin", PluginFile("files.csv")});
  https.config["ca_file"] = folder.path() + "/both.pem";
  https.config["user"] = "hub";
  https.secrets["password"] = "hemmelig";
  https.GoWrong("redirect https://127.0.0.1:" + std::to_string(other.port()) + "/x/liste.csv");
  CHECK(https.Read().records.size() == 3);
  CHECK(Load(https.folder.path() + "/requests").find("Basic") != std::string::npos);
  CHECK(Load(folder.path() + "/requests") == "/x/liste.csv - -\n");
}

TEST_CASE("a port that the jail does not name is out of reach", "[remote]") {
  Https https;
  https.host = std::make_unique<HostProcess>(
      std::vector<std::string>{"--tcp-port", "1", "--read-path", https.folder.path() + "/ca.pem",
                               "--plugin", PluginFile("files.csv")});
  CheckFailed(https.Read(), "unreachable");
}

TEST_CASE("a file is fetched by SFTP with a key that is in no file", "[remote]") {
  Sftp sftp;
  const ReadOutcome first = sftp.Read();
  INFO(first.diagnostic.ShortDebugString());
  INFO(Load(sftp.folder.path() + "/log"));
  REQUIRE(first.records.size() == 3);
  CHECK(first.records[0].place() == "liste.csv:2");
  CHECK(sftp.Read(first.checkpoints.back().cursor()).ends.at(0).unchanged());
  sftp.folder.Write("files/liste.csv", "Nr;Navn\n1;Et\n");
  CHECK(sftp.Read(first.checkpoints.back().cursor()).records.size() == 1);
}

TEST_CASE("size and time of a file can be had without it", "[remote]") {
  Sftp sftp;
  common::Transfer transfer({.user = sftp.config["user"],
                             .private_key = sftp.secrets["private_key"],
                             .host_keys = sftp.config["host_keys"]});
  const auto wanted = [] { return absl::OkStatus(); };
  const auto about = [&] {
    auto outcome = transfer.Get({.url = sftp.config["url"], .only_about = true}, wanted);
    REQUIRE(outcome.ok());
    CHECK_FALSE(outcome->fault.has_value());
    CHECK(outcome->answer.body.empty());
    return outcome->answer;
  };
  const auto before = about();
  CHECK(before.size == static_cast<std::int64_t>(std::string(kList).size()));
  REQUIRE(before.changed.has_value());
  CHECK(std::chrono::system_clock::now() - *before.changed < std::chrono::minutes(1));
  sftp.folder.Write("files/liste.csv", "Nr;Navn\n");
  CHECK(about().size == 8);
}

TEST_CASE("a server with another key than the pinned is told nothing", "[remote]") {
  Sftp sftp;
  const std::string real = sftp.config["host_keys"][0];
  sftp.config["host_keys"] = {"SHA256:" + std::string(43, 'A')};
  const ReadOutcome read = sftp.Read();
  CheckFailed(read, "host_key");
  // Who must look into it is told which key there is.
  CHECK(read.diagnostic.detail().find(real) != std::string::npos);
  CHECK(Load(sftp.folder.path() + "/log").find("Accepted") == std::string::npos);
  // A server may have several, of which one is chosen.
  sftp.config["host_keys"] = {"SHA256:" + std::string(43, 'A'), real};
  CHECK(sftp.Read().records.size() == 3);
}

TEST_CASE("a wrong key, no key and no file are told apart", "[remote]") {
  Sftp sftp;
  SECTION("a key that may not log in") {
    sftp.secrets["private_key"] = Load(sftp.folder.path() + "/other.key");
    CheckFailed(sftp.Read(), "login");
  }
  SECTION("a text that is no key") {
    sftp.secrets["private_key"] = "ikke en nøgle";
    CheckFailed(sftp.Read(), "login");
  }
  SECTION("no key") {
    sftp.secrets.clear();
    CheckFailed(sftp.Read(), "login");
  }
  SECTION("no file") {
    sftp.config["url"] = sftp.config["url"].get<std::string>() + ".gone";
    CheckFailed(sftp.Read(), "not_found");
  }
}

TEST_CASE("a file that is still being put there is waited for", "[remote]") {
  Sftp sftp;
  sftp.config["stable_for_ms"] = 1500;
  sftp.folder.Write("files/liste.csv", "Nr;Navn\n1;Et\n");
  std::thread writer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(700));
    std::ofstream(sftp.folder.path() + "/files/liste.csv", std::ios::app) << "2;To\n";
  });
  const ReadOutcome read = sftp.Read();
  writer.join();
  INFO(read.diagnostic.ShortDebugString());
  CHECK(read.records.size() == 2);
  CHECK_FALSE(read.heartbeats.empty());
}

TEST_CASE("an address that will not do names the key", "[remote]") {
  const auto [change, path] = GENERATE(table<std::string, std::string>({
      {R"({"path": "/a.csv"})", "path"},
      {R"({"url": "ftp://x.example/a.csv"})", "url"},
      {R"({"url": "https://u:p@x.example/a.csv"})", "url"},
      {R"({"url": "http://x.example/a.csv"})", "url"},
      {R"({"url": "sftp://x.example/a.csv"})", "user"},
      {R"({"url": "sftp://x.example/a.csv", "user": "hub"})", "host_keys"},
      {R"({"url": "sftp://x.example/a.csv", "user": "hub", "host_keys": ["MD5:1"]})", "host_keys"},
      {R"({"timeout_seconds": 700})", "timeout_seconds"},
      {R"({"ca_file": "ca.pem"})", "ca_file"},
      {R"({"format": "xls"})", "format"},
  }));
  CAPTURE(change);
  HostProcess host({"--plugin", PluginFile("files.csv")});
  Json config = {
      {"url", "https://x.example/a.csv"}, {"id_column", "Nr"}, {"columns", {{"Navn", "name"}}}};
  config.merge_patch(Json::parse(change));
  const auto wrong = Configure(host, config.dump());
  REQUIRE(wrong.size() == 1);
  CHECK(wrong[0].class_() == Diagnostic::CLASS_CONFIG);
  CHECK(wrong[0].path() == path);
}

}  // namespace
}  // namespace brobygger::tests
