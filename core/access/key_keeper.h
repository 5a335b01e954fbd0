#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include "core/access/jwks.h"
#include "core/access/jwt.h"
#include "core/base/clock.h"

namespace brobygger::access {

// Keeps one issuer's keys at hand, so that a provider that is slow, away or broken ends
// no login: the keys it last gave are good for a day. How they are fetched is not known
// here; a thread of the keeper's own does it, under no lock and one fetch at a time, so
// that no caller waits for the network longer than it said, and a caller in a hurry does
// not end the fetch that others wait for.
//
// Thread-safe. The destructor tells a fetch under way to stop, and waits for it.
class KeyKeeper {
 public:
  // Gets the bytes of the key set. Must end by itself within seconds, and soon after a
  // stop is asked for. Called by the keeper's thread only.
  using Fetch = std::function<absl::StatusOr<std::string>(std::stop_token)>;

  struct Rules {
    // How long keys are good without the provider, from when it last gave them.
    std::chrono::seconds keep = std::chrono::hours(24);
    // How old they may be before they are fetched again while they go on being used: how
    // long a key that the provider took back may still open something.
    std::chrono::seconds refresh = std::chrono::minutes(10);
    // What lies at least between the beginnings of two fetches, whatever strangers send.
    std::chrono::seconds pause = std::chrono::seconds(30);
    // How many callers may wait for a fetch at once; strangers' tokens must not use up
    // the threads that serve calls.
    int most_waiting = 16;
    KeySetLimits limits = {};
  };

  // How the keeper is doing, for logs and health.
  struct State {
    // How many fetches have begun.
    int fetches = 0;
    // What came of the last one that ended. Holds nothing of what was fetched.
    absl::Status last_fetch;
    // When the provider last gave keys; 1970 if never.
    base::Instant good_at;
    std::size_t keys = 0;
  };

  // `clock` must outlive the keeper. Fetches nothing yet.
  KeyKeeper(Fetch fetch, const base::Clock& clock, const Rules& rules);
  KeyKeeper(Fetch fetch, const base::Clock& clock) : KeyKeeper(std::move(fetch), clock, Rules()) {}
  ~KeyKeeper();
  KeyKeeper(const KeyKeeper&) = delete;
  KeyKeeper& operator=(const KeyKeeper&) = delete;

  // The keys to verify a token with that names `key_id`. If the keeper does not know that
  // key, it fetches first, unless it did so within the pause; the answer may thus lack
  // it, and the token is then refused. Waits at most `most_wait`, by the machine's clock.
  //
  // UNAVAILABLE: there are no keys that are good, or too many wait. DEADLINE_EXCEEDED: a
  // fetch that might bring the key takes longer than `most_wait`. Both may be tried again.
  absl::StatusOr<std::shared_ptr<const KeySet>> KeysFor(std::string_view key_id,
                                                        std::chrono::milliseconds most_wait);

  State state() const;

 private:
  void Run(const std::stop_token& stop);
  void Settle(absl::StatusOr<std::string> fetched);
  bool MayFetch(base::Instant now) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AskForFetch(base::Instant now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::shared_ptr<const KeySet> GoodKeys(base::Instant now) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status AwaitFetch(std::chrono::milliseconds most_wait)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Fetch fetch_;
  const base::Clock& clock_;
  const Rules rules_;

  mutable absl::Mutex mutex_;
  std::shared_ptr<const KeySet> keys_ ABSL_GUARDED_BY(mutex_);
  base::Instant good_at_ ABSL_GUARDED_BY(mutex_);
  base::Instant asked_at_ ABSL_GUARDED_BY(mutex_);
  absl::Status last_fetch_ ABSL_GUARDED_BY(mutex_);
  // How many fetches were asked for, and how many of them have ended.
  int asked_ ABSL_GUARDED_BY(mutex_) = 0;
  int ended_ ABSL_GUARDED_BY(mutex_) = 0;
  int waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;

  // Last, so that it begins when all else is there, and ends first.
  std::jthread thread_;
};

// VerifyToken() with the keeper's keys: first finds out which key the token names, and
// waits for it at most `most_wait`. UNAUTHENTICATED as VerifyToken() has it, or the errors
// of KeysFor(), which are no fault of the caller's. Thread-safe.
absl::StatusOr<Claims> VerifyToken(std::string_view text,
                                   const Issuer& issuer,
                                   KeyKeeper& keeper,
                                   base::Instant now,
                                   std::chrono::milliseconds most_wait);

}  // namespace brobygger::access
