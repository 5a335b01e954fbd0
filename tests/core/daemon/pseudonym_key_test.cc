#include "core/daemon/pseudonym_key.h"

#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <unistd.h>

namespace brobygger::daemon {
namespace {

namespace fs = std::filesystem;

// A data folder that is gone when the test ends.
class DataFolder {
 public:
  DataFolder()
      : path_(fs::temp_directory_path() / ("hub-pseudonym-key-" + std::to_string(getpid()))) {
    fs::create_directory(path_);
  }
  ~DataFolder() { fs::remove_all(path_); }
  DataFolder(const DataFolder&) = delete;
  DataFolder& operator=(const DataFolder&) = delete;
  fs::path key() const { return path_ / "pseudonym.key"; }
  std::string string() const { return path_.string(); }

 private:
  const fs::path path_;
};

TEST_CASE("The pseudonym key is made once, for the hub's user alone") {
  const DataFolder folder;
  const auto made = PseudonymKey(folder.string());
  REQUIRE(made.ok());
  CHECK(made->size() == 64);
  CHECK(made->find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(fs::status(folder.key()).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  // Nothing half made is left beside it.
  CHECK(std::distance(fs::directory_iterator(folder.string()), fs::directory_iterator()) == 1);

  CHECK(*PseudonymKey(folder.string()) == *made);
  CHECK(*Secrets(folder.string())(std::string(sync::kPseudonymKeyReference)) == *made);
}

TEST_CASE("Two hubs have two pseudonym keys") {
  const DataFolder folder;
  const auto first = PseudonymKey(folder.string());
  REQUIRE(first.ok());
  fs::remove(folder.key());
  CHECK(*PseudonymKey(folder.string()) != *first);
}

TEST_CASE("A pseudonym key that is there is never replaced, even an empty one") {
  const DataFolder folder;
  std::ofstream(folder.key()).close();
  fs::permissions(folder.key(), fs::perms::owner_read | fs::perms::owner_write);
  const auto key = PseudonymKey(folder.string());
  CHECK_FALSE(key.ok());
  CHECK(fs::file_size(folder.key()) == 0);
}

TEST_CASE("Where no pseudonym key can be made, the error names the file") {
  const auto key = PseudonymKey("/proc/no-such-folder");
  REQUIRE_FALSE(key.ok());
  CHECK(std::string(key.status().message()).find("pseudonym.key cannot be made") !=
        std::string::npos);
}

}  // namespace
}  // namespace brobygger::daemon
