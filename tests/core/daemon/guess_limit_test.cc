#include "core/daemon/guess_limit.h"

#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "core/base/error.h"
#include "tests/support/fake_clock.h"

namespace brobygger::daemon {
namespace {

using std::chrono::seconds;

// How many of so many wrong tries are answered.
int Answered(GuessLimit& limit, const std::string& source, int tries) {
  int answered = 0;
  for (int i = 0; i < tries; ++i) {
    answered += limit.MayTry(source).ok() && limit.TellWrong(source).ok();
  }
  return answered;
}

}  // namespace

TEST_CASE("ten wrong tries of a source are answered in any minute", "[guess]") {
  support::FakeClock clock;
  GuessLimit limit(clock);
  CHECK(Answered(limit, "a", 10'000) == 10);
  const absl::Status refused = limit.MayTry("a");
  CHECK(refused.code() == absl::StatusCode::kResourceExhausted);
  CHECK(base::ReasonOf(refused) == errors::v1::ERROR_REASON_TOO_MANY_TRIES);
  CHECK(base::ErrorMetadata(refused, "retry_after_seconds") == "60");
  // Others go on.
  CHECK(limit.MayTry("b").ok());
  CHECK(Answered(limit, "b", 5) == 5);
  clock.Advance(seconds(59));
  CHECK(base::ErrorMetadata(limit.MayTry("a"), "retry_after_seconds") == "1");
  clock.Advance(seconds(1));
  CHECK(Answered(limit, "a", 10'000) == 10);
}

TEST_CASE("no minute has more than ten, wherever it begins", "[guess]") {
  support::FakeClock clock;
  GuessLimit limit(clock);
  std::vector<base::Instant> answered;
  for (int i = 0; i < 3000; ++i) {
    if (Answered(limit, "a", 1) == 1) answered.push_back(clock.Now());
    clock.Advance(std::chrono::milliseconds(97));
  }
  REQUIRE(answered.size() >= 40);
  for (std::size_t i = 10; i < answered.size(); ++i) {
    CHECK(answered[i] - answered[i - 10] >= seconds(60));
  }
}

TEST_CASE("what is right costs nothing", "[guess]") {
  const support::FakeClock clock;
  GuessLimit limit(clock);
  for (int i = 0; i < 1000; ++i) CHECK(limit.MayTry("a").ok());
  CHECK(limit.sources() == 0);
}

TEST_CASE("many who try at once are not told more than ten answers", "[guess]") {
  const support::FakeClock clock;
  GuessLimit limit(clock);
  std::atomic<int> answered = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] { answered += Answered(limit, "a", 500); });
    }
  }
  CHECK(answered == 10);
}

TEST_CASE("memory is bounded, and it is the quiet ones that are forgotten", "[guess]") {
  support::FakeClock clock;
  GuessLimit limit(clock);
  for (std::size_t i = 0; i < 3 * GuessLimit::kMostSources; ++i) {
    CHECK(Answered(limit, "busy", 1) == (i < 10 ? 1 : 0));
    CHECK(Answered(limit, std::to_string(i), 1) == 1);
    if (i >= 10 && i % 1000 == 0) CHECK_FALSE(limit.MayTry("busy").ok());
    if (limit.sources() < GuessLimit::kMostSources) continue;
    REQUIRE(limit.sources() == GuessLimit::kMostSources);
  }
}

TEST_CASE("a clock that is set back shuts nobody out for longer", "[guess]") {
  support::FakeClock clock;
  GuessLimit limit(clock);
  CHECK(Answered(limit, "a", 20) == 10);
  clock.Advance(-std::chrono::hours(1));
  CHECK(limit.MayTry("a").ok());
}

TEST_CASE("a source is an address, or a network of those of which somebody has all", "[guess]") {
  CHECK(SourceOf("192.0.2.7") == "192.0.2.7");
  CHECK(SourceOf("::ffff:192.0.2.7") == "192.0.2.7");
  CHECK(SourceOf("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64");
  CHECK(SourceOf("2001:db8:1:2::9") == "2001:db8:1:2::/64");
  CHECK(SourceOf("2001:db8:1:3::9") != SourceOf("2001:db8:1:2::9"));
  for (const char* other : {"", "unix:", "192.0.2.7, 10.0.0.1", "nonsense", "192.0.2.7\n"}) {
    CHECK(SourceOf(other) == "proxy");
  }
}

}  // namespace brobygger::daemon
