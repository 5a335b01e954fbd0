#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include <google/protobuf/util/time_util.h>

#include "brobygger/plugin/v1/plugin_service.pb.h"

namespace brobygger::sdk {

using plugin::v1::EventsResponse;
using plugin::v1::LogLine;

// Keeps what the plugin has to tell until the hub asks for it (Events). When it is
// full the oldest lines go, and their number is told. Safe to use from many
// threads; never waits for the hub.
class EventRing {
 public:
  static constexpr std::size_t kLines = 4096;
  static constexpr std::size_t kMaxTextBytes = 8192;

  void Log(LogLine::Level level, std::string text) {
    EventsResponse event;
    text.resize(std::min(text.size(), kMaxTextBytes));
    event.mutable_log()->set_level(level);
    event.mutable_log()->set_text(std::move(text));
    *event.mutable_log()->mutable_at() = google::protobuf::util::TimeUtil::GetCurrentTime();
    {
      const std::lock_guard lock(mutex_);
      if (events_.size() == kLines) {
        events_.pop_front();
        ++dropped_;
      }
      events_.push_back(std::move(event));
    }
    arrived_.notify_one();
  }

  // The next event, waiting for one for at most `patience`.
  std::optional<EventsResponse> Next(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    arrived_.wait_for(lock, patience, [this] { return dropped_ > 0 || !events_.empty(); });
    if (dropped_ == 0 && events_.empty()) return std::nullopt;
    EventsResponse event;
    if (dropped_ > 0) {
      event.mutable_dropped()->set_log_lines(std::exchange(dropped_, 0));
    } else {
      event = std::move(events_.front());
      events_.pop_front();
    }
    event.set_id(++last_id_);
    return event;
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<EventsResponse> events_;
  std::uint64_t dropped_ = 0;
  std::uint64_t last_id_ = 0;
};

}  // namespace brobygger::sdk
