#include "core/daemon/refusal_digest.h"

#include <catch2/catch.hpp>

#include "tests/support/fake_clock.h"

namespace brobygger::daemon {
namespace {

using std::chrono::seconds;

rpc::AuditedCall Call(const std::string& actor,
                      const std::string& refused,
                      const std::string& method = "S/M") {
  return {.actor = actor, .purpose = "", .method = method, .refused = refused};
}

}  // namespace

TEST_CASE("the first refusal is written at once, and what follows in its minute is counted") {
  support::FakeClock clock;
  RefusalDigest digest;
  const auto first = digest.Add(Call("stranger", "not_signed_in:token"), clock.Now());
  REQUIRE(first.has_value());
  CHECK(first->times == 0);
  for (int i = 0; i < 10'000; ++i) {
    CHECK_FALSE(
        digest.Add(Call("stranger", "not_signed_in:token", std::to_string(i)), clock.Now()));
  }
  clock.Advance(seconds(59));
  CHECK(digest.Take(clock.Now()).empty());
  clock.Advance(seconds(1));
  const auto counted = digest.Take(clock.Now());
  REQUIRE(counted.size() == 1);
  CHECK(counted[0].times == 10'000);
  CHECK(counted[0].refused == "not_signed_in:token");
  CHECK(digest.Take(clock.Now()).empty());
  CHECK(digest.Add(Call("stranger", "not_signed_in:token"), clock.Now()).has_value());
}

TEST_CASE("callers who are known are told apart, and their methods") {
  const support::FakeClock clock;
  RefusalDigest digest;
  CHECK(digest.Add(Call("user:a", "not_allowed", "S/M"), clock.Now()).has_value());
  CHECK(digest.Add(Call("user:b", "not_allowed", "S/M"), clock.Now()).has_value());
  CHECK(digest.Add(Call("user:a", "not_allowed", "S/N"), clock.Now()).has_value());
  CHECK(digest.Add(Call("user:a", "quota_exceeded", "S/N"), clock.Now()).has_value());
  CHECK_FALSE(digest.Add(Call("user:a", "not_allowed", "S/N"), clock.Now()).has_value());
  CHECK(digest.TakeAll().size() == 1);
  CHECK(digest.TakeAll().empty());
}

TEST_CASE("however many sorts there are, few are written in a minute") {
  support::FakeClock clock;
  RefusalDigest digest;
  std::size_t written = 0;
  std::uint64_t told = 0;
  constexpr std::uint64_t kCalls = 20'000;
  for (std::uint64_t i = 0; i < kCalls; ++i) {
    written +=
        digest.Add(Call("user:" + std::to_string(i), "not_allowed"), clock.Now()).has_value();
  }
  told += written;
  for (const auto& call : digest.TakeAll()) {
    told += call.times;
    ++written;
  }
  CHECK(written <= RefusalDigest::kMostSorts + 2);
  CHECK(told == kCalls);
}

TEST_CASE("a clock that is set back keeps nothing from being written") {
  support::FakeClock clock;
  RefusalDigest digest;
  digest.Add(Call("user:a", "not_allowed"), clock.Now());
  digest.Add(Call("user:a", "not_allowed"), clock.Now());
  clock.Advance(-std::chrono::hours(5));
  CHECK(digest.Take(clock.Now()).size() == 1);
}

}  // namespace brobygger::daemon
