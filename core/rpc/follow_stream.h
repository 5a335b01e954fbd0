#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>
#include <grpcpp/grpcpp.h>

#include "core/rpc/door.h"

namespace brobygger::rpc {

// What a caller follows, from a place of its own. Belongs to one thread at a time.
class News {
 public:
  virtual ~News() = default;

  struct Part {
    grpc::ByteBuffer bytes;
    std::size_t rows = 0;  // records it tells
    bool last = false;     // the stream ends after it
  };
  // What comes next; nothing if there is nothing now. Short work: it runs on gRPC's threads.
  virtual absl::StatusOr<std::optional<Part>> Next() = 0;

  // A message that says only that all is well.
  virtual grpc::ByteBuffer SignOfLife() = 0;
};

// One caller's stream of news. Makes a message when the one before has been sent, so it is as slow
// as its reader and holds one message in memory. Lives until gRPC is done with it and nobody pumps
// it.
class FollowStream final : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  struct Parts {
    Door::Pass pass;
    std::unique_ptr<News> news;  // may refer to the pass's caller
    // Whether the caller still may follow, as of now; asked before there is news to tell, at most
    // once a second, and with each tick.
    std::function<absl::Status()> still_may = {};
  };

  // Before the first Pump().
  void Begin(Parts parts);

  // Sends what there is, if nothing is being sent. `tick`: and if there is nothing, and nothing was
  // sent since the last tick, a sign of life. Any thread but the store's.
  void Pump(bool tick = false);

  // Ends the stream with an error as soon as nothing is being sent. Then Pump().
  void EndWith(const absl::Status& status);

  // Called once, when gRPC is done with the stream.
  void OnGone(std::function<void()> gone) { gone_ = std::move(gone); }

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  enum class Step { kNone, kWrite, kFinish };

  void Do(Step step);
  Step NextStep(bool tick) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<Step> Work(bool tick) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status StillMay(bool tick) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  std::function<void()> gone_;
  grpc::ByteBuffer outgoing_;  // gRPC's while a write is under way
  absl::Mutex mutex_;
  Parts parts_ ABSL_GUARDED_BY(mutex_);
  std::optional<std::chrono::steady_clock::time_point> asked_ ABSL_GUARDED_BY(mutex_);
  std::optional<absl::Status> end_ ABSL_GUARDED_BY(mutex_);
  bool sent_since_tick_ ABSL_GUARDED_BY(mutex_) = false;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace brobygger::rpc
