#include "core/access/key_keeper.h"

#include <atomic>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/core/access/token_world.h"
#include "tests/support/fake_clock.h"

namespace brobygger::access {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// Long enough for every fetch of these tests; no test waits for it to pass.
constexpr milliseconds kLong = seconds(60);

// Answers what it is told, and can be held up.
class FakeProvider {
 public:
  void Give(absl::StatusOr<std::string> answer) {
    absl::MutexLock lock(&mutex_);
    answer_ = std::move(answer);
  }
  void GiveKeys(const std::vector<std::string>& key_ids) {
    nlohmann::json set = {{"keys", nlohmann::json::array()}};
    for (const std::string& key_id : key_ids) set["keys"].push_back(World().es.Jwk(key_id));
    Give(set.dump());
  }
  // While it hangs, a fetch ends only when it is stopped.
  void Hang(bool hang) {
    absl::MutexLock lock(&mutex_);
    hanging_ = hang;
  }
  // Returns when a fetch has begun and hangs.
  void AwaitFetch() {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&busy_));
  }

  KeyKeeper::Fetch fetch() {
    return [this](const std::stop_token& stop) -> absl::StatusOr<std::string> {
      const std::stop_callback wake(stop, [this] { Hang(false); });
      absl::MutexLock lock(&mutex_);
      busy_ = true;
      const auto may_answer = [this] { return !hanging_; };
      mutex_.Await(absl::Condition(&may_answer));
      busy_ = false;
      if (stop.stop_requested()) return absl::CancelledError("stopped");
      return answer_;
    };
  }

 private:
  absl::Mutex mutex_;
  absl::StatusOr<std::string> answer_ = absl::UnavailableError("away");
  bool hanging_ = false;
  bool busy_ = false;
};

struct Fixture {
  bool Knows(const std::string& key_id, milliseconds most_wait = kLong) {
    const auto keys = keeper.KeysFor(key_id, most_wait);
    return keys.ok() && (*keys)->keys.contains(key_id);
  }
  // A refresh is waited for by nobody; an unknown kid waits for the one under way.
  void Settle() { (void)keeper.KeysFor("nobody", kLong); }

  support::FakeClock clock;
  FakeProvider provider;
  KeyKeeper keeper{provider.fetch(), clock};
};

}  // namespace

TEST_CASE("keys are fetched when they are first needed, and then kept", "[key_keeper]") {
  Fixture fixture;
  fixture.provider.GiveKeys({"a", "b"});
  CHECK(fixture.keeper.state().fetches == 0);
  CHECK(fixture.Knows("a"));
  CHECK(fixture.Knows("b"));
  CHECK(fixture.keeper.state().fetches == 1);
  CHECK(fixture.keeper.state().keys == 2);
  CHECK(fixture.keeper.state().good_at == fixture.clock.Now());
}

TEST_CASE("a new key is found by one fetch, once the pause is over", "[key_keeper]") {
  Fixture fixture;
  fixture.provider.GiveKeys({"old"});
  CHECK(fixture.Knows("old"));
  fixture.provider.GiveKeys({"old", "new"});
  CHECK_FALSE(fixture.Knows("new"));
  fixture.clock.Advance(seconds(29));
  CHECK_FALSE(fixture.Knows("new"));
  CHECK(fixture.keeper.state().fetches == 1);
  fixture.clock.Advance(seconds(1));
  CHECK(fixture.Knows("new"));
  CHECK(fixture.keeper.state().fetches == 2);
}

TEST_CASE("a thousand unknown keys cause one fetch in half a minute", "[key_keeper]") {
  Fixture fixture;
  fixture.provider.GiveKeys({"a"});
  CHECK(fixture.Knows("a"));
  fixture.clock.Advance(seconds(30));
  for (int i = 0; i < 1000; ++i) {
    CHECK_FALSE(fixture.Knows("unknown-" + std::to_string(i)));
    fixture.clock.Advance(milliseconds(29));
  }
  CHECK(fixture.keeper.state().fetches == 2);
  CHECK(fixture.Knows("a"));
}

TEST_CASE("a provider that fails is not asked more often either", "[key_keeper]") {
  Fixture fixture;
  for (int i = 0; i < 100; ++i) {
    const auto keys = fixture.keeper.KeysFor("a", kLong);
    CHECK(absl::IsUnavailable(keys.status()));
  }
  CHECK(fixture.keeper.state().fetches == 1);
  fixture.provider.GiveKeys({"a"});
  fixture.clock.Advance(seconds(30));
  CHECK(fixture.Knows("a"));
}

TEST_CASE("keys are good for a day without the provider, and no longer", "[key_keeper]") {
  Fixture fixture;
  fixture.provider.GiveKeys({"a"});
  CHECK(fixture.Knows("a"));
  fixture.provider.Give(absl::UnavailableError("away"));
  fixture.clock.Advance(hours(24) - seconds(1));
  CHECK(fixture.Knows("a"));
  fixture.Settle();
  CHECK(absl::IsUnavailable(fixture.keeper.state().last_fetch));
  fixture.clock.Advance(seconds(1));
  CHECK(absl::IsUnavailable(fixture.keeper.KeysFor("a", kLong).status()));
  fixture.clock.Advance(seconds(30));
  CHECK(absl::IsUnavailable(fixture.keeper.KeysFor("a", kLong).status()));
  fixture.provider.GiveKeys({"a"});
  fixture.clock.Advance(seconds(30));
  CHECK(fixture.Knows("a"));
}

TEST_CASE("an answer that is rubbish changes nothing", "[key_keeper]") {
  Fixture fixture;
  fixture.provider.GiveKeys({"a"});
  CHECK(fixture.Knows("a"));
  for (const char* rubbish :
       {"", "<html>", "{}", R"({"keys":[]})", R"({"keys":[{"kid":"a","kty":"oct","k":"AA"}]})"}) {
    fixture.provider.Give(std::string(rubbish));
    fixture.clock.Advance(seconds(30));
    CHECK_FALSE(fixture.Knows("b"));
    CHECK(absl::IsInvalidArgument(fixture.keeper.state().last_fetch));
    CHECK(fixture.Knows("a"));
  }
}

TEST_CASE("a key that the provider takes back is forgotten within minutes", "[key_keeper]") {
  Fixture fixture;
  fixture.provider.GiveKeys({"a", "leaked"});
  CHECK(fixture.Knows("leaked"));
  fixture.provider.GiveKeys({"a"});
  fixture.clock.Advance(minutes(10));
  // Whoever sees that the keys are old does not wait for new ones.
  CHECK(fixture.Knows("leaked", milliseconds(0)));
  fixture.Settle();
  CHECK_FALSE(fixture.Knows("leaked"));
  CHECK(fixture.Knows("a"));
  CHECK(fixture.keeper.state().fetches == 2);
}

TEST_CASE("a provider that hangs holds up nobody beyond the deadline", "[key_keeper]") {
  Fixture fixture;
  fixture.provider.GiveKeys({"a"});
  CHECK(fixture.Knows("a"));
  fixture.provider.Hang(true);
  fixture.clock.Advance(minutes(10));
  CHECK(fixture.Knows("a", milliseconds(0)));
  fixture.provider.AwaitFetch();
  CHECK(fixture.Knows("a", milliseconds(0)));
  const auto begun = std::chrono::steady_clock::now();
  const auto keys = fixture.keeper.KeysFor("b", milliseconds(20));
  CHECK(absl::IsDeadlineExceeded(keys.status()));
  CHECK(std::chrono::steady_clock::now() - begun < seconds(10));
  // The caller in a hurry did not end the fetch, and the next one has its fruit.
  fixture.provider.GiveKeys({"a", "b"});
  fixture.provider.Hang(false);
  CHECK(fixture.Knows("b"));
  CHECK(fixture.keeper.state().fetches == 2);
}

TEST_CASE("only so many callers wait, and the others are told at once", "[key_keeper]") {
  support::FakeClock clock;
  FakeProvider provider;
  provider.GiveKeys({"a"});
  provider.Hang(true);
  KeyKeeper::Rules rules;
  rules.most_waiting = 1;
  KeyKeeper keeper(provider.fetch(), clock, rules);
  std::atomic<int> served = 0;
  std::atomic<int> refused = 0;
  {
    std::vector<std::jthread> callers;
    for (int i = 0; i < 8; ++i) {
      callers.emplace_back([&] {
        const auto keys = keeper.KeysFor("a", kLong);
        ++(keys.ok() ? served : refused);
        // The one who waits is let go when all others have been sent away.
        if (refused == 7) provider.Hang(false);
      });
    }
  }
  CHECK(served == 1);
  CHECK(refused == 7);
}

TEST_CASE("a keeper that ends stops the fetch under way", "[key_keeper]") {
  support::FakeClock clock;
  FakeProvider provider;
  provider.Hang(true);
  auto keeper = std::make_unique<KeyKeeper>(provider.fetch(), clock);
  CHECK(absl::IsDeadlineExceeded(keeper->KeysFor("a", milliseconds(0)).status()));
  provider.AwaitFetch();
  keeper.reset();
  SUCCEED("the destructor came back");
}

TEST_CASE("a clock that is set back ends neither keys nor fetches", "[key_keeper]") {
  Fixture fixture;
  fixture.provider.GiveKeys({"a"});
  CHECK(fixture.Knows("a"));
  fixture.clock.Advance(-hours(1000));
  CHECK(fixture.Knows("a"));
  fixture.provider.GiveKeys({"a", "b"});
  fixture.Settle();
  fixture.clock.Advance(seconds(30));
  CHECK(fixture.Knows("b"));
}

TEST_CASE("many threads get their keys from one fetch", "[key_keeper]") {
  Fixture fixture;
  fixture.provider.GiveKeys({"a"});
  std::atomic<int> served = 0;
  {
    std::vector<std::jthread> callers;
    for (int i = 0; i < 8; ++i) {
      callers.emplace_back([&] {
        for (int j = 0; j < 200; ++j) served += fixture.Knows("a") ? 1 : 0;
      });
    }
  }
  CHECK(served == 1600);
  CHECK(fixture.keeper.state().fetches == 1);
}

TEST_CASE("a token is verified with the key that it names", "[key_keeper]") {
  Fixture fixture;
  const TokenWorld& world = World();
  fixture.clock.Set(world.now());
  const std::string token = world.Es();
  const auto verify = [&](const std::string& text) {
    return VerifyToken(text, world.issuer, fixture.keeper, fixture.clock.Now(), kLong);
  };
  // Without keys it is nobody's fault: not "refused", but "try again".
  CHECK(absl::IsUnavailable(verify(token).status()));
  fixture.provider.GiveKeys({"es-1"});
  fixture.clock.Advance(seconds(30));
  CHECK(verify(token).ok());
  const int fetches = fixture.keeper.state().fetches;
  fixture.clock.Advance(seconds(30));
  // A stranger's token is not worth a fetch.
  const auto stranger = verify(world.Es({{"iss", "https://other.example"}}, {{"kid", "x"}}));
  CHECK(RefusalOf(stranger.status()) == TokenRefusal::kWrongIssuer);
  CHECK(RefusalOf(verify("rubbish").status()) == TokenRefusal::kNotThreeParts);
  CHECK(fixture.keeper.state().fetches == fetches);
  const auto unknown = verify(world.Es({}, {{"kid", "x"}}));
  CHECK(RefusalOf(unknown.status()) == TokenRefusal::kUnknownKey);
  CHECK(fixture.keeper.state().fetches == fetches + 1);
}

}  // namespace brobygger::access
