#include "core/access/key_keeper.h"

#include <utility>

#include <absl/time/time.h>

#include "core/base/status_macros.h"

namespace brobygger::access {

KeyKeeper::KeyKeeper(Fetch fetch, const base::Clock& clock, const Rules& rules)
    : fetch_(std::move(fetch)),
      clock_(clock),
      rules_(rules),
      thread_([this](const std::stop_token& stop) { Run(stop); }) {}

KeyKeeper::~KeyKeeper() {
  thread_.request_stop();
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

void KeyKeeper::Run(const std::stop_token& stop) {
  for (;;) {
    {
      absl::MutexLock lock(&mutex_);
      const auto has_work = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        return stopping_ || asked_ > ended_;
      };
      mutex_.Await(absl::Condition(&has_work));
      if (stopping_) return;
    }
    Settle(fetch_(stop));
  }
}

void KeyKeeper::Settle(absl::StatusOr<std::string> fetched) {
  // Read before the lock is taken: it is the part that costs.
  absl::StatusOr<KeySet> read = fetched.ok() ? ParseKeySet(*fetched, rules_.limits)
                                             : absl::StatusOr<KeySet>(fetched.status());
  const base::Instant now = clock_.Now();
  absl::MutexLock lock(&mutex_);
  ++ended_;
  last_fetch_ = read.status();
  if (!read.ok()) return;
  keys_ = std::make_shared<const KeySet>(*std::move(read));
  good_at_ = now;
}

bool KeyKeeper::MayFetch(base::Instant now) const {
  if (stopping_ || asked_ > ended_) return false;
  // If the clock was set back, waiting for it to catch up could take any time.
  return asked_ == 0 || now < asked_at_ || now - asked_at_ >= rules_.pause;
}

void KeyKeeper::AskForFetch(base::Instant now) {
  asked_at_ = now;
  ++asked_;
}

std::shared_ptr<const KeySet> KeyKeeper::GoodKeys(base::Instant now) const {
  return keys_ != nullptr && now - good_at_ < rules_.keep ? keys_ : nullptr;
}

absl::Status KeyKeeper::AwaitFetch(std::chrono::milliseconds most_wait) {
  if (waiting_ >= rules_.most_waiting) {
    return absl::UnavailableError("Too many callers wait for the login provider's keys.");
  }
  const int wanted = asked_;
  const auto has_ended = [this, wanted]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || ended_ >= wanted;
  };
  ++waiting_;
  const bool in_time =
      mutex_.AwaitWithTimeout(absl::Condition(&has_ended), absl::FromChrono(most_wait));
  --waiting_;
  if (in_time) return absl::OkStatus();
  return absl::DeadlineExceededError("The login provider did not give its keys in time.");
}

absl::StatusOr<std::shared_ptr<const KeySet>> KeyKeeper::KeysFor(
    std::string_view key_id, std::chrono::milliseconds most_wait) {
  const base::Instant now = clock_.Now();
  absl::MutexLock lock(&mutex_);
  std::shared_ptr<const KeySet> keys = GoodKeys(now);
  const bool known = keys != nullptr && keys->keys.contains(key_id);
  // Also where the clock was set back, so that age says nothing.
  const bool fresh = now >= good_at_ && now - good_at_ < rules_.refresh;
  if ((!known || !fresh) && MayFetch(now)) AskForFetch(now);
  if (known) return keys;
  // A fetch that somebody else asked for may bring the key as well.
  if (asked_ > ended_) {
    BB_RETURN_IF_ERROR(AwaitFetch(most_wait));
    keys = GoodKeys(clock_.Now());
  }
  if (keys == nullptr) {
    return absl::UnavailableError("There are no keys of the login provider to check a token with.");
  }
  return keys;
}

KeyKeeper::State KeyKeeper::state() const {
  absl::MutexLock lock(&mutex_);
  return {asked_, last_fetch_, good_at_, keys_ == nullptr ? 0 : keys_->keys.size()};
}

absl::StatusOr<Claims> VerifyToken(std::string_view text,
                                   const Issuer& issuer,
                                   KeyKeeper& keeper,
                                   base::Instant now,
                                   std::chrono::milliseconds most_wait) {
  BB_ASSIGN_OR_RETURN(const TokenHint hint, ReadHint(text));
  // Only a token that claims to be of this issuer is worth a fetch.
  if (hint.issuer != issuer.issuer) return RefuseToken(TokenRefusal::kWrongIssuer);
  BB_ASSIGN_OR_RETURN(const std::shared_ptr<const KeySet> keys,
                      keeper.KeysFor(hint.key_id, most_wait));
  return VerifyToken(text, issuer, *keys, now);
}

}  // namespace brobygger::access
