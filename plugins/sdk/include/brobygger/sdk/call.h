#pragma once

#include <atomic>
#include <chrono>
#include <string>

#include <google/protobuf/message_lite.h>

#include "brobygger/sdk/bb_abi.h"

namespace brobygger::sdk {

// One call in progress. Belongs to the thread that answers it, but cancelled() may
// be asked from any.
class Call {
 public:
  // `stopping` must outlive the call.
  Call(const bb_host_v1& host, bb_call* call, const std::atomic<bool>& stopping)
      : host_(host), call_(call), stopping_(stopping) {}

  // True when the hub gave up the call or asked the plugin to stop: end within a
  // second.
  bool cancelled() const { return stopping_ || host_.cancelled(call_) != 0; }

  // What is left until the hub gives up.
  std::chrono::nanoseconds time_left() const {
    return std::chrono::nanoseconds(host_.deadline_ns(call_));
  }

  // Sends one answer; waits while the hub is slow. False: nobody listens.
  bool Reply(const google::protobuf::MessageLite& message) {
    bytes_.clear();
    return message.AppendToString(&bytes_) && host_.reply(call_, bytes_.data(), bytes_.size()) == 0;
  }

 private:
  const bb_host_v1& host_;
  bb_call* const call_;
  const std::atomic<bool>& stopping_;
  std::string bytes_;
};

}  // namespace brobygger::sdk
