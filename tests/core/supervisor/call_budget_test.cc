#include "core/supervisor/call_budget.h"

#include <catch2/catch.hpp>

#include "core/supervisor/kept_budget.h"
#include "tests/support/temp_folder.h"

namespace brobygger::supervisor {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

const base::Instant kBudgetStart{hours(24 * 365 * 50)};

// One call a second, two at once.
CallLimit Slow(const std::set<std::string>& verbs = {}) {
  return {.name = "slow", .fill_per_second = 1, .burst = 2, .verbs = verbs};
}

TEST_CASE("calls are allowed until the bucket is empty, and again as it fills") {
  CallBudget budget;
  budget.Set({Slow()}, kBudgetStart);
  CHECK(budget.Take("Read", kBudgetStart).count() == 0);
  CHECK(budget.Take("Write", kBudgetStart).count() == 0);
  CHECK(budget.Take("Read", kBudgetStart) == seconds(1));
  CHECK(budget.Take("Read", kBudgetStart + milliseconds(600)) == milliseconds(400));
  CHECK(budget.Take("Read", kBudgetStart + seconds(1)).count() == 0);
  CHECK(budget.Take("Read", kBudgetStart + seconds(1)) == seconds(1));
}

TEST_CASE("a bucket never holds more than its burst") {
  CallBudget budget;
  budget.Set({Slow()}, kBudgetStart);
  const base::Instant later = kBudgetStart + hours(1);
  CHECK(budget.Take("Read", later).count() == 0);
  CHECK(budget.Take("Read", later).count() == 0);
  CHECK(budget.Take("Read", later).count() > 0);
}

TEST_CASE("of several limits the strictest is met first, and a refused call takes nothing") {
  CallBudget budget;
  const CallLimit strict{
      .name = "operator", .fill_per_second = 0.1, .burst = 1, .verbs = {"Write"}};
  budget.Set({Slow(), strict}, kBudgetStart);
  CHECK(budget.Take("Write", kBudgetStart).count() == 0);
  CHECK(budget.Take("Write", kBudgetStart) == seconds(10));
  CHECK(budget.Take("Read", kBudgetStart).count() == 0);
  CHECK(budget.Take("Read", kBudgetStart) == seconds(1));
}

TEST_CASE("verbs that no limit names are free") {
  CallBudget budget;
  CHECK_FALSE(budget.limited());
  budget.Set({Slow({"Write"})}, kBudgetStart);
  CHECK(budget.limited());
  for (int call = 0; call < 10; ++call) CHECK(budget.Take("Read", kBudgetStart).count() == 0);
}

TEST_CASE("a limit that lets nothing through says so with a wait") {
  CallBudget budget;
  budget.Set({{.name = "shut", .fill_per_second = 5, .burst = 0, .verbs = {}}}, kBudgetStart);
  CHECK(budget.Take("Read", kBudgetStart) == hours(24));
}

TEST_CASE("a clock that is set back neither fills a bucket nor stops it") {
  CallBudget budget;
  budget.Set({Slow()}, kBudgetStart);
  (void)budget.Take("Read", kBudgetStart);
  (void)budget.Take("Read", kBudgetStart);
  const base::Instant before = kBudgetStart - hours(1);
  CHECK(budget.Take("Read", before) == seconds(1));
  CHECK(budget.Take("Read", before + seconds(1)).count() == 0);
}

TEST_CASE("setting the limits again fills nothing") {
  CallBudget budget;
  budget.Set({Slow()}, kBudgetStart);
  (void)budget.Take("Read", kBudgetStart);
  (void)budget.Take("Read", kBudgetStart);
  budget.Set({Slow()}, kBudgetStart);
  CHECK(budget.Take("Read", kBudgetStart).count() > 0);
}

TEST_CASE("another hub goes on with what was left") {
  const support::TempFolder folder;
  const std::string file = (folder.path() / "calls" / "centre.calls").string();
  {
    KeptBudget budget(file);
    budget.Set({Slow()}, kBudgetStart);
    CHECK(budget.Take("Read", kBudgetStart).count() == 0);
    CHECK(budget.Take("Read", kBudgetStart).count() == 0);
  }
  KeptBudget budget(file);
  budget.Set({Slow()}, kBudgetStart);
  CHECK(budget.Take("Read", kBudgetStart) == seconds(1));
  CHECK(budget.Take("Read", kBudgetStart + seconds(1)).count() == 0);
}

TEST_CASE("a file that cannot be read is an earlier hub that told nothing") {
  CallBudget budget = CallBudget::FromText("what is this");
  budget.Set({Slow()}, kBudgetStart);
  CHECK(budget.Take("Read", kBudgetStart).count() == 0);
}

}  // namespace
}  // namespace brobygger::supervisor
