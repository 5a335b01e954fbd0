#include "core/rpc/worker_pool.h"

#include <utility>

#include <absl/strings/str_cat.h>

#include "core/base/error.h"

namespace brobygger::rpc {

WorkerPool::WorkerPool(int threads, int queue_limit)
    : queue_limit_(static_cast<std::size_t>(queue_limit)) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
}

WorkerPool::~WorkerPool() { Stop(); }

absl::Status WorkerPool::Push(std::function<void()> work) {
  const absl::MutexLock lock(&mutex_);
  if (stopping_) {
    return base::MakeError(errors::v1::ERROR_REASON_STOPPING,
                           "the hub is stopping; try again when it is back");
  }
  if (queue_.size() >= queue_limit_) {
    return base::MakeError(
        errors::v1::ERROR_REASON_OVERLOADED,
        absl::StrCat(queue_limit_, " calls wait for a source already; try again later"),
        {{"limit", absl::StrCat(queue_limit_)}});
  }
  queue_.push_back(std::move(work));
  return absl::OkStatus();
}

void WorkerPool::Stop() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  threads_.clear();
}

void WorkerPool::Run() {
  while (true) {
    std::function<void()> work;
    {
      const absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &WorkerPool::Ready));
      if (queue_.empty()) return;
      work = std::move(queue_.front());
      queue_.pop_front();
    }
    work();
  }
}

}  // namespace brobygger::rpc
