#include "core/storage/write_queue.h"

#include <utility>

#include "core/base/error.h"

namespace brobygger::storage {

WriteQueue::WriteQueue(RunGroup run_group) : run_group_(std::move(run_group)) {
  thread_ = std::thread([this] { Run(); });
}

WriteQueue::~WriteQueue() { Stop(); }

void WriteQueue::Submit(WriteJob job) {
  {
    absl::MutexLock lock(&mutex_);
    if (!stopping_) {
      waiting_.push_back(std::move(job));
      return;
    }
  }
  job.done(base::MakeError(errors::v1::ERROR_REASON_STOPPING,
                           "the hub is stopping and takes no more writes; try again later"));
}

void WriteQueue::TakeWaiting(std::deque<WriteJob>& jobs) {
  absl::MutexLock lock(&mutex_);
  for (WriteJob& job : waiting_) jobs.push_back(std::move(job));
  waiting_.clear();
}

void WriteQueue::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

bool WriteQueue::HasWorkOrStops() const { return stopping_ || !waiting_.empty(); }

void WriteQueue::Run() {
  while (true) {
    std::deque<WriteJob> jobs;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &WriteQueue::HasWorkOrStops));
      if (waiting_.empty()) return;
      jobs.swap(waiting_);
    }
    while (!jobs.empty()) run_group_(jobs);
  }
}

}  // namespace brobygger::storage
