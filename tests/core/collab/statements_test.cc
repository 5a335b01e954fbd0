#include "core/collab/statements.h"

#include <catch2/catch.hpp>

#include "core/collab/data.h"

namespace brobygger::collab {
namespace {

std::string Message(const std::string& file) {
  return std::string(ParseStatements(file).status().message());
}

}  // namespace

TEST_CASE("the shipped statements are good, and ask about every topic", "[collab]") {
  const auto parsed = ParseStatements(kStatementsCsv);
  INFO(parsed.status());
  REQUIRE(parsed.ok());
  CHECK(ShippedStatements().all.size() == parsed->all.size());
  CHECK(parsed->all.size() >= 12);
}

TEST_CASE("a file as Notepad saves it is the same file", "[collab]") {
  std::string saved = "\xEF\xBB\xBF";
  for (const char sign : kStatementsCsv) {
    if (sign == '\n') saved += '\r';
    saved += sign;
  }
  const auto parsed = ParseStatements(saved);
  INFO(parsed.status());
  REQUIRE(parsed.ok());
  CHECK(parsed->version == ShippedStatements().version);
  CHECK(parsed->all.front().SerializeAsString() ==
        ShippedStatements().all.front().SerializeAsString());
}

TEST_CASE("a file with a mistake is refused by its line", "[collab]") {
  const std::string good(kStatementsCsv);
  CHECK(Message("version|1\nroles-1|ROLES|Vi ved det.\n") ==
        "line 2: wants an id, a topic, a Danish and an English text");
  CHECK(Message("version|1\nroles-1|ROLE|a|b\n") == "line 2: 'ROLE' is no topic");
  CHECK(Message("version|1\nroles-1|ROLES||b\n") == "line 2: has an empty part");
  CHECK(Message("version|1\nroles-1|ROLES|a|b\nroles-1|TASKS|a|b\n") ==
        "line 3: 'roles-1' is there twice");
  CHECK(Message("version|1\nroles-1|ROLES|F\xF8lles|b\n") ==
        "line 2: is not UTF-8; save the file as UTF-8");
  CHECK(Message("version|F\xF8lles\n") == "line 1: is not UTF-8; save the file as UTF-8");
  CHECK(Message("roles-1|ROLES|a|b\n").find("wants a version") != std::string::npos);
  CHECK(Message("version|1\nroles-1|ROLES|a|b\n").find("no statement is about") !=
        std::string::npos);
}

}  // namespace brobygger::collab
