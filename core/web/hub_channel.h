// What the clients of the hub's sockets share.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>
#include <grpcpp/grpcpp.h>

namespace brobygger::web {

// To `address` as gRPC takes it ("unix:/run/brobygger/hub.sock"), for answers of at most so many
// bytes. Once the hub is back after an absence it is found within a second or two.
std::shared_ptr<grpc::Channel> ConnectToHub(const std::string& address, int most_bytes);

// With the reason and the facts that the hub told, and gRPC's own errors without.
absl::Status ToStatus(const grpc::Status& status);

// The same for strangers: gRPC's own words, which may name paths, give way to ours.
absl::Status ToTellableStatus(const grpc::Status& status);

// Whether the hub gave this answer itself, and not gRPC because it did not reach the hub.
bool ReachedHub(const grpc::Status& status);

std::string TextOf(const grpc::ByteBuffer& buffer);

// Hands on who asks: the key or token that they show ("": none), and where they come from.
void ShowCaller(const std::string& bearer,
                const std::string& address,
                grpc::ClientContext& context);

void SetDeadline(grpc::ClientContext& context, std::chrono::milliseconds patience);

// Tells, when it goes, that a call is over. First in a call, so that it goes last: gRPC lets
// go of its own part of the call after the callback has run, and until then neither the
// channel nor the library may be taken away.
class Presence {
 public:
  explicit Presence(std::function<void()> leave) : leave_(std::move(leave)) {}
  ~Presence() { leave_(); }
  Presence(const Presence&) = delete;
  Presence& operator=(const Presence&) = delete;

 private:
  const std::function<void()> leave_;
};

// Calls under way, and whether the last one reached the hub, which the log tells once each time
// it changes. Thread-safe.
class CallsUnderWay {
 public:
  CallsUnderWay() = default;
  // Waits for them, and for what they call back.
  ~CallsUnderWay();
  CallsUnderWay(const CallsUnderWay&) = delete;
  CallsUnderWay& operator=(const CallsUnderWay&) = delete;

  // What a Presence takes: a call has begun.
  std::function<void()> Enter();

  void NoteReached(bool reached);

 private:
  void Leave();

  absl::Mutex mutex_;
  int under_way_ ABSL_GUARDED_BY(mutex_) = 0;
  bool reached_ ABSL_GUARDED_BY(mutex_) = true;
};

}  // namespace brobygger::web
