#pragma once

#include <chrono>

#include <google/protobuf/timestamp.pb.h>

namespace brobygger::base {

// Microseconds since the Unix epoch, UTC.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;

// Tells the time. Classes that need it take one, so that tests can set it.
// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant Now() const = 0;
};

// The machine's clock. Lives for ever.
const Clock& SystemClock();

google::protobuf::Timestamp ToTimestamp(Instant instant);
Instant ToInstant(const google::protobuf::Timestamp& timestamp);

}  // namespace brobygger::base
