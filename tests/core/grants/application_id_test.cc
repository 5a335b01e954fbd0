#include "core/grants/application_id.h"

#include <catch2/catch.hpp>

#include "core/base/id.h"

namespace brobygger::grants {
namespace {

TEST_CASE("the same record of the same connection always gets the same id") {
  CHECK(base::IsUuid(ApplicationId("tilskud", "5001")));
  CHECK(ApplicationId("tilskud", "5001") == ApplicationId("tilskud", "5001"));
  CHECK(ApplicationId("tilskud", "5001") != ApplicationId("tilskud", "5002"));
  CHECK(ApplicationId("tilskud", "5001") != ApplicationId("social", "5001"));
}

TEST_CASE("stored ids stay what they are in later versions") {
  CHECK(ApplicationId("tilskud", "5001") == "54dc2729-8fd2-5ea5-840b-d48214c3a9f4");
}

TEST_CASE("a person may mean an application by its connection and the key there") {
  CHECK(MeantId("tilskud/5001") == ApplicationId("tilskud", "5001"));
  CHECK(MeantId("tilskud/a/b") == ApplicationId("tilskud", "a/b"));
  CHECK(MeantId(ApplicationId("tilskud", "5001")) == ApplicationId("tilskud", "5001"));
}

TEST_CASE("the id is a name-based UUID of version 5") {
  const std::string id = ApplicationId("tilskud", "5001");
  CHECK(id[14] == '5');
  CHECK(std::string("89ab").find(id[19]) != std::string::npos);
}

}  // namespace
}  // namespace brobygger::grants
