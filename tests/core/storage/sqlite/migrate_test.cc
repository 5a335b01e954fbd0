#include "core/storage/sqlite/migrate.h"

#include <catch2/catch.hpp>

#include "core/base/error.h"
#include "tests/support/temp_folder.h"

namespace brobygger::storage {
namespace {

const std::vector<Migration>& Two() {
  static const std::vector<Migration> kTwo = {
      {1, "CREATE TABLE t (x); INSERT INTO t VALUES (1);"},
      {2, "ALTER TABLE t ADD COLUMN y; UPDATE t SET y = x + 1;"},
  };
  return kTwo;
}

struct MigrateFixture {
  std::int64_t Number(const std::string& sql) const { return *connection->Number(sql); }

  support::TempFolder folder;
  const std::unique_ptr<Connection> connection = *Connection::Open(
      {.path = (folder.path() / "test.db").string(), .vfs = "", .cache_kib = 100});
};

TEST_CASE_METHOD(MigrateFixture, "a fresh file gets every migration in order", "[sqlite]") {
  REQUIRE(Migrate(*connection, Two()).ok());
  CHECK(Number("SELECT y FROM t") == 2);
  CHECK(Number("PRAGMA user_version") == 2);
  CHECK(Number("PRAGMA application_id") == 0x42726F62);
}

TEST_CASE_METHOD(MigrateFixture, "a file of an older program gets the missing ones", "[sqlite]") {
  REQUIRE(Migrate(*connection, {Two().front()}).ok());
  REQUIRE(connection->Execute("UPDATE t SET x = 10").ok());
  REQUIRE(Migrate(*connection, Two()).ok());
  CHECK(Number("SELECT y FROM t") == 11);
  REQUIRE(Migrate(*connection, Two()).ok());
  CHECK(Number("SELECT count(*) FROM t") == 1);
}

TEST_CASE_METHOD(MigrateFixture, "a migration that fails changes nothing", "[sqlite]") {
  REQUIRE(Migrate(*connection, {Two().front()}).ok());
  std::vector<Migration> broken = Two();
  broken.push_back({3, "INSERT INTO nowhere VALUES (1);"});
  CHECK(!Migrate(*connection, broken).ok());
  CHECK(Number("PRAGMA user_version") == 1);
  CHECK(!connection->Execute("SELECT y FROM t").ok());
  CHECK(Migrate(*connection, Two()).ok());
}

TEST_CASE("the program's migrations are numbered from one without gaps", "[sqlite]") {
  int expected = 1;
  for (const Migration& migration : Migrations()) CHECK(migration.number == expected++);
  CHECK(!Migrations().empty());
}

}  // namespace
}  // namespace brobygger::storage
