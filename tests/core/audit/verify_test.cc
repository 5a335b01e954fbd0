#include "core/audit/verify.h"

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

TEST_CASE("a folder that is no log is not in order", "[audit]") {
  const support::TempFolder folder;
  const auto result = VerifyLog({.folder = folder.path().string()});
  REQUIRE(result.ok());
  CHECK(result->first_bad.has_value());
}

}  // namespace
}  // namespace brobygger::audit
