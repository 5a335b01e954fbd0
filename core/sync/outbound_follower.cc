#include "core/sync/outbound_follower.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <thread>

#include <absl/synchronization/mutex.h>
#include <absl/time/time.h>

#include "core/base/log.h"

namespace brobygger::sync {
namespace {

// How late what was put off may be tried again.
constexpr absl::Duration kTick = absl::Seconds(1);
// After a source that did not answer: doubling to half an hour, since each try leaves a
// report.
constexpr std::chrono::seconds kRest(30);
constexpr int kMostFollowerDoublings = 6;

}  // namespace

class OutboundFollower::Impl {
 public:
  Impl(Engine& engine, storage::Store& store, feed::Feed& feed, const base::Clock& clock)
      : engine_(engine),
        store_(store),
        clock_(clock),
        follower_(feed.Follow(feed.newest(), [this] { Wake(); })),
        thread_([this] { Loop(); }) {}

  ~Impl() {
    cancel_.Cancel();
    {
      absl::MutexLock lock(&mutex_);
      stopping_ = true;
    }
    thread_.join();
  }

 private:
  // What is known of one connection.
  struct Place {
    storage::Revision tried = 0;  // changes up to here need no new try
    std::uint64_t tried_due = 0;  // nor does what was due then
    base::Instant not_before;
    int failures = 0;  // in a row
  };

  void Wake() {
    absl::MutexLock lock(&mutex_);
    woken_ = true;
  }

  bool Stopping() {
    absl::MutexLock lock(&mutex_);
    return stopping_;
  }

  void Loop() {
    while (true) {
      {
        absl::MutexLock lock(&mutex_);
        mutex_.AwaitWithTimeout(absl::Condition(
                                    +[](Impl* self) ABSL_EXCLUSIVE_LOCKS_REQUIRED(self->mutex_) {
                                      return self->stopping_ || self->woken_;
                                    },
                                    this),
                                kTick);
        if (stopping_) return;
        woken_ = false;
      }
      WriteWhatChanged();
    }
  }

  void WriteWhatChanged() {
    const base::Instant now = clock_.Now();
    const auto writing = engine_.WritingConnections(now);
    if (!writing.ok()) return;
    for (const Engine::Writing& one : *writing) {
      if (Stopping()) return;
      Place& place = places_[one.connection_id];
      if (now < place.not_before) continue;
      const auto latest = store_.Latest();
      const auto changes = store_.ChangesAfter(place.tried, 1);
      if (!latest.ok() || !changes.ok()) return;
      if (changes->empty() && (one.due == 0 || one.due == place.tried_due)) continue;
      if (Run(one.connection_id, (*latest)->revision(), place)) place.tried_due = one.due;
    }
  }

  // Whether it got to its end.
  bool Run(const std::string& connection_id, storage::Revision revision, Place& place) {
    const absl::Status run = engine_.RunOutbound(connection_id, cancel_);
    if (run.ok()) {
      place.tried = revision;
      place.failures = 0;
      return true;
    }
    if (absl::IsAborted(run)) return false;  // another run is under way
    place.not_before =
        clock_.Now() + kRest * (1 << std::min(place.failures++, kMostFollowerDoublings));
    base::LogWarning("outbound_failed",
                     {{"connection", base::ConnectionId(connection_id)}, {"code", run.raw_code()}});
    return false;
  }

  Engine& engine_;
  storage::Store& store_;
  const base::Clock& clock_;
  supervisor::CancelToken cancel_;
  std::map<std::string, Place> places_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool woken_ ABSL_GUARDED_BY(mutex_) = true;
  const std::unique_ptr<feed::Follower> follower_;
  std::thread thread_;
};

OutboundFollower::OutboundFollower(Engine& engine,
                                   storage::Store& store,
                                   feed::Feed& feed,
                                   const base::Clock& clock)
    : impl_(std::make_unique<Impl>(engine, store, feed, clock)) {}
OutboundFollower::~OutboundFollower() = default;

}  // namespace brobygger::sync
