#include "core/cli/connection_file.h"

#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace brobygger::cli {
namespace {

constexpr char kShortest[] = "id = \"a\"\ntitle = \"A\"\nplugin = \"files.csv\"\n";

std::string ErrorOf(const std::string& more) {
  const auto connection = ParseConnection(std::string(kShortest) + more, "conn.toml");
  return connection.ok() ? "" : std::string(connection.status().message());
}

TEST_CASE("a whole connection is read") {
  const auto connection = ParseConnection(std::string(kShortest) + R"(
family = "grants"
every = "10m"
calls_per_minute = 30
enabled = false
owned_paths = ["name", "purpose.da"]
default_municipality_code = "0615"
config = { table = "ansoeger", limit = 5, deep = { list = [1, "x"], day = 2026-11-23 } }
secrets = { password = "credential:tilskud" }
jail = { read_paths = ["/srv/x"], tcp_ports = [5432], resolve_names = true }
mapping = [{ source = "status", target = "status", values = { aktiv = "ACTIVE" } }]
)",
                                          "conn.toml");
  REQUIRE(connection.ok());
  CHECK(connection->family() == sync::v1::Connection::FAMILY_GRANTS);
  CHECK(connection->every().seconds() == 600);
  CHECK(connection->calls_per_minute() == 30);
  CHECK(connection->disabled());
  CHECK(connection->owned_paths(0) == "official_name");
  CHECK(connection->secret_references().at("password") == "credential:tilskud");
  CHECK(connection->jail().tcp_ports(0) == 5432);
  CHECK(connection->mappings(0).values().at("aktiv") == "ACTIVE");
  const auto config = nlohmann::json::parse(connection->config_json());
  CHECK(config["deep"]["day"] == "2026-11-23");
  CHECK(config["deep"]["list"][1] == "x");
  CHECK(config["limit"] == 5);
}

TEST_CASE("an error names file, line and key") {
  CHECK(ErrorOf("titel = \"x\"\n").starts_with("conn.toml:4: titel: there is no such key"));
  CHECK(ErrorOf("every = \"soon\"\n").starts_with("conn.toml:4: every: "));
  CHECK(ErrorOf("family = 3\n").starts_with("conn.toml:4: family: must be text"));
  CHECK(ErrorOf("\n[jail]\nread_paths = [\"x\"]\n").starts_with("conn.toml:6: jail.read_paths: "));
  CHECK(
      ErrorOf("[jail]\nport = [1]\n").starts_with("conn.toml:5: jail.port: there is no such key"));
  CHECK(ErrorOf("[[mapping]]\nsource = \"a\"\n").starts_with("conn.toml:4: mapping: needs both"));
  CHECK(ErrorOf("x = \n").starts_with("conn.toml:4: "));
}

TEST_CASE("a secret itself is refused without being repeated") {
  const std::string error = ErrorOf("[secrets]\npassword = \"hunter2\"\n");
  CHECK(error.starts_with("conn.toml:5: secrets.password: "));
  CHECK(error.find("hunter2") == std::string::npos);
}

TEST_CASE("what a connection cannot be without is asked for") {
  const auto connection = ParseConnection("id = \"a\"\n", "conn.toml");
  CHECK(std::string(connection.status().message()) == "conn.toml: the key title is missing.");
}

TEST_CASE("the documented example is a connection") {
  std::ifstream file(BROBYGGER_SOURCE_DIR "/deploy/connection.example.toml");
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const auto connection = ParseConnection(text, "connection.example.toml");
  INFO(connection.status());
  REQUIRE(connection.ok());
  CHECK(connection->mappings_size() > 0);
  CHECK(connection->config_json().size() > 2);
  CHECK(connection->responsible_email() == "tilskud@municipality.example");
}

}  // namespace
}  // namespace brobygger::cli
