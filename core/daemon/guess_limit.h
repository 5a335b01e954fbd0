#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <string>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/container/flat_hash_map.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include "core/base/clock.h"

namespace brobygger::daemon {

// How many wrong keys and tokens one source may show: ten in any minute are answered. What is
// shown after that is not looked at, right or wrong, until the minute is over. Right ones cost
// nothing, so that all of a municipality may come from one address. Thread-safe.
class GuessLimit {
 public:
  static constexpr std::size_t kMostGuesses = 10;
  static constexpr std::chrono::seconds kWithin = std::chrono::seconds(60);
  // Sources that are remembered, some 300 bytes each; beyond that the one that was quiet longest
  // is forgotten. Whoever has more addresses than this may guess ten times from each anyway.
  static constexpr std::size_t kMostSources = 16'384;

  // `clock` must outlive it.
  explicit GuessLimit(const base::Clock& clock) : clock_(clock) {}

  // Before what a source shows is looked at. TOO_MANY_TRIES.
  absl::Status MayTry(const std::string& source);

  // After something wrong was shown: TOO_MANY_TRIES if others at the same time have used up what
  // the source may try, so that this one must not be told that it was wrong.
  absl::Status TellWrong(const std::string& source);

  std::size_t sources() const;

 private:
  struct Source {
    std::string name;
    std::vector<base::Instant> wrong;  // at most kMostGuesses, the oldest first
  };

  absl::Status Check(Source& source, base::Instant now) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const base::Clock& clock_;
  mutable absl::Mutex mutex_;
  // The one that tried in vain last is at the end.
  std::list<Source> sources_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, std::list<Source>::iterator> by_name_ ABSL_GUARDED_BY(mutex_);
};

// What counts as one source of an address that a proxy hands on: an IPv4 address, or the network
// of an IPv6 one (/64), of which somebody has all. "proxy" if it is no address.
std::string SourceOf(const std::string& address);

}  // namespace brobygger::daemon
