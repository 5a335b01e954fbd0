#include "core/people/person_keys.h"

#include <fstream>

#include <catch2/catch.hpp>

#include "core/base/id.h"
#include "tests/support/temp_folder.h"

namespace brobygger::people {
namespace {

std::unique_ptr<PersonKeys> OpenIn(const support::TempFolder& folder,
                                   const std::string& master = "people.key") {
  PersonKeys::Options options;
  options.path = (folder.path() / "people.keys").string();
  options.master_key_path = (folder.path() / master).string();
  auto keys = PersonKeys::Open(options);
  INFO(keys.status());
  REQUIRE(keys.ok());
  return *std::move(keys);
}

TEST_CASE("a person's key is the same after a restart, and each has another") {
  const support::TempFolder folder;
  const std::vector<std::string> ids = {base::MakeUuid(), base::MakeUuid()};
  const auto made = OpenIn(folder)->Make(ids);
  REQUIRE(made.ok());
  CHECK((*made)[0] != (*made)[1]);
  const auto again = OpenIn(folder);
  CHECK(again->count() == 2);
  CHECK(again->Find(ids[0]) == (*made)[0]);
  CHECK(again->Find(ids[1]) == (*made)[1]);
  CHECK_FALSE(again->Find(base::MakeUuid()).has_value());
}

TEST_CASE("a destroyed key is zeros in the file, and stays away") {
  const support::TempFolder folder;
  const std::string id = base::MakeUuid();
  {
    const auto keys = OpenIn(folder);
    REQUIRE(keys->Make({id}).ok());
    REQUIRE(keys->Destroy(id).ok());
    CHECK_FALSE(keys->Find(id).has_value());
    CHECK(keys->Destroy(id).ok());
  }
  std::ifstream file(folder.path() / "people.keys", std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  CHECK(bytes.size() == 128);
  CHECK(bytes.find_first_not_of('\0') == std::string::npos);
  CHECK(OpenIn(folder)->count() == 0);
}

TEST_CASE("the file of keys opens nothing with another master key") {
  const support::TempFolder folder;
  const std::string id = base::MakeUuid();
  REQUIRE(OpenIn(folder)->Make({id}).ok());
  const auto other = OpenIn(folder, "other.key");
  CHECK_FALSE(other->Find(id).has_value());
  CHECK(other->Digest("a text") != OpenIn(folder)->Digest("a text"));
}

TEST_CASE("a master key that others may read is refused") {
  const support::TempFolder folder;
  OpenIn(folder);
  std::filesystem::permissions(folder.path() / "people.key", std::filesystem::perms(0640));
  PersonKeys::Options options;
  options.path = (folder.path() / "people.keys").string();
  options.master_key_path = (folder.path() / "people.key").string();
  CHECK_FALSE(PersonKeys::Open(options).ok());
}

}  // namespace
}  // namespace brobygger::people
