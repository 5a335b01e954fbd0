#pragma once

#include <memory>
#include <string>

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
  // Waits for the calls under way.
  ~ConnectDoor();
  ConnectDoor(const ConnectDoor&) = delete;
  ConnectDoor& operator=(const ConnectDoor&) = delete;

  // Answers a POST whose path ends in "/<service>/<method>", here `method`, as whoever `bearer`
  // belongs to; "" is a stranger.
  void Answer(const Request& request,
              const std::string& method,
              const std::string& bearer,
              Respond respond);

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
  CallsUnderWay calls_;  // gone, and so waited for, before the rest
};

}  // namespace brobygger::web
