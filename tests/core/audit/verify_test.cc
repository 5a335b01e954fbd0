#include "core/audit/verify.h"

#include "core/audit/checkpoint.h"
#include "core/audit/recover.h"
#include "core/audit/segment.h"
#include "tests/core/audit/entries.h"

namespace brobygger::audit {
namespace {

TEST_CASE("what verification found is one sentence", "[audit]") {
  VerifyResult result;
  result.records = 1200;
  result.checkpoints = 3;
  result.last_sequence = 1200;
  result.vouched_sequence = 1000;
  CHECK(VerifySentence(result) ==
        "All 1200 records are in order; 3 checkpoints vouch for those up to 1000, 200 came later.");
  result.checkpoints = 0;
  CHECK(VerifySentence(result) ==
        "All 1200 records are in order, but no checkpoint vouches for them.");
  result.first_bad = Finding{"000002.log", 1201, 4096, "the record does not fit its hash"};
  CHECK(VerifySentence(result) ==
        "BAD: 000002.log, record 1201, byte 4096: the record does not fit its hash (1200 records "
        "before it are in order).");
}

TEST_CASE("a log that was just begun is in order", "[audit]") {
  const support::TempFolder folder;
  const Options options = QuietOptions(folder.path());
  { const auto log = OpenLog(options); }
  const auto result = VerifyLog({.folder = options.folder});
  REQUIRE(result.ok());
  CHECK_FALSE(result->first_bad.has_value());
  CHECK(result->records == 0);
}

TEST_CASE("a segment that is being begun while somebody looks is no fault", "[audit]") {
  const support::TempFolder folder;
  const Options options = QuietOptions(folder.path());
  {
    const auto log = OpenLog(options);
    REQUIRE(log->Append(EntryBy("p1"), Patient()).ok());
  }
  const auto found = InspectLog(options.folder, std::nullopt);
  REQUIRE(found.ok());
  const std::string header = SegmentHeader(found->head);
  const std::string begun = options.folder + "/000002.log";
  for (const std::size_t bytes : {0, 1, 8, 47}) {
    CAPTURE(bytes);
    Spill(begun, header.substr(0, bytes));
    CHECK_FALSE(VerifyLog({.folder = options.folder})->first_bad.has_value());
  }
  Spill(begun, "another beginning");
  CHECK(VerifyLog({.folder = options.folder})->first_bad.has_value());
  Spill(begun, "");
  Spill(options.folder + "/000003.log", "");
  CHECK(VerifyLog({.folder = options.folder})->first_bad.has_value());
}

TEST_CASE("a log that must have had checkpoints is not in order without any", "[audit]") {
  const support::TempFolder folder;
  support::FakeClock clock;
  Options options = QuietOptions(folder.path());
  options.clock = &clock;
  struct Length {
    int records;
    std::chrono::seconds between;
    bool bad;
  };
  const auto length = GENERATE(Length{3, std::chrono::seconds(1), false},
                               Length{2'500, std::chrono::seconds(0), true},
                               Length{3, std::chrono::minutes(10), true});
  const bool emptied = GENERATE(false, true);
  {
    const auto log = OpenLog(options);
    for (int i = 0; i < length.records; ++i) {
      REQUIRE(log->AppendSoon(EntryBy("p1")).ok());
      if (i % 500 == 0) REQUIRE(log->Flush(Patient()).ok());
      clock.Advance(length.between);
    }
    REQUIRE(log->Flush(Patient()).ok());
  }
  CHECK_FALSE(VerifyLog({.folder = options.folder})->first_bad.has_value());
  const std::string checkpoints = options.folder + "/" + kCheckpointsFile;
  if (emptied) {
    Spill(checkpoints, "");
  } else {
    std::filesystem::remove(checkpoints);
  }
  const auto result = VerifyLog({.folder = options.folder});
  REQUIRE(result.ok());
  CHECK(result->first_bad.has_value() == length.bad);
  if (length.bad) CHECK(result->first_bad->file == kCheckpointsFile);
  CHECK(result->records == static_cast<std::uint64_t>(length.records));
}

TEST_CASE("a folder that is no log is not in order", "[audit]") {
  const support::TempFolder folder;
  const auto result = VerifyLog({.folder = folder.path().string()});
  REQUIRE(result.ok());
  CHECK(result->first_bad.has_value());
}

}  // namespace
}  // namespace brobygger::audit
