#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include "brobygger/sync/v1/operation.pb.h"

#include "core/sync/keys.h"
#include "core/sync/source_writer.h"
#include "core/sync/write_window.h"

namespace brobygger::sync {

// Sends writes that are on the disk, on a thread of its own, while the run's next part is applied,
// and has written down what became of them. In the order they were queued.
//
// A plugin that ends while it writes leaves all that it was sent in doubt. Those that were not
// done are sent in smaller and smaller groups by the runs that follow, so that one write that
// ends the plugin holds up no other for long.
class OutboundSender {
 public:
  // Writes down what became of `sent`, within a write of the store's.
  using TakeOutcomes =
      std::function<absl::Status(storage::Transaction& transaction,
                                 const std::vector<v1::Operation>& sent,
                                 const std::vector<plugin::v1::OperationResult>& results)>;

  // All must outlive the sender.
  OutboundSender(storage::Store& store,
                 const std::string& actor,
                 const StreamKey& stream,
                 SourceWriter& writer,
                 TakeOutcomes take);
  // Sends what waits.
  ~OutboundSender();
  OutboundSender(const OutboundSender&) = delete;
  OutboundSender& operator=(const OutboundSender&) = delete;

  // Of writes that are on the disk. From any thread; does not wait.
  void Queue(std::vector<v1::Operation> intents);

  // Waits until so few groups wait that another may be made. The first error: then
  // nothing more is sent, and what waits is planned anew.
  absl::Status AwaitRoom();

  // Waits until all that was queued is sent and written down. The first error.
  absl::Status Drain();

 private:
  void Run();
  absl::Status Send(const std::vector<v1::Operation>& intents);
  absl::Status SendGroup(std::vector<v1::Operation> group);
  absl::Status PlanAnew(const std::vector<v1::Operation>& intents);
  bool HasRoom() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return waiting_.size() < 2; }
  bool HasWork() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return ended_ || !waiting_.empty(); }
  bool Idle() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return waiting_.empty() && !sending_; }

  const StreamKey& stream_;
  SourceWriter& writer_;
  const TakeOutcomes take_;
  absl::Mutex mutex_;
  std::deque<std::vector<v1::Operation>> waiting_ ABSL_GUARDED_BY(mutex_);
  bool sending_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status first_error_ ABSL_GUARDED_BY(mutex_);
  WriteWindow window_;
  std::thread thread_;  // last: it uses all of the above
};

// How many writes that were interrupted so often are sent together.
std::size_t MostTogether(std::uint32_t interrupted_count);

}  // namespace brobygger::sync
