#include "core/host/method_line.h"

#include <utility>

namespace brobygger::host {

MethodLine::~MethodLine() {
  std::thread thread;
  {
    absl::MutexLock lock(&mutex_);
    closing_ = true;
    thread = std::move(thread_);
  }
  if (thread.joinable()) thread.join();
}

void MethodLine::Queue(std::function<void()> call) {
  absl::MutexLock lock(&mutex_);
  waiting_.push_back(std::move(call));
  if (!thread_.joinable()) thread_ = std::thread([this] { Run(); });
}

bool MethodLine::idle() const {
  absl::MutexLock lock(&mutex_);
  return waiting_.empty() && !busy_;
}

void MethodLine::Run() {
  const auto wanted = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return closing_ || !waiting_.empty();
  };
  while (true) {
    std::function<void()> call;
    {
      absl::MutexLock lock(&mutex_);
      busy_ = false;
      mutex_.Await(absl::Condition(&wanted));
      if (waiting_.empty()) return;
      call = std::move(waiting_.front());
      waiting_.pop_front();
      busy_ = true;
    }
    call();
  }
}

}  // namespace brobygger::host
