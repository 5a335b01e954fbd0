#include <absl/synchronization/notification.h>

#include "core/base/status_macros.h"
#include "tests/conformance/store_fixture.h"

namespace brobygger::conformance {
namespace {

constexpr Kind kOrderedRecord = Kind::kAssociation;
constexpr Index kUpdates = Index::kAssociationByUpdate;

// Records that stand in the order of their last changes, beside one that does not.
struct UpdateOrderFixture : StoreFixture {
  static absl::Status Change(Transaction& transaction, const std::string& key) {
    return transaction.Put(kOrderedRecord, key, "v", {storage::UpdateTerm(transaction.revision())});
  }
  Revision Change(const std::vector<std::string>& keys) {
    const auto revision = store->Write("tester", [&](Transaction& transaction) -> absl::Status {
      for (const std::string& key : keys) BB_RETURN_IF_ERROR(Change(transaction, key));
      return absl::OkStatus();
    });
    REQUIRE(revision.ok());
    return *revision;
  }
  // "3/a" for a record that revision 3 changed, with a space between.
  static std::string Order(const storage::Snapshot& snapshot,
                           const storage::IndexRange& range = {}) {
    const auto places = snapshot.ScanIndex(kUpdates, range);
    if (!places.ok()) return places.status().ToString();
    std::string text;
    for (const auto& place : *places) {
      text += (text.empty() ? "" : " ") + std::to_string(std::stoull(place.value, nullptr, 16)) +
              "/" + place.key;
    }
    return text;
  }
};

TEST_CASE("a revision's term has sixteen digits and sorts by number", "[store]") {
  CHECK(storage::UpdateTerm(0).value == "0000000000000000");
  CHECK(storage::UpdateTerm(0x1f).value == "000000000000001f");
  CHECK(storage::UpdateTerm(~Revision{0}).value == "ffffffffffffffff");
  CHECK(storage::UpdateTerm(9).value < storage::UpdateTerm(10).value);
}

TEST_CASE_METHOD(UpdateOrderFixture,
                 "the order of the last changes is exact at any revision",
                 "[store]") {
  Change({"a", "b", "c"});
  Change({"a"});
  Put(kOrderedRecord, "aside", "v");
  Change({"b", "d"});
  Remove(kOrderedRecord, "c");
  Change({"c"});
  const std::vector<std::string> orders = {"",
                                           "1/a 1/b 1/c",
                                           "1/b 1/c 2/a",
                                           "1/b 1/c 2/a",
                                           "1/c 2/a 4/b 4/d",
                                           "2/a 4/b 4/d",
                                           "2/a 4/b 4/d 6/c"};
  const auto check = [&] {
    for (Revision revision = 0; revision < orders.size(); ++revision) {
      CAPTURE(revision);
      CHECK(Order(*At(revision)) == orders[revision]);
    }
  };
  check();
  if (!store_case.survives_restart) return;
  Reopen();
  check();
  Change({"a"});
  CHECK(Order(*Latest()) == "4/b 4/d 6/c 7/a");
  CHECK(Order(*At(6)) == orders[6]);
}

TEST_CASE_METHOD(UpdateOrderFixture,
                 "the order of the last changes is paged both ways",
                 "[store]") {
  Change({"a", "b"});
  Change({"c"});
  Change({"d"});
  const auto term = [](Revision revision) { return storage::UpdateTerm(revision).value; };
  const auto before = Latest();
  for (const bool moved : {false, true}) {
    if (moved) Change({"b", "d"});
    CHECK(Order(*before, {.prefix = "", .after = {}, .limit = 3}) == "1/a 1/b 2/c");
    CHECK(Order(*before, {.prefix = "", .after = {term(1), "a"}, .limit = 2}) == "1/b 2/c");
    CHECK(Order(*before, {.prefix = "", .after = {term(2), "c"}, .limit = 2}) == "3/d");
    CHECK(Order(*before, {.prefix = "", .after = {}, .limit = 2, .backwards = true}) == "3/d 2/c");
    CHECK(Order(*before, {.prefix = "", .after = {term(2), "c"}, .limit = 9, .backwards = true}) ==
          "1/b 1/a");
    CHECK(Order(*before, {.prefix = term(1), .after = {}, .limit = 9}) == "1/a 1/b");
    CHECK(Order(*before, {.prefix = "", .after = {}, .limit = 0}).empty());
  }
  CHECK(Order(*Latest()) == "1/a 2/c 4/b 4/d");
}

TEST_CASE_METHOD(UpdateOrderFixture, "a write sees the order with its own changes", "[store]") {
  Change({"a", "b", "c"});
  const auto revision = store->Write("tester", [](Transaction& transaction) {
    CHECK(Change(transaction, "b").ok());
    CHECK(Change(transaction, "d").ok());
    CHECK(transaction.Remove(kOrderedRecord, "a").ok());
    CHECK(Order(transaction) == "1/c 2/b 2/d");
    CHECK(Order(transaction, {.prefix = "", .after = {}, .limit = 1}) == "1/c");
    return absl::OkStatus();
  });
  REQUIRE(revision.ok());
  CHECK(Order(*Latest()) == "1/c 2/b 2/d");
}

TEST_CASE_METHOD(UpdateOrderFixture,
                 "writes that share a flush see each other's order",
                 "[store]") {
  Change({"a", "b"});
  // The first holds the store's thread until the others wait behind it.
  absl::Notification submitted;
  absl::Notification finished;
  store->Submit(
      "tester",
      [&](Transaction& transaction) {
        submitted.WaitForNotification();
        return Change(transaction, "a");
      },
      [](const auto& done) { CHECK(done.ok()); });
  store->Submit(
      "tester",
      [](Transaction& transaction) {
        CHECK(Order(transaction) == "1/b 2/a");
        CHECK(Order(transaction, {.prefix = "", .after = {}, .limit = 1}) == "1/b");
        CHECK(Change(transaction, "c").ok());
        return Change(transaction, "a");
      },
      [](const auto& done) { CHECK(done.ok()); });
  store->Submit(
      "tester",
      [](Transaction& transaction) {
        CHECK(Order(transaction) == "1/b 3/a 3/c");
        return transaction.Remove(kOrderedRecord, "b");
      },
      [&](const auto& done) {
        CHECK(done.ok());
        finished.Notify();
      });
  submitted.Notify();
  finished.WaitForNotification();
  CHECK(Order(*At(2)) == "1/b 2/a");
  CHECK(Order(*At(3)) == "1/b 3/a 3/c");
  CHECK(Order(*Latest()) == "3/a 3/c");
}

}  // namespace
}  // namespace brobygger::conformance
