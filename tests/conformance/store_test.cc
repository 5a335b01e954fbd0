#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "tests/conformance/store_fixture.h"

namespace brobygger::conformance {
namespace {

using std::chrono::seconds;
constexpr Kind kRecord = Kind::kAssociation;
constexpr Index kName = Index::kAssociationByName;

TEST_CASE_METHOD(StoreFixture, "a commit and its change become visible together", "[store]") {
  const auto revision = Put(kRecord, "a1", "LAWAN");

  CHECK(revision == 1);
  CHECK(Latest()->revision() == 1);
  CHECK(Text(Latest()->Find(kRecord, "a1")) == "LAWAN");
  const auto changes = store->ChangesAfter(0, 10);
  REQUIRE(changes->size() == 1);
  CHECK(changes->front().key == "a1");
  CHECK(changes->front().kind == kRecord);
  CHECK(changes->front().created);
  CHECK(*changes->front().bytes == "LAWAN");
  CHECK(changes->front().registered_time == clock.Now());
}

TEST_CASE_METHOD(StoreFixture, "a failed write leaves no trace", "[store]") {
  Put(kRecord, "a1", "one", {{kName, "one"}});
  Put(Kind::kClaim, "c1", "claim");

  const auto revision = store->Write("tester", [](Transaction& transaction) {
    CHECK(transaction.Put(kRecord, "a1", "two", {{kName, "two"}}).ok());
    CHECK(transaction.Put(kRecord, "a2", "new", {{kName, "new"}}).ok());
    CHECK(transaction.Remove(Kind::kClaim, "c1").ok());
    return absl::CancelledError("changed my mind");
  });

  CHECK(absl::IsCancelled(revision.status()));
  CHECK(Latest()->revision() == 2);
  CHECK(Text(Latest()->Scan(kRecord, {})) == "a1=one");
  CHECK(Text(Latest()->ScanIndex(kName, {})) == "one/a1");
  CHECK(Text(Latest()->Find(Kind::kClaim, "c1")) == "claim");
  CHECK(Text(store->ChangesAfter(1, 10)).empty());
  CHECK(Put(kRecord, "a3", "three") == 3);
}

TEST_CASE_METHOD(StoreFixture, "a body that writes nothing makes no revision", "[store]") {
  Put(kRecord, "a1", "one");
  const auto looked = store->Write("tester", [](Transaction& transaction) {
    CHECK(transaction.revision() == 2);
    return transaction.Find(kRecord, "a1").status();
  });
  CHECK(*looked == 1);
  CHECK(Remove(kRecord, "never there") == 1);
  const auto undone = store->Write("tester", [](Transaction& transaction) {
    CHECK(transaction.Put(kRecord, "a2", "two", {{kName, "two"}}).ok());
    return transaction.Remove(kRecord, "a2");
  });
  CHECK(*undone == 1);
  CHECK(Text(Latest()->ScanIndex(kName, {})).empty());
}

TEST_CASE_METHOD(StoreFixture, "a write sees what it has written so far", "[store]") {
  for (const std::string key : {"b", "d", "f"}) Put(kRecord, key, "old", {{kName, key}});
  for (const std::string key : {"b", "d", "f"}) Put(Kind::kClaim, key, "old");

  const auto revision = store->Write("tester", [](Transaction& transaction) {
    for (const Kind kind : {kRecord, Kind::kClaim}) {
      CHECK(transaction.Put(kind, "c", "new", {}).ok());
      CHECK(transaction.Put(kind, "f", "new", {}).ok());
      CHECK(transaction.Remove(kind, "b").ok());
      CHECK(Text(transaction.Find(kind, "b")) == "(none)");
      CHECK(Text(transaction.Find(kind, "c")) == "new");
      CHECK(Text(transaction.Scan(kind, {})) == "c=new d=old f=new");
      CHECK(Text(transaction.Scan(kind, {.prefix = "", .after = "", .limit = 1})) == "c=new");
      CHECK(Text(transaction.Scan(kind, {.prefix = "", .after = "c", .limit = 5})) ==
            "d=old f=new");
      CHECK(Text(transaction.Scan(kind,
                                  {.prefix = "", .after = "", .limit = 2, .backwards = true})) ==
            "f=new d=old");
      CHECK(Text(transaction.Scan(kind,
                                  {.prefix = "", .after = "f", .limit = 5, .backwards = true})) ==
            "d=old c=new");
    }
    CHECK(transaction.Put(kRecord, "c", "newer", {{kName, "a"}, {kName, "z"}, {kName, "a"}}).ok());
    CHECK(Text(transaction.ScanIndex(kName, {})) == "a/c d/d z/c");
    CHECK(Text(transaction.ScanIndex(
              kName, {.prefix = "", .after = {"d", "d"}, .limit = 5, .backwards = true})) == "a/c");
    CHECK(transaction.Put(kRecord, "b", "again", {{kName, "b"}}).ok());
    CHECK(Text(transaction.ScanIndex(kName, {.prefix = "", .after = {}, .limit = 2})) == "a/c b/b");
    return absl::OkStatus();
  });

  REQUIRE(revision.ok());
  CHECK(Text(Latest()->Scan(kRecord, {})) == "b=again c=newer d=old f=new");
  CHECK(Text(Latest()->Scan(Kind::kClaim, {})) == "c=new d=old f=new");
  CHECK(Text(Latest()->ScanIndex(kName, {})) == "a/c b/b d/d z/c");
  CHECK(Text(store->ChangesAfter(6, 10)) == "7:b 7:c+ 7:f");
}

TEST_CASE_METHOD(StoreFixture, "the records of one kind are not those of another", "[store]") {
  Put(Kind::kAssociation, "x", "association");
  Put(Kind::kRelation, "x", "relation");
  Put(Kind::kConnection, "x", "connection");
  Put(Kind::kClaim, "x", "claim");
  CHECK(Text(Latest()->Scan(Kind::kAssociation, {})) == "x=association");
  CHECK(Text(Latest()->Scan(Kind::kRelation, {})) == "x=relation");
  CHECK(Text(Latest()->Scan(Kind::kDepartment, {})).empty());
  CHECK(Text(Latest()->Scan(Kind::kConnection, {})) == "x=connection");
  CHECK(Text(Latest()->Find(Kind::kClaim, "x")) == "claim");
}

TEST_CASE_METHOD(StoreFixture, "a scan walks a prefix in byte order, page by page", "[store]") {
  for (const Kind kind : {kRecord, Kind::kClaim}) {
    for (const std::string key : {"a/1", "a/10", "a/2", "a\xFF\xFF", "b", "a/\xC3\xA6"}) {
      Put(kind, key, "v");
    }
    CHECK(Text(Latest()->Scan(kind, {.prefix = "a/"})) == "a/1=v a/10=v a/2=v a/\xC3\xA6=v");
    CHECK(Text(Latest()->Scan(kind, {.prefix = "a\xFF"})) == "a\xFF\xFF=v");
    CHECK(Text(Latest()->Scan(kind, {.prefix = "a/", .after = "", .limit = 2})) == "a/1=v a/10=v");
    CHECK(Text(Latest()->Scan(kind, {.prefix = "a/", .after = "a/10", .limit = 1})) == "a/2=v");
    CHECK(Text(Latest()->Scan(kind, {.prefix = "a/", .after = "b", .limit = 9})).empty());
    CHECK(
        Text(Latest()->Scan(kind, {.prefix = "a/", .after = "", .limit = 2, .backwards = true})) ==
        "a/\xC3\xA6=v a/2=v");
    CHECK(Text(Latest()->Scan(kind,
                              {.prefix = "a/", .after = "a/2", .limit = 9, .backwards = true})) ==
          "a/10=v a/1=v");
    CHECK(Text(Latest()->Scan(kind, {.prefix = "", .after = "", .limit = 0})).empty());
  }
}

TEST_CASE_METHOD(StoreFixture, "an index is walked by value, then key", "[store]") {
  Put(kRecord, "2", "v", {{kName, "lawan"}});
  Put(kRecord, "1", "v", {{kName, "lawan"}, {kName, "lawan horsens"}});
  Put(kRecord, "3", "v", {{kName, "kurdisk"}, {Index::kAssociationByIdentifier, "lawan"}});
  const auto latest = Latest();
  CHECK(Text(latest->ScanIndex(kName, {})) == "kurdisk/3 lawan/1 lawan/2 lawan horsens/1");
  CHECK(Text(latest->ScanIndex(kName, {.prefix = "lawan", .after = {"lawan", "1"}})) ==
        "lawan/2 lawan horsens/1");
  CHECK(Text(latest->ScanIndex(kName,
                               {.prefix = "lawan", .after = {}, .limit = 2, .backwards = true})) ==
        "lawan horsens/1 lawan/2");
  CHECK(Text(latest->ScanIndex(
            kName, {.prefix = "lawan", .after = {"lawan", "2"}, .limit = 9, .backwards = true})) ==
        "lawan/1");
}

TEST_CASE_METHOD(StoreFixture, "a snapshot stays as it was while writes go on", "[store]") {
  Put(kRecord, "a1", "one", {{kName, "one"}});
  const auto before = Latest();
  Put(kRecord, "a1", "two", {{kName, "two"}});
  Put(kRecord, "a2", "new", {{kName, "one"}});
  Remove(kRecord, "a1");

  CHECK(before->revision() == 1);
  CHECK(Text(before->Find(kRecord, "a1")) == "one");
  CHECK(Text(before->Find(kRecord, "a2")) == "(none)");
  CHECK(Text(before->Scan(kRecord, {})) == "a1=one");
  CHECK(Text(before->ScanIndex(kName, {})) == "one/a1");
  CHECK(Text(Latest()->Scan(kRecord, {})) == "a2=new");
  CHECK(Text(Latest()->ScanIndex(kName, {})) == "one/a2");
}

TEST_CASE_METHOD(StoreFixture, "a snapshot outlives its store", "[store]") {
  Put(kRecord, "a1", "one", {{kName, "one"}});
  const auto before = Latest();
  Put(kRecord, "a1", "two");
  store = nullptr;
  CHECK(Text(before->Find(kRecord, "a1")) == "one");
  CHECK(Text(before->ScanIndex(kName, {})) == "one/a1");
}

TEST_CASE_METHOD(StoreFixture, "every past revision can be read", "[store]") {
  Put(kRecord, "a1", "one", {{kName, "x"}, {kName, "y"}});
  Put(kRecord, "a1", "two", {{kName, "y"}});
  Remove(kRecord, "a1");
  Put(kRecord, "a1", "four", {{kName, "x"}});

  CHECK(Text(At(0)->Scan(kRecord, {})).empty());
  CHECK(Text(At(1)->Scan(kRecord, {})) == "a1=one");
  CHECK(Text(At(2)->Scan(kRecord, {})) == "a1=two");
  CHECK(Text(At(3)->Find(kRecord, "a1")) == "(none)");
  CHECK(Text(At(4)->Find(kRecord, "a1")) == "four");
  CHECK(Text(At(0)->ScanIndex(kName, {})).empty());
  CHECK(Text(At(1)->ScanIndex(kName, {})) == "x/a1 y/a1");
  CHECK(Text(At(2)->ScanIndex(kName, {})) == "y/a1");
  CHECK(Text(At(3)->ScanIndex(kName, {})).empty());
  CHECK(Text(At(4)->ScanIndex(kName, {})) == "x/a1");
  CHECK(Text(At(1)->ScanIndex(kName, {.prefix = "", .after = {}, .limit = 1, .backwards = true})) ==
        "y/a1");
  CHECK(base::ReasonOf(store->At(5).status()) == errors::v1::ERROR_REASON_REVISION_UNKNOWN);
  CHECK(Text(store->ChangesAfter(0, 10)) == "1:a1+ 2:a1 3:a1- 4:a1+");
}

TEST_CASE_METHOD(StoreFixture, "an index over working state holds only what is now", "[store]") {
  constexpr Index kLinks = Index::kLinkByAssociation;
  Put(Kind::kLink, "l1", "link", {{kLinks, "a1"}});
  Put(Kind::kLink, "l1", "link", {{kLinks, "a2"}});
  CHECK(Text(At(0)->ScanIndex(kLinks, {})) == "a2/l1");
  CHECK(Text(At(0)->Find(Kind::kLink, "l1")) == "link");
  Remove(Kind::kLink, "l1");
  CHECK(Text(At(1)->ScanIndex(kLinks, {})).empty());
  CHECK(Text(Latest()->Find(Kind::kLink, "l1")) == "(none)");
  CHECK(Latest()->revision() == 3);
  CHECK(store->ChangesAfter(0, 10)->empty());
}

TEST_CASE_METHOD(StoreFixture, "a revision is found by its time", "[store]") {
  const auto start = clock.Now();
  Put(kRecord, "a1", "one");
  Put(kRecord, "a1", "two");
  clock.Advance(seconds(10));
  Put(kRecord, "a1", "three");
  CHECK(*store->RevisionAt(start - seconds(1)) == 0);
  CHECK(*store->RevisionAt(start) == 2);
  CHECK(*store->RevisionAt(start + seconds(9)) == 2);
  CHECK(*store->RevisionAt(start + seconds(10)) == 3);
  CHECK(*store->RevisionAt(start + seconds(1000)) == 3);
}

TEST_CASE_METHOD(StoreFixture, "time never goes back, though the clock may", "[store]") {
  const auto start = clock.Now();
  Put(kRecord, "a1", "one");
  clock.Set(start - seconds(3600));
  const auto revision = store->Write("tester", [&](Transaction& transaction) {
    CHECK(transaction.now() == start);
    return transaction.Put(kRecord, "a1", "two");
  });
  CHECK(*revision == 2);
  CHECK(store->ChangesAfter(1, 1)->front().registered_time == start);
}

TEST_CASE_METHOD(StoreFixture, "versions of a record are paged from the newest", "[store]") {
  for (const std::string bytes : {"one", "two", "three"}) Put(kRecord, "a1", bytes);
  Put(kRecord, "a2", "other");
  Remove(kRecord, "a1");

  const auto first = store->VersionsOf(kRecord, "a1", 0, 2);
  REQUIRE(first->size() == 2);
  CHECK((*first)[0].revision == 5);
  CHECK((*first)[0].bytes == nullptr);
  CHECK((*first)[1].revision == 3);
  CHECK(*(*first)[1].bytes == "three");
  CHECK((*first)[1].actor == "tester");
  CHECK((*first)[1].registered_time == clock.Now());
  const auto second = store->VersionsOf(kRecord, "a1", 3, 10);
  REQUIRE(second->size() == 2);
  CHECK((*second)[0].revision == 2);
  CHECK((*second)[1].revision == 1);
  CHECK(store->VersionsOf(kRecord, "a1", 1, 10)->empty());
  CHECK(store->VersionsOf(kRecord, "never there", 0, 10)->empty());
  CHECK(store->VersionsOf(Kind::kClaim, "a1", 0, 10)->empty());
}

TEST_CASE_METHOD(StoreFixture, "a page of changes never splits a revision", "[store]") {
  for (int revision = 0; revision < 3; ++revision) {
    REQUIRE(store
                ->Write("tester",
                        [&](Transaction& transaction) {
                          for (const std::string key : {"a", "b", "c"}) {
                            BB_RETURN_IF_ERROR(transaction.Put(kRecord, key, "v"));
                          }
                          return transaction.Put(Kind::kClaim, "unheard", "v");
                        })
                .ok());
  }
  CHECK(Text(store->ChangesAfter(0, 1)) == "1:a+ 1:b+ 1:c+");
  CHECK(Text(store->ChangesAfter(1, 4)) == "2:a 2:b 2:c 3:a 3:b 3:c");
  CHECK(Text(store->ChangesAfter(1, 3)) == "2:a 2:b 2:c");
  CHECK(Text(store->ChangesAfter(3, 3)).empty());
  CHECK(Text(store->ChangesAfter(99, 3)).empty());
}

TEST_CASE_METHOD(StoreFixture, "what was written is there after a restart", "[store]") {
  if (!store_case.survives_restart) return;
  Put(kRecord, "a1", "one", {{kName, "x"}});
  Put(kRecord, "a1", "two", {{kName, "y"}});
  Put(kRecord, "a2", "gone");
  Remove(kRecord, "a2");
  Put(Kind::kClaim, "c1", "claim");
  clock.Set(clock.Now() - seconds(3600));

  Reopen();

  CHECK(Latest()->revision() == 5);
  CHECK(Text(Latest()->Scan(kRecord, {})) == "a1=two");
  CHECK(Text(Latest()->Find(Kind::kClaim, "c1")) == "claim");
  CHECK(Text(At(1)->ScanIndex(kName, {})) == "x/a1");
  CHECK(Text(Latest()->ScanIndex(kName, {})) == "y/a1");
  CHECK(Text(store->ChangesAfter(0, 10)) == "1:a1+ 2:a1 3:a2+ 4:a2-");
  CHECK(Put(kRecord, "a2", "back") == 6);
  CHECK(Text(store->ChangesAfter(5, 10)) == "6:a2+");
  CHECK(store->ChangesAfter(5, 1)->front().registered_time > clock.Now());
}

}  // namespace
}  // namespace brobygger::conformance
