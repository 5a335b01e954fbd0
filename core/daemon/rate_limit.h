#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace brobygger::daemon {

// Lets one event a second through and counts those it holds back. For one
// thread.
class RateLimit {
 public:
  // How many were held back since the last one that passed; nothing if this one
  // is held back too.
  std::optional<std::uint64_t> Pass() {
    const auto now = std::chrono::steady_clock::now();
    if (last_.has_value() && now - *last_ < std::chrono::seconds(1)) {
      ++held_back_;
      return std::nullopt;
    }
    last_ = now;
    return std::exchange(held_back_, 0);
  }

 private:
  std::optional<std::chrono::steady_clock::time_point> last_;
  std::uint64_t held_back_ = 0;
};

}  // namespace brobygger::daemon
