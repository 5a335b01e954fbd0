#include "core/audit/look_up.h"

#include "core/audit/subject_keys.h"
#include "tests/core/audit/entries.h"

namespace brobygger::audit {
namespace {

TEST_CASE("look-ups by subject, actor and time come in pages, oldest first", "[audit]") {
  const support::TempFolder folder;
  support::FakeClock clock;
  Options options = QuietOptions(folder.path());
  options.clock = &clock;
  options.segment_bytes = 2000;
  const auto begun = clock.Now();
  const auto log = OpenLog(options);
  const auto keys = SubjectKeys::Open({.folder = options.folder});
  REQUIRE(keys.ok());
  // Every third is about the one, every fifth by the other.
  for (int i = 0; i < 300; ++i) {
    v1::Entry entry = EntryBy(i % 5 == 0 ? "ann" : "bob", "o" + std::to_string(i));
    if (i % 10 == 0) {
      entry.set_actor("machine");
      entry.set_on_behalf_of("ann");
    }
    const std::string subject = i % 3 == 0 ? "s-wanted" : "s-other";
    entry.add_subject_digests((*keys)->Digest("s-third", Patient()).value());
    entry.add_subject_digests((*keys)->Digest(subject, Patient()).value());
    REQUIRE(log->AppendSoon(entry).ok());
    if (i % 50 == 49) REQUIRE(log->Flush(Patient()).ok());
    clock.Advance(std::chrono::seconds(1));
  }
  const std::string digest = (*keys)->Find("s-wanted").value();

  SECTION("about a subject") {
    std::vector<std::string> found;
    RecordQuery query{.limit = 7};
    int pages = 0;
    do {
      const auto page = log->EntriesAbout(digest, query);
      REQUIRE(page.ok());
      CHECK_FALSE(page->damaged);
      for (const auto& record : page->records) found.push_back(record.entry().object_id());
      query.after = page->next_after;
      ++pages;
    } while (query.after != 0);
    REQUIRE(found.size() == 100);
    CHECK(pages == 15);
    for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == "o" + std::to_string(3 * i));
  }
  SECTION("by an actor, also through a machine") {
    const auto page = log->EntriesBy("ann", {});
    REQUIRE(page.ok());
    CHECK(page->records.size() == 60);
    CHECK(log->EntriesBy("an", {})->records.empty());
  }
  SECTION("within a time") {
    const auto page = log->All(
        {.from = begun + std::chrono::seconds(100), .to = begun + std::chrono::seconds(110)});
    REQUIRE(page.ok());
    REQUIRE(page->records.size() == 10);
    CHECK(page->records.front().entry().object_id() == "o100");
    CHECK(page->next_after == 0);
  }
  SECTION("with a limit that makes no sense") {
    CHECK(absl::IsInvalidArgument(log->All({.limit = 0}).status()));
    CHECK(absl::IsInvalidArgument(log->All({.limit = 10'001}).status()));
  }
}

TEST_CASE("a look-up by a UUID finds who typed the beginning of it, and nobody else", "[audit]") {
  const support::TempFolder folder;
  const auto log = OpenLog(QuietOptions(folder.path()));
  const std::string id = "0f8fad5b-d9cb-469f-a165-70867728950e";
  const std::vector<std::string> told = {
      id,        "0f8fad5b", "0f8fad5b-d9", "0f8fad5", "0f8fad5b-d9cb-469f-a165-70867728950f",
      id + "-1", "town",     "townhall",    ""};
  for (const std::string& object : told) {
    REQUIRE(log->Append(EntryBy("p1", object), Patient()).ok());
  }
  const auto found = [&](const std::string& object) {
    const auto page = log->Matching({.object_id = object}, {});
    REQUIRE(page.ok());
    return page->records.size();
  };
  CHECK(found(id) == 3);
  CHECK(found("townhall") == 1);
  CHECK(found("0f8fad5b") == 1);
  CHECK(found("") == told.size());
}

TEST_CASE("a page says so when part of the log could not be read", "[audit]") {
  const support::TempFolder folder;
  Options options = QuietOptions(folder.path());
  options.segment_bytes = 1000;
  const auto log = OpenLog(options);
  for (int i = 0; i < 50; ++i) REQUIRE(log->Append(EntryBy("p1"), Patient()).ok());
  REQUIRE_FALSE(log->EntriesBy("p1", {})->damaged);
  const std::string middle = options.folder + "/000003.log";
  const std::string bytes = Slurp(middle);
  SECTION("a segment is gone") { std::filesystem::remove(middle); }
  SECTION("a segment is cut") { Spill(middle, bytes.substr(0, bytes.size() - 10)); }
  SECTION("a segment is empty") { Spill(middle, ""); }
  SECTION("a length is damaged") {
    std::string damaged = bytes;
    damaged[kHeaderBytes] = static_cast<char>(damaged[kHeaderBytes] ^ 1);
    Spill(middle, damaged);
  }
  const auto page = log->EntriesBy("p1", {});
  REQUIRE(page.ok());
  CHECK(page->damaged);
  CHECK(page->records.size() >= 40);
  CHECK(page->records.back().sequence() == 50);
}

// What a byte in the middle of the record's actor is changed to.
void ChangeRecord(const std::string& path, const std::string& from, const std::string& to) {
  std::string bytes = Slurp(path);
  const std::size_t at = bytes.find(from);
  REQUIRE(at != std::string::npos);
  Spill(path, bytes.replace(at, from.size(), to));
}

TEST_CASE("a record that was changed is not shown as one that was written", "[audit]") {
  const support::TempFolder folder;
  Options options = QuietOptions(folder.path());
  const auto log = OpenLog(options);
  for (int i = 0; i < 9; ++i) {
    REQUIRE(log->Append(EntryBy("person" + std::to_string(i)), Patient()).ok());
  }
  ChangeRecord(options.folder + "/000001.log", "person4", "person1");
  const auto all = log->All({});
  REQUIRE(all.ok());
  CHECK(all->damaged);
  REQUIRE(all->records.size() == 9);
  for (const auto& record : all->records) CHECK(record.changed() == (record.sequence() == 5));
  // Also where the change took it out of what is asked for, or put it there.
  CHECK(log->EntriesBy("person4", {})->damaged);
  const auto by = log->EntriesBy("person1", {});
  REQUIRE(by->records.size() == 2);
  CHECK_FALSE(by->records.front().changed());
  CHECK(by->records.back().changed());
  // A page behind it does not tell, since it does not look at what is before.
  CHECK_FALSE(log->All({.after = 6})->damaged);
}

TEST_CASE("a log whose chain was found broken says so on every page", "[audit]") {
  const support::TempFolder folder;
  Options options = QuietOptions(folder.path());
  {
    const auto log = OpenLog(options);
    for (int i = 0; i < 9; ++i) {
      REQUIRE(log->Append(EntryBy("person" + std::to_string(i)), Patient()).ok());
    }
  }
  ChangeRecord(options.folder + "/000001.log", "person4", "person1");
  const auto log = OpenLog(options);
  REQUIRE(log->Append(EntryBy("later"), Patient()).ok());
  const auto page = log->EntriesBy("later", {});
  REQUIRE(page.ok());
  CHECK(page->damaged);
  CHECK_FALSE(page->records.front().changed());
  CHECK(log->All({.after = 10})->damaged);
}

v1::Entry EntryOfCall(const std::string& call_id, v1::Outcome outcome) {
  v1::Entry entry = EntryBy("p1", "o1");
  entry.set_call_id(call_id);
  entry.set_outcome(outcome);
  if (outcome == v1::OUTCOME_REFUSED) entry.set_decision(v1::DECISION_REFUSED);
  return entry;
}

TEST_CASE("the two records of a change of which nothing came are told as one", "[audit]") {
  const support::TempFolder folder;
  const auto log = OpenLog(QuietOptions(folder.path()));
  for (const auto& entry :
       {EntryOfCall("c1", v1::OUTCOME_BEGUN), EntryOfCall("c2", v1::OUTCOME_BEGUN),
        EntryOfCall("", v1::OUTCOME_TOLD), EntryOfCall("c1", v1::OUTCOME_NOT_FOUND),
        EntryOfCall("c3", v1::OUTCOME_BEGUN), EntryOfCall("c3", v1::OUTCOME_REFUSED)}) {
    REQUIRE(log->Append(entry, Patient()).ok());
  }
  const auto page = log->EntriesBy("p1", {});
  REQUIRE(page->records.size() == 4);
  CHECK(page->records[0].entry().outcome() == v1::OUTCOME_NOT_FOUND);
  CHECK(page->records[1].entry().outcome() == v1::OUTCOME_BEGUN);
  CHECK(page->records[2].entry().outcome() == v1::OUTCOME_TOLD);
  CHECK(page->records[3].entry().outcome() == v1::OUTCOME_REFUSED);
  CHECK(page->records[3].entry().decision() == v1::DECISION_REFUSED);
  // Also where a page ends between them.
  const auto first = log->EntriesBy("p1", {.limit = 1});
  CHECK(first->records[0].entry().outcome() == v1::OUTCOME_NOT_FOUND);
  CHECK(first->next_after == 1);
}

TEST_CASE("an empty log has no pages", "[audit]") {
  const support::TempFolder folder;
  const auto log = OpenLog(QuietOptions(folder.path()));
  const auto page = log->All({});
  REQUIRE(page.ok());
  CHECK(page->records.empty());
  CHECK(page->next_after == 0);
  CHECK_FALSE(page->damaged);
}

}  // namespace
}  // namespace brobygger::audit
