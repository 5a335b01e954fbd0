#include "core/storage/sqlite/checkpointer.h"

#include <utility>

#include "core/base/error.h"

namespace brobygger::storage {
namespace {

// The log may grow to this many times what is copied at a time.
constexpr int kBound = 4;

}  // namespace

Checkpointer::Checkpointer(std::unique_ptr<Connection> connection,
                           int every_pages,
                           OnError on_error)
    : every_pages_(every_pages),
      on_error_(std::move(on_error)),
      connection_(std::move(connection)) {
  thread_ = std::thread([this] { Run(); });
}

Checkpointer::~Checkpointer() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

void Checkpointer::LogIs(int pages) {
  {
    absl::MutexLock lock(&mutex_);
    if (pages < pages_) copied_pages_ = 0;  // the log was started over
    pages_ = pages;
    if (pages < kBound * every_pages_) return;
  }
  CopyLog();
}

absl::Status Checkpointer::EmptyLog() {
  absl::MutexLock lock(&copy_mutex_);
  const int code = sqlite3_wal_checkpoint_v2(connection_->raw(), nullptr,
                                             SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  if ((code & 0xFF) == SQLITE_BUSY) {
    return base::MakeError(errors::v1::ERROR_REASON_STORAGE_BUSY,
                           "a reader held the store's log, so what was taken away may still be in "
                           "it; nothing is lost, try again");
  }
  return code == SQLITE_OK ? absl::OkStatus() : ToStatus(connection_->raw(), code);
}

bool Checkpointer::IsDueOrStops() const {
  return stopping_ || pages_ - copied_pages_ >= every_pages_;
}

void Checkpointer::Run() {
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &Checkpointer::IsDueOrStops));
      if (stopping_) return;
      // Taken as copied also when it fails: the next try waits for as many pages
      // again, so a full disk is not hammered.
      copied_pages_ = pages_;
    }
    CopyLog();
  }
}

void Checkpointer::CopyLog() {
  int code = SQLITE_OK;
  absl::Status status;
  {
    absl::MutexLock lock(&copy_mutex_);
    code = sqlite3_wal_checkpoint_v2(connection_->raw(), nullptr, SQLITE_CHECKPOINT_PASSIVE,
                                     nullptr, nullptr);
    if (code != SQLITE_OK) status = ToStatus(connection_->raw(), code);
  }
  // Busy: a reader holds a part of the log; the next time gets it.
  if (!status.ok() && (code & 0xFF) != SQLITE_BUSY) on_error_(status);
}

}  // namespace brobygger::storage
