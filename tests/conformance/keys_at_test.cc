// Looking up the records at one value of an index.
#include <atomic>
#include <thread>

#include "tests/conformance/store_fixture.h"

namespace brobygger::conformance {
namespace {

// Whoever keeps in memory what stands where may do so for one and not for the other.
Index OneOf() { return GENERATE(Index::kMergeByAssociation, Index::kAssociationByName); }

std::string Keys(const absl::StatusOr<std::vector<std::string>>& keys) {
  if (!keys.ok()) return keys.status().ToString();
  std::string text;
  for (const std::string& key : *keys) text += (text.empty() ? "" : " ") + key;
  return text;
}

}  // namespace

TEST_CASE_METHOD(StoreFixture, "the records at one value are found, and no others", "[store]") {
  const Index index = OneOf();
  CHECK(Keys(Latest()->KeysAt(index, "lawan")).empty());
  Put(Kind::kDecision, "b", "1", {{index, "lawan"}, {index, "other"}});
  Put(Kind::kDecision, "a", "1", {{index, "lawan"}});
  Put(Kind::kDecision, "c", "1", {{index, "lawan kurdisk"}});
  CHECK(Keys(Latest()->KeysAt(index, "lawan")) == "a b");
  CHECK(Keys(Latest()->KeysAt(index, "other")) == "b");
  CHECK(Keys(Latest()->KeysAt(index, "law")).empty());
  CHECK(Keys(Latest()->KeysAt(Index::kRelationByAssociation, "lawan")).empty());
  if (store_case.survives_restart) Reopen();
  CHECK(Keys(Latest()->KeysAt(index, "lawan kurdisk")) == "c");
  Put(Kind::kDecision, "b", "2", {{index, "other"}});
  Remove(Kind::kDecision, "a");
  CHECK(Keys(Latest()->KeysAt(index, "lawan")).empty());
}

TEST_CASE_METHOD(StoreFixture, "a value's records are found as they were", "[store]") {
  const Index index = OneOf();
  const Revision before = Put(Kind::kRelation, "a", "1", {{index, "x"}});
  Put(Kind::kRelation, "a", "2", {{index, "y"}});
  Remove(Kind::kRelation, "a");
  const auto check = [&] {
    CHECK(Keys(At(before)->KeysAt(index, "x")) == "a");
    CHECK(Keys(At(before)->KeysAt(index, "y")).empty());
    CHECK(Keys(At(before + 1)->KeysAt(index, "x")).empty());
    CHECK(Keys(At(before + 1)->KeysAt(index, "y")) == "a");
    CHECK(Keys(Latest()->KeysAt(index, "y")).empty());
  };
  check();
  if (!store_case.survives_restart) return;
  Reopen();
  check();
}

TEST_CASE_METHOD(StoreFixture, "a write finds what it has placed itself", "[store]") {
  const Index index = OneOf();
  Put(Kind::kDecision, "a", "1", {{index, "x"}});
  const auto body = [&](Transaction& transaction) -> absl::Status {
    CHECK(Keys(transaction.KeysAt(index, "y")).empty());
    REQUIRE(transaction.Put(Kind::kDecision, "b", "1", {{index, "y"}}).ok());
    CHECK(Keys(transaction.KeysAt(index, "y")) == "b");
    REQUIRE(transaction.Remove(Kind::kDecision, "a").ok());
    CHECK(Keys(transaction.KeysAt(index, "x")).empty());
    return absl::OkStatus();
  };
  REQUIRE(store->Write("tester", body).ok());
}

TEST_CASE_METHOD(StoreFixture, "more records than a page stand at one value", "[store]") {
  constexpr int kMany = 1203;
  const auto body = [&](Transaction& transaction) -> absl::Status {
    for (int i = 0; i < kMany; ++i) {
      const absl::Status put = transaction.Put(Kind::kDecision, std::to_string(10'000 + i), "1",
                                               {{Index::kMergeByAssociation, "x"}});
      if (!put.ok()) return put;
    }
    return absl::OkStatus();
  };
  REQUIRE(store->Write("tester", body).ok());
  const auto keys = Latest()->KeysAt(Index::kMergeByAssociation, "x");
  REQUIRE(keys->size() == kMany);
  CHECK(keys->front() == "10000");
  CHECK(keys->back() == "11202");
}

TEST_CASE_METHOD(StoreFixture, "a record that moves stands at one value at a time", "[store]") {
  const Index index = OneOf();
  constexpr int kMoves = 400;
  Put(Kind::kRelation, "a", "1", {{index, "even"}});
  std::atomic<bool> done = false;
  std::atomic<int> failed = 0;
  std::thread writer([&] {
    for (int i = 1; i <= kMoves; ++i) {
      const auto move = [&](Transaction& transaction) {
        return transaction.Put(Kind::kRelation, "a", "1", {{index, i % 2 == 0 ? "even" : "odd"}});
      };
      if (!store->Write("tester", move).ok()) ++failed;
    }
    done = true;
  });
  std::size_t wrong = 0;
  while (!done) {
    const auto snapshot = Latest();
    const auto places =
        snapshot->KeysAt(index, "even")->size() + snapshot->KeysAt(index, "odd")->size();
    if (places != 1) ++wrong;
  }
  writer.join();
  CHECK(wrong == 0);
  CHECK(failed == 0);
}

}  // namespace brobygger::conformance
