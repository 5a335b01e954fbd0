#include "core/base/id.h"

#include <set>
#include <thread>
#include <vector>

#include <absl/synchronization/mutex.h>
#include <catch2/catch.hpp>

namespace brobygger::base {
namespace {

TEST_CASE("a new id is a UUID of version 4", "[id]") {
  for (int i = 0; i < 1000; ++i) {
    const std::string id = MakeUuid();
    CAPTURE(id);
    REQUIRE(IsUuid(id));
    REQUIRE(id[14] == '4');
    REQUIRE(std::string("89ab").find(id[19]) != std::string::npos);
  }
}

TEST_CASE("ids made by many threads at once are all different", "[id]") {
  constexpr int kThreads = 4;
  constexpr int kEach = 5000;
  absl::Mutex mutex;
  std::set<std::string> ids;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&] {
        std::vector<std::string> mine;
        for (int i = 0; i < kEach; ++i) mine.push_back(MakeUuid());
        absl::MutexLock lock(&mutex);
        ids.insert(mine.begin(), mine.end());
      });
    }
  }
  CHECK(ids.size() == kThreads * kEach);
}

TEST_CASE("text that is not exactly a lower-case UUID is none", "[id]") {
  CHECK(IsUuid("0f8fad5b-d9cb-469f-a165-70867728950e"));
  CHECK_FALSE(IsUuid(""));
  CHECK_FALSE(IsUuid("0f8fad5b-d9cb-469f-a165-70867728950"));
  CHECK_FALSE(IsUuid("0f8fad5b-d9cb-469f-a165-70867728950e1"));
  CHECK_FALSE(IsUuid("0F8FAD5B-D9CB-469F-A165-70867728950E"));
  CHECK_FALSE(IsUuid("0f8fad5bd-9cb-469f-a165-70867728950e"));
  CHECK_FALSE(IsUuid("0f8fad5b-d9cb-469f-a165-70867728950g"));
}

TEST_CASE("ids of one kind compare by their text", "[id]") {
  CHECK(AssociationId("a") == AssociationId("a"));
  CHECK(AssociationId("a") < AssociationId("b"));
  CHECK(AssociationId().empty());
  STATIC_REQUIRE_FALSE(std::is_convertible_v<AssociationId, RelationId>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<std::string, AssociationId>);
}

}  // namespace
}  // namespace brobygger::base
