#include "core/audit/disk_thread.h"

#include <algorithm>
#include <utility>

#include <absl/synchronization/notification.h>

namespace brobygger::audit {

struct DiskThread::Ticket {
  Work work;
  absl::Status status;  // read by others only behind `done`
  absl::Notification done;
};

DiskThread::DiskThread() {
  thread_ = std::thread([this] { Loop(); });
}

DiskThread::~DiskThread() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

absl::Status DiskThread::Run(Work work, Deadline deadline) {
  const auto ticket = std::make_shared<Ticket>();
  ticket->work = std::move(work);
  {
    absl::MutexLock lock(&mutex_);
    waiting_.push_back(ticket);
  }
  if (ticket->done.WaitForNotificationWithTimeout(TimeLeft(deadline)))
    return std::move(ticket->status);
  absl::MutexLock lock(&mutex_);
  if (ticket->done.HasBeenNotified()) return std::move(ticket->status);
  const auto place = std::find(waiting_.begin(), waiting_.end(), ticket);
  if (place != waiting_.end()) waiting_.erase(place);
  return AuditUnavailable("the disk did not answer in time");
}

bool DiskThread::HasWorkOrStops() const { return stopping_ || !waiting_.empty(); }

void DiskThread::Loop() {
  while (true) {
    std::shared_ptr<Ticket> ticket;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &DiskThread::HasWorkOrStops));
      if (waiting_.empty()) return;
      ticket = std::move(waiting_.front());
      waiting_.pop_front();
    }
    ticket->status = ticket->work();
    ticket->done.Notify();
  }
}

}  // namespace brobygger::audit
