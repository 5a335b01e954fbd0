#include "core/audit/recover.h"

#include <algorithm>

#include "core/audit/verify.h"
#include "tests/core/audit/entries.h"
#include "tests/support/captured_log.h"

namespace brobygger::audit {
namespace {

namespace fs = std::filesystem;

// A log of so many records that was closed.
Options WrittenLog(const fs::path& folder, int records) {
  const Options options = QuietOptions(folder);
  const auto log = OpenLog(options);
  for (int i = 1; i <= records; ++i) {
    REQUIRE(log->Append(EntryBy("p" + std::to_string(i)), Patient()).ok());
  }
  return options;
}

fs::path FirstSegment(const Options& options) { return fs::path(options.folder) / "000001.log"; }

std::optional<Finding> Verify(const Options& options) {
  const auto result = VerifyLog({.folder = options.folder});
  REQUIRE(result.ok());
  return result->first_bad;
}

TEST_CASE("half a record at the end is cut off and the log says so", "[audit]") {
  const support::TempFolder folder;
  const Options options = WrittenLog(folder.path(), 3);
  // What a crash leaves of a fourth record, cut at any byte.
  const std::string whole = Slurp(FirstSegment(options));
  ChainHasher hasher;
  const auto found = InspectLog(options.folder, std::nullopt);
  REQUIRE(found.ok());
  ChainHead head = found->head;
  std::string frame;
  AppendFrame("a fourth record", hasher, head, frame);
  const std::size_t cut = GENERATE(1U, 4U, 15U, 16U, 20U, 62U);
  CAPTURE(cut);
  REQUIRE(cut < frame.size());
  Spill(FirstSegment(options), whole + frame.substr(0, cut));
  {
    const auto log = OpenLog(options);
    CHECK(log->health().torn_bytes == cut);
    CHECK_FALSE(log->health().chain_broken);
    REQUIRE(log->Append(EntryBy("p4"), Patient()).ok());
    const auto records = AllOf(*log);
    REQUIRE(records.size() == 5);
    CHECK(records[3].torn_tail().cut_bytes() == cut);
    CHECK(records[3].torn_tail().segment() == 1);
    CHECK(records[4].entry().actor() == "p4");
  }
  CHECK_FALSE(Verify(options).has_value());
}

TEST_CASE("zeros at the end are what a crash leaves of a file that had grown", "[audit]") {
  const support::TempFolder folder;
  const Options options = WrittenLog(folder.path(), 2);
  Spill(FirstSegment(options), Slurp(FirstSegment(options)) + std::string(5000, '\0'));
  {
    const auto log = OpenLog(options);
    CHECK(log->health().torn_bytes == 5000);
    REQUIRE(log->Flush(Patient()).ok());
  }
  CHECK_FALSE(Verify(options).has_value());
}

TEST_CASE("a segment that a crash left without its header is begun anew", "[audit]") {
  const support::TempFolder folder;
  const Options options = WrittenLog(folder.path(), 2);
  const std::size_t bytes = GENERATE(0U, 1U, 47U);
  Spill(fs::path(options.folder) / "000002.log",
        SegmentHeader({.sequence = 2, .hash = {}}).substr(0, bytes));
  {
    const auto log = OpenLog(options);
    REQUIRE(log->Append(EntryBy("p3"), Patient()).ok());
    CHECK(AllOf(*log).back().entry().actor() == "p3");
    CHECK_FALSE(log->health().chain_broken);
  }
  CHECK_FALSE(Verify(options).has_value());
}

TEST_CASE("a record that was changed is not mended, and the log goes on behind a statement",
          "[audit]") {
  const support::TempFolder folder;
  const Options options = WrittenLog(folder.path(), 5);
  std::string bytes = Slurp(FirstSegment(options));
  const std::size_t place = bytes.find("p3");
  bytes[place + 1] = '9';
  Spill(FirstSegment(options), bytes);
  std::string told;
  {
    std::unique_ptr<AuditLog> log;
    told = support::CapturedLog([&] { log = OpenLog(options); });
    CHECK(log->health().chain_broken);
    REQUIRE(log->Append(EntryBy("p6"), Patient()).ok());
    const auto page = log->All({});
    REQUIRE(page.ok());
    const auto& records = page->records;
    REQUIRE(records.size() == 7);
    const auto& broken = records[5].chain_break();
    CHECK(records[5].sequence() == 6);
    CHECK(broken.kind() == v1::ChainBreak::KIND_RECORD_CHANGED);
    CHECK(broken.segment() == 1);
    CHECK(broken.last_good_sequence() == 2);
    CHECK(records[6].sequence() == 7);
  }
  CHECK(told.find("audit_chain_broken") != std::string::npos);
  CHECK(Slurp(FirstSegment(options)) == bytes);
  const auto bad = Verify(options);
  REQUIRE(bad.has_value());
  CHECK(bad->sequence == 3);
  CHECK(bad->file == "000001.log");
}

TEST_CASE("an end before the newest checkpoint is a break, and no number is given twice",
          "[audit]") {
  const support::TempFolder folder;
  const Options options = WrittenLog(folder.path(), 5);
  const std::string bytes = Slurp(FirstSegment(options));
  SegmentWalker walker(bytes);
  Frame frame;
  for (int i = 0; i < 3; ++i) REQUIRE(walker.Next(frame) == Step::kFrame);
  Spill(FirstSegment(options), bytes.substr(0, walker.offset()));
  {
    const auto log = OpenLog(options);
    CHECK(log->health().chain_broken);
    REQUIRE(log->Flush(Patient()).ok());
    const auto page = log->All({});
    REQUIRE(page.ok());
    CHECK(page->damaged);
    const auto& note = page->records.back();
    CHECK(note.sequence() == 6);
    CHECK(note.chain_break().kind() == v1::ChainBreak::KIND_RECORDS_MISSING);
    CHECK(note.chain_break().last_good_sequence() == 3);
  }
  CHECK(Verify(options).has_value());
}

TEST_CASE("a log that was written anew is a break where a checkpoint tells of another record",
          "[audit]") {
  const support::TempFolder folder;
  const Options options = WrittenLog(folder.path(), 5);
  const support::TempFolder elsewhere;
  const Options other = WrittenLog(elsewhere.path(), 5);
  Spill(FirstSegment(options), Slurp(FirstSegment(other)));
  const auto log = OpenLog(options);
  CHECK(log->health().chain_broken);
  REQUIRE(log->Flush(Patient()).ok());
  const auto page = log->All({.after = 4});
  REQUIRE(page.ok());
  CHECK(page->records.back().chain_break().kind() == v1::ChainBreak::KIND_RECORD_REPLACED);
}

TEST_CASE("a log whose segments are all gone goes on behind the last checkpoint", "[audit]") {
  const support::TempFolder folder;
  const Options options = WrittenLog(folder.path(), 5);
  fs::remove(FirstSegment(options));
  const auto log = OpenLog(options);
  CHECK(log->health().chain_broken);
  REQUIRE(log->Flush(Patient()).ok());
  CHECK(log->health().newest_record == 6);
}

}  // namespace
}  // namespace brobygger::audit
