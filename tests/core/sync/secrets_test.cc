#include "core/sync/secrets.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "core/base/error.h"
#include "core/base/id.h"

namespace brobygger::sync {
namespace {

class Folder {
 public:
  Folder() { std::filesystem::create_directory(path_); }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string Write(const std::string& name, const std::string& text, std::filesystem::perms mode) {
    const auto file = path_ / name;
    std::ofstream(file) << text;
    std::filesystem::permissions(file, mode);
    return file.string();
  }
  std::string path() const { return path_.string(); }

 private:
  const std::filesystem::path path_ = std::filesystem::temp_directory_path() / base::MakeUuid();
};

constexpr auto kPrivate = std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;

bool Refused(const std::string& reference) {
  return base::ReasonOf(ResolveSecret(reference).status()) ==
         errors::v1::ERROR_REASON_SECRET_UNREADABLE;
}

TEST_CASE("a private file is a secret, without the newline at its end") {
  Folder folder;
  CHECK(*ResolveSecret("file:" + folder.Write("s", "kodeord\n", kPrivate)) == "kodeord");
}

TEST_CASE("a secret that others can read is refused") {
  Folder folder;
  CHECK(Refused("file:" + folder.Write("s", "x", kPrivate | std::filesystem::perms::others_read)));
  CHECK(Refused("file:" + folder.Write("t", "x", kPrivate | std::filesystem::perms::group_read)));
}

TEST_CASE("what is no secret file is refused in words") {
  Folder folder;
  CHECK(Refused("file:" + folder.path()));
  CHECK(Refused("file:" + folder.path() + "/nothing"));
  CHECK(Refused("file:" + folder.Write("empty", "", kPrivate)));
  CHECK(Refused("file:" + folder.Write("large", std::string(70'000, 'x'), kPrivate)));
  CHECK(Refused("file:relative"));
  CHECK(Refused("kodeord"));
  const auto target = folder.Write("target", "x", kPrivate);
  std::filesystem::create_symlink(target, folder.path() + "/link");
  CHECK(Refused("file:" + folder.path() + "/link"));
}

TEST_CASE("a systemd credential is found by name") {
  Folder folder;
  folder.Write("db", "kodeord", kPrivate);
  setenv("CREDENTIALS_DIRECTORY", folder.path().c_str(), 1);
  CHECK(*ResolveSecret("credential:db") == "kodeord");
  CHECK(Refused("credential:../db"));
  unsetenv("CREDENTIALS_DIRECTORY");
  CHECK(Refused("credential:db"));
}

}  // namespace
}  // namespace brobygger::sync
