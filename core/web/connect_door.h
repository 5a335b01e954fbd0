#pragma once

#include <functional>
#include <memory>
#include <string>

#include <absl/base/thread_annotations.h>
#include <absl/container/flat_hash_set.h>
#include <absl/synchronization/mutex.h>
#include <grpcpp/grpcpp.h>

#include "core/web/admission.h"
#include "core/web/http.h"
#include "core/web/hub_channel.h"
#include "core/web/hub_stream.h"
#include "core/web/method_table.h"
#include "core/web/transcoder.h"

namespace brobygger::web {

// Hands calls in the Connect protocol on to the hub's socket for callers who sign in, in the name
// of whoever makes them: their token or key and their address go along, and nothing of our own.
// Without waiting. Thread-safe.
class ConnectDoor {
 public:
  // `hub` as gRPC takes it: "unix:/run/brobygger/people.sock".
  explicit ConnectDoor(const std::string& hub, const AdmissionLimits& limits = kLimits);
  // Cancels the calls under way, and waits for them.
  ~ConnectDoor();
  ConnectDoor(const ConnectDoor&) = delete;
  ConnectDoor& operator=(const ConnectDoor&) = delete;

  // Who calls: the token or key that they show, "" for a stranger, and who hears of it if the hub
  // does not take it (any more); on any thread.
  struct CalledBy {
    std::string bearer = {};
    std::function<void()> on_refused = {};
  };

  // Answers a POST whose path ends in "/<service>/<method>", here `method`.
  void Answer(const Request& request,
              const std::string& method,
              const CalledBy& caller,
              const Respond& respond);

  const Transcoder& transcoder() const { return transcoder_; }

 private:
  struct Stub;
  struct Asked;
  struct UnaryCall;

  // A browser has six connections to a place; a person may have several windows.
  static constexpr AdmissionLimits kLimits = {.requests = 512, .requests_of_one = 48};

  absl::Status Admit(Asked& asked);
  absl::Status Begin(const Asked& asked, grpc::ClientContext& context) const;
  Response Refusal(const Asked& asked, const absl::Status& status) const;
  void AnswerOnce(Asked& asked, const Respond& respond);
  void Tell(const grpc::Status& status, UnaryCall& call) const;
  void AnswerStream(Asked& asked, const Respond& respond);
  HubStream::Wording WordingOf(const Method& method, bool json) const;

  const std::unique_ptr<Stub> stub_;
  const MethodTable methods_;
  const Transcoder transcoder_;
  Admission admission_;
  absl::Mutex mutex_;
  // Of unary calls: a hub that hangs must not keep the door from ending.
  absl::flat_hash_set<grpc::ClientContext*> open_ ABSL_GUARDED_BY(mutex_);
  CallsUnderWay calls_;  // gone, and so waited for, before the rest
};

}  // namespace brobygger::web
