#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <google/protobuf/util/time_util.h>

#include "brobygger/plugin/v1/plugin_service.pb.h"

namespace brobygger::sdk {

using plugin::v1::EventsResponse;
using plugin::v1::LogLine;
using plugin::v1::SecretUpdate;

// Keeps what the plugin has to tell until the hub asks for it (Events). When it is
// full the oldest lines go, and their number is told; a renewed secret never goes. Safe to use
// from many threads; never waits for the hub.
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

  void Renew(SecretUpdate secret) {
    {
      const std::lock_guard lock(mutex_);
      renewed_.push_back(std::move(secret));
    }
    arrived_.notify_one();
  }

  // The hub's answer to the event of this id; of a secret: whether it is safely kept.
  void Acknowledge(std::uint64_t id, bool stored) {
    const std::lock_guard lock(mutex_);
    const auto secret = told_.extract(id);
    if (!secret.empty() && stored) stored_.push_back(std::move(secret.mapped()));
  }

  // The secrets that the hub has stored since the last call.
  std::vector<SecretUpdate> TakeStored() {
    const std::lock_guard lock(mutex_);
    return std::exchange(stored_, {});
  }

  // The next event, waiting for one for at most `patience`.
  std::optional<EventsResponse> Next(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    const auto any = [this] { return !renewed_.empty() || dropped_ > 0 || !events_.empty(); };
    arrived_.wait_for(lock, patience, any);
    if (!any()) return std::nullopt;
    EventsResponse event;
    if (!renewed_.empty()) {
      *event.mutable_secret() = std::move(renewed_.front());
      renewed_.pop_front();
      told_[last_id_ + 1] = event.secret();
    } else if (dropped_ > 0) {
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
  std::deque<SecretUpdate> renewed_;
  std::map<std::uint64_t, SecretUpdate> told_;  // by event, until the hub answers
  std::vector<SecretUpdate> stored_;
  std::uint64_t dropped_ = 0;
  std::uint64_t last_id_ = 0;
};

}  // namespace brobygger::sdk
