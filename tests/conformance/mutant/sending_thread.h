#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "brobygger/sdk/bb_abi.h"

namespace brobygger::mutant {

// Sends what a call has to say from a thread of its own, and keeps all of it meanwhile:
// just what a plugin must not do. Wastefully, since the kit sees only what goes beyond the
// memory that loading the source left free. The destructor waits until all is sent.
class SendingThread {
 public:
  SendingThread(const bb_host_v1& host, bb_call* call)
      : host_(host), call_(call), thread_([this] { Run(); }) {}
  ~SendingThread() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    news_.notify_one();
    thread_.join();
  }
  SendingThread(const SendingThread&) = delete;
  SendingThread& operator=(const SendingThread&) = delete;

  void Send(std::string bytes) {
    {
      const std::lock_guard lock(mutex_);
      const std::size_t size = bytes.size();
      kept_.push_back({std::move(bytes), std::string(size * kWaste, 'x')});
    }
    news_.notify_one();
  }

 private:
  static constexpr std::size_t kWaste = 7;

  void Run() {
    std::unique_lock lock(mutex_);
    while (true) {
      news_.wait(lock, [this] { return ended_ || !kept_.empty(); });
      if (kept_.empty()) return;
      const std::string bytes = std::move(kept_.front().first);
      kept_.pop_front();
      lock.unlock();
      host_.reply(call_, bytes.data(), bytes.size());
      lock.lock();
    }
  }

  const bb_host_v1& host_;
  bb_call* const call_;
  std::mutex mutex_;
  std::condition_variable news_;
  std::deque<std::pair<std::string, std::string>> kept_;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace brobygger::mutant
