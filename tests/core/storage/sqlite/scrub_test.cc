// What was taken away is gone from the store's files, too.
#include <filesystem>
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

#include "core/base/error.h"
#include "core/storage/sqlite/connection.h"
#include "core/storage/sqlite/sqlite_store.h"
#include "tests/support/temp_folder.h"

namespace brobygger::storage {
namespace {

using base::ReasonOf;

struct Scrubbed {
  support::TempFolder folder;
  const std::string path = (folder.path() / "registry.db").string();
  std::unique_ptr<Store> store;

  Scrubbed() {
    SqliteOptions options;
    options.path = path;
    auto opened = OpenSqliteStore(std::move(options));
    REQUIRE(opened.ok());
    store = *std::move(opened);
  }
  absl::StatusOr<Revision> Put(const std::string& key, const std::string& bytes) {
    return store->Write("tester", [&](Transaction& transaction) {
      return transaction.Put(Kind::kAssociation, key, bytes);
    });
  }
};

TEST_CASE("after a scrub nothing that was taken away is in any file", "[sqlite]") {
  Scrubbed here;
  const auto planted = [&](const std::string& text) {
    for (const auto& file : std::filesystem::directory_iterator(here.folder.path())) {
      std::ifstream stream(file.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
      if (bytes.find(text) != std::string::npos) return true;
    }
    return false;
  };
  const auto write = [&](const std::string& key, const std::string& bytes) {
    REQUIRE(here.store
                ->Write("tester",
                        [&](Transaction& transaction) {
                          return bytes.empty()
                                     ? transaction.Remove(Kind::kTouchpoint, key)
                                     : transaction.Put(Kind::kTouchpoint, key, bytes,
                                                       {{Index::kTouchpointByAssociation, bytes}});
                        })
                .ok());
  };
  // One that goes, one that is replaced by something shorter, and one of several pages.
  write("small", "planted-small");
  write("replaced", "planted-replaced");
  write("long", "planted-long" + std::string(20000, 'x'));
  for (int i = 0; i < 500; ++i) write(std::to_string(i), "stays " + std::to_string(i));
  REQUIRE(planted("planted-small"));
  REQUIRE(planted("planted-long"));
  write("small", "");
  write("replaced", "new");
  write("long", "");
  REQUIRE(here.store->Scrub().ok());
  CHECK_FALSE(planted("planted-"));
  CHECK(planted("stays 499"));
  // Not only the newest commit: the file itself is copied into and read from as before.
  write("small", "planted-again");
  CHECK(planted("planted-again"));
}

TEST_CASE("a scrub waits for its reader and says so", "[sqlite]") {
  Scrubbed here;
  REQUIRE(here.Put("a", "1").ok());
  const auto reader = Connection::Open({.path = here.path, .vfs = "", .cache_kib = 100});
  REQUIRE(reader.ok());
  REQUIRE((*reader)->Execute("BEGIN; SELECT count(*) FROM sqlite_master").ok());
  REQUIRE(here.Put("a", "2").ok());
  CHECK(ReasonOf(here.store->Scrub()) == errors::v1::ERROR_REASON_STORAGE_BUSY);
  REQUIRE((*reader)->Execute("COMMIT").ok());
  CHECK(here.store->Scrub().ok());
  const auto kept = (*here.store->Latest())->Find(Kind::kAssociation, "a");
  CHECK(**kept == "2");
}

}  // namespace
}  // namespace brobygger::storage
