#pragma once

#include <atomic>
#include <string>

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>
#include <grpcpp/generic/async_generic_service.h>

#include "brobygger/sdk/bb_abi.h"

namespace brobygger::host {
class Server;
class ForwardedCall;
}  // namespace brobygger::host

// What a plugin holds while it answers.
struct bb_call {
  brobygger::host::ForwardedCall* forwarded;
};

namespace brobygger::host {

// One call of the hub, from its request to its status. gRPC owns its life: it
// deletes itself when gRPC is done with it.
class ForwardedCall final : public grpc::ServerGenericBidiReactor {
 public:
  ForwardedCall(grpc::GenericCallbackServerContext* context, Server& server, std::string method);

  // For the plugin: see bb_host_v1. From the thread that answers.
  int Reply(const void* bytes, std::size_t size);
  bool cancelled() const { return cancelled_; }
  std::int64_t NanosecondsLeft() const;

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  // Has the plugin answer, and ends the call.
  void Answer();
  grpc::Status AskPlugin();
  void WaitForWrite();

  grpc::GenericCallbackServerContext* const context_;
  Server& server_;
  const std::string method_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer outgoing_;
  std::atomic<bool> cancelled_ = false;
  absl::Mutex mutex_;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool broken_ ABSL_GUARDED_BY(mutex_) = false;
};

// The table given to the plugin.
const bb_host_v1& HostTable();

}  // namespace brobygger::host
