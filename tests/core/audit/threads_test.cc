#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include "core/audit/verify.h"
#include "tests/core/audit/entries.h"

namespace brobygger::audit {
namespace {

TEST_CASE("16 threads append, look up and ask for health at once", "[audit]") {
  constexpr int kThreads = 16;
  constexpr int kEach = 200;
  const support::TempFolder folder;
  Options options = QuietOptions(folder.path());
  options.segment_bytes = 64 << 10;
  options.checkpoint_records = 100;
  {
    const auto log = OpenLog(options);
    std::atomic<int> failed = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        for (int n = 0; n < kEach; ++n) {
          const v1::Entry entry =
              EntryBy("p" + std::to_string(i), std::to_string(i) + "-" + std::to_string(n));
          const bool soon = n % 4 == 3;
          failed += (soon ? log->AppendSoon(entry) : log->Append(entry, Patient())).ok() ? 0 : 1;
          if (n % 50 == 0) failed += log->EntriesBy("p1", {.limit = 10}).ok() ? 0 : 1;
          if (n % 50 == 25) failed += log->health().writable ? 0 : 1;
        }
      });
    }
    // A log in use is in order whenever somebody looks.
    for (int look = 0; look < 10; ++look) {
      const auto result = VerifyLog({.folder = options.folder});
      REQUIRE(result.ok());
      INFO(VerifySentence(*result));
      CHECK_FALSE(result->first_bad.has_value());
    }
    for (auto& thread : threads) thread.join();
    CHECK(failed == 0);
    REQUIRE(log->Flush(Patient()).ok());
    std::set<std::string> objects;
    std::uint64_t sequence = 0;
    for (const auto& record : AllOf(*log)) {
      CHECK(record.sequence() == ++sequence);
      objects.insert(record.entry().object_id());
    }
    CHECK(objects.size() == kThreads * kEach);
  }
  const auto result = VerifyLog({.folder = options.folder});
  REQUIRE(result.ok());
  CHECK_FALSE(result->first_bad.has_value());
  CHECK(result->vouched_sequence == kThreads * kEach);
}

}  // namespace
}  // namespace brobygger::audit
