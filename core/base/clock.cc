#include "core/base/clock.h"

namespace brobygger::base {
namespace {

class MachineClock final : public Clock {
 public:
  Instant Now() const override {
    return std::chrono::time_point_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now());
  }
};

}  // namespace

const Clock& SystemClock() {
  static const MachineClock kClock;
  return kClock;
}

google::protobuf::Timestamp ToTimestamp(Instant instant) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(instant);
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(seconds.time_since_epoch().count());
  timestamp.set_nanos(
      static_cast<std::int32_t>(std::chrono::nanoseconds(instant - seconds).count()));
  return timestamp;
}

Instant ToInstant(const google::protobuf::Timestamp& timestamp) {
  return Instant(std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::seconds(timestamp.seconds()) + std::chrono::nanoseconds(timestamp.nanos())));
}

}  // namespace brobygger::base
