#include "core/supervisor/restart_policy.h"

#include <catch2/catch.hpp>

namespace brobygger::supervisor {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using Verdict = RestartPolicy::Verdict;

constexpr base::Instant kStart = base::Instant(hours(500000));
constexpr double kLongest = 0.999999;

TEST_CASE("a connection that never failed may start at once") {
  RestartPolicy policy({});
  CHECK(policy.MayStart(kStart) == Verdict::kMayStart);
}

TEST_CASE("the pause doubles with each end and stays under its cap") {
  RestartPolicy policy({.breaker_ends = 1000});
  base::Instant now = kStart;
  std::vector<milliseconds> pauses;
  for (int i = 0; i < 14; ++i) {
    policy.Ended(now, kLongest);
    CHECK(policy.MayStart(now) == Verdict::kBackingOff);
    pauses.push_back(std::chrono::round<milliseconds>(policy.retry_time() - now));
    now = policy.retry_time();
    CHECK(policy.MayStart(now) == Verdict::kMayStart);
  }
  CHECK(pauses[0] == milliseconds(500));
  CHECK(pauses[1] == seconds(1));
  CHECK(pauses[4] == seconds(8));
  CHECK(pauses[9] == seconds(256));
  CHECK(pauses[13] == minutes(5));
}

TEST_CASE("the pause is anywhere between nothing and the longest") {
  RestartPolicy policy({});
  policy.Ended(kStart, 0);
  CHECK(policy.MayStart(kStart) == Verdict::kMayStart);
  RestartPolicy other({});
  other.Ended(kStart, 0.5);
  CHECK(other.retry_time() - kStart == milliseconds(250));
}

TEST_CASE("five ends without a commit open the breaker") {
  RestartPolicy policy({});
  for (int i = 0; i < 4; ++i) policy.Ended(kStart, 0);
  CHECK(policy.MayStart(kStart) == Verdict::kMayStart);
  policy.Ended(kStart, 0);
  CHECK(policy.MayStart(kStart + minutes(15) - seconds(1)) == Verdict::kBroken);
  CHECK(policy.MayStart(kStart + minutes(15)) == Verdict::kMayStart);
}

TEST_CASE("a commit between the ends keeps the breaker closed") {
  RestartPolicy policy({});
  for (int i = 0; i < 20; ++i) {
    policy.Ended(kStart, 0);
    if (i % 4 == 3) policy.Committed();
  }
  CHECK(policy.MayStart(kStart) == Verdict::kMayStart);
}

TEST_CASE("ends spread over more than the window keep the breaker closed") {
  RestartPolicy policy({});
  base::Instant now = kStart;
  for (int i = 0; i < 50; ++i) {
    policy.Ended(now, 0);
    now += seconds(150);
  }
  CHECK(policy.MayStart(now) == Verdict::kMayStart);
}

TEST_CASE("a failed trial doubles the rest up to six hours and never gives up") {
  RestartPolicy policy({});
  base::Instant now = kStart;
  for (int i = 0; i < 5; ++i) policy.Ended(now, 0);
  std::vector<minutes> rests;
  for (int i = 0; i < 40; ++i) {
    rests.push_back(std::chrono::round<minutes>(policy.retry_time() - now));
    now = policy.retry_time();
    REQUIRE(policy.MayStart(now) == Verdict::kMayStart);
    policy.Ended(now, 0);
    REQUIRE(policy.MayStart(now) == Verdict::kBroken);
  }
  CHECK(rests[0] == minutes(15));
  CHECK(rests[1] == minutes(30));
  CHECK(rests[4] == hours(4));
  CHECK(rests[5] == hours(6));
  CHECK(rests[39] == hours(6));
}

TEST_CASE("a commit in the trial closes the breaker and forgets") {
  RestartPolicy policy({});
  for (int i = 0; i < 5; ++i) policy.Ended(kStart, 0);
  policy.Committed();
  CHECK(policy.MayStart(kStart) == Verdict::kMayStart);
  policy.Ended(kStart, kLongest);
  CHECK(policy.MayStart(kStart) == Verdict::kBackingOff);
  CHECK(policy.retry_time() - kStart <= milliseconds(500));
}

TEST_CASE("a clock that is set back does not prolong the pause") {
  RestartPolicy policy({});
  for (int i = 0; i < 5; ++i) policy.Ended(kStart, 0);
  const base::Instant back = kStart - hours(48);
  CHECK(policy.MayStart(back) == Verdict::kBroken);
  CHECK(policy.MayStart(back + minutes(15)) == Verdict::kMayStart);
}

}  // namespace
}  // namespace brobygger::supervisor
