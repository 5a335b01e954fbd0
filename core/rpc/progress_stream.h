#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>
#include <grpcpp/grpcpp.h>

#include "core/rpc/door.h"
#include "core/supervisor/supervisor.h"

namespace brobygger::rpc {

// The answer of a call that works for long: news of its progress, then one last
// message. One write is under way at a time; news that comes meanwhile replaces
// older news, so a slow reader slows nothing down and misses only what is out of
// date. Lives until gRPC is done with it and the worker has let go.
class ProgressStream final : public grpc::ServerWriteReactor<grpc::ByteBuffer>,
                             public std::enable_shared_from_this<ProgressStream> {
 public:
  // gRPC holds the stream until OnDone().
  static std::shared_ptr<ProgressStream> Make();

  void Admit(Door::Pass pass) { pass_ = std::move(pass); }
  const access::Caller& caller() const { return pass_.caller(); }

  // Set when the caller cancels, is gone, or its deadline has passed.
  const supervisor::CancelToken& cancel() const { return cancel_; }

  // A message that tells how far the call has come.
  void Tell(const grpc::ByteBuffer& news);
  // The last message; or the error that takes its place. Once.
  void End(const grpc::ByteBuffer& last);
  void Fail(const absl::Status& status);

  void OnWriteDone(bool ok) override;
  void OnCancel() override { cancel_.Cancel(); }
  void OnDone() override { self_.reset(); }

 private:
  // What to hand to gRPC next, which must not happen under the lock.
  enum class Step { kNone, kWrite, kFinish };

  Step NextStep() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Do(Step step);
  void EndWith(std::optional<grpc::ByteBuffer> last, const grpc::Status& status);

  std::shared_ptr<ProgressStream> self_;
  Door::Pass pass_;
  supervisor::CancelToken cancel_;
  grpc::ByteBuffer outgoing_;  // gRPC's while a write is under way
  absl::Mutex mutex_;
  std::optional<grpc::ByteBuffer> news_ ABSL_GUARDED_BY(mutex_);
  std::optional<grpc::ByteBuffer> last_ ABSL_GUARDED_BY(mutex_);
  std::optional<grpc::Status> end_ ABSL_GUARDED_BY(mutex_);
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace brobygger::rpc
