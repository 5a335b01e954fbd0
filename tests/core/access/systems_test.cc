#include "core/access/systems.h"

#include <fstream>
#include <iterator>

#include <absl/strings/escaping.h>
#include <absl/strings/match.h>
#include <catch2/catch.hpp>

namespace brobygger::access {
namespace {

std::string Digest(char digit) { return std::string(64, digit); }

std::string Text(const std::string& certificates, const std::string& more = "") {
  return "[[system]]\nname = \"grants\"\nmunicipality = \"0998\"\nroles = [\"system\"]\n"
         "certificates = [" +
         certificates + "]\n" + more;
}

std::string Quoted(char digit) { return "\"" + Digest(digit) + "\""; }

std::string Trouble(const std::string& text) {
  return std::string(Systems::Parse(text, "systems.toml").status().message());
}

}  // namespace

TEST_CASE("a system is found by either of its certificates, however they are written") {
  std::string colons;
  for (int i = 0; i < 32; ++i) colons += colons.empty() ? "AB" : ":AB";
  const auto systems =
      Systems::Parse(Text(Quoted('1') + ", \"" + colons + "\"", "department = \"d-1\"\n"), "f");
  REQUIRE(systems.ok());
  const System* const found = systems->Find(std::string(32, '\x11'));
  REQUIRE(found != nullptr);
  CHECK(found->name == "grants");
  CHECK(found->municipality_code == "0998");
  CHECK(found->department_id == "d-1");
  CHECK(found->roles == std::vector<std::string>{"system"});
  CHECK(systems->Find(std::string(32, '\xab')) == found);
  CHECK(systems->Find(std::string(32, '\x12')) == nullptr);
  CHECK(systems->Find("") == nullptr);
}

TEST_CASE("a file of no systems is one, and the example can be read") {
  CHECK(Systems::Parse("", "f").ok());
  CHECK(Systems().Find(std::string(32, '\0')) == nullptr);
  std::ifstream file(BB_EXAMPLE_SYSTEMS);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto systems = Systems::Parse(text, "systems.example.toml");
  INFO(systems.status().ToString());
  REQUIRE(systems.ok());
  // SHA-256 of nothing, which no certificate has.
  CHECK(systems->Find(absl::HexStringToBytes(
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")) != nullptr);
}

TEST_CASE("a mistake is told with its line") {
  CHECK(Trouble("[[system]\n").starts_with("systems.toml:1: "));
  CHECK(Trouble("x = 1\n") == "systems.toml:1: there is no key 'x' here");
  CHECK(Trouble("[system]\nname = \"x\"\n") == "systems.toml:1: write [[system]], in two brackets");
  CHECK(Trouble("[[system]]\nname = \"Åse\"\n").starts_with("systems.toml:1: name must be"));
  CHECK(Trouble(Text("")) ==
        "systems.toml:5: a system has one certificate, or two while the next one is rolled out");
  CHECK(Trouble(Text(Quoted('1') + "," + Quoted('2') + "," + Quoted('3')))
            .starts_with("systems.toml:5: a system has one"));
  CHECK(Trouble(Text("\"" + Digest('1').substr(1) + "\""))
            .starts_with("systems.toml:5: a certificate is given by its SHA-256"));
  CHECK(Trouble(Text("\"" + Digest('x') + "\"")).starts_with("systems.toml:5: a certificate is"));
  CHECK(Trouble(Text("1")).starts_with("systems.toml:5: certificates must be a list of texts"));
  CHECK(Trouble(Text(Quoted('1'), "rolls = []\n")) ==
        "systems.toml:6: there is no key 'rolls' here");
  const std::string twice = Text(Quoted('1')) + Text(Quoted('2'));
  CHECK(Trouble(twice) == "systems.toml:6: the system 'grants' stands here twice");
  CHECK(Trouble(Text(Quoted('1') + "," + Quoted('1'))) ==
        "systems.toml:1: a certificate of 'grants' stands here twice");
  const std::string certificates = "certificates = [" + Quoted('1') + "]\n";
  CHECK(Trouble("[[system]]\nname = \"x\"\nmunicipality = \"0998\"\n" + certificates)
            .starts_with("systems.toml:1: a system needs a role"));
  CHECK(Trouble("[[system]]\nname = \"x\"\nroles = [\"system\"]\nmunicipality = \"Horsens\"\n" +
                certificates)
            .starts_with("systems.toml:4: municipality must be"));
}

}  // namespace brobygger::access
