#include "core/sync/write_window.h"

#include <utility>

namespace brobygger::sync {

WriteWindow::WriteWindow(storage::Store& store, std::string actor, int width)
    : store_(store), actor_(std::move(actor)), width_(width) {}

WriteWindow::~WriteWindow() {
  // The store's thread still holds `this` until the last write is done.
  Drain().IgnoreError();
}

absl::Status WriteWindow::Submit(storage::Store::Body body, std::function<void()> committed) {
  {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(this, &WriteWindow::HasRoom));
    if (!first_error_.ok()) return first_error_;
    ++under_way_;
  }
  store_.Submit(
      actor_, std::move(body),
      [this, committed = std::move(committed)](absl::StatusOr<storage::Revision> revision) {
        if (revision.ok() && committed) committed();
        absl::MutexLock lock(&mutex_);
        if (!revision.ok() && first_error_.ok()) first_error_ = revision.status();
        --under_way_;
      });
  return absl::OkStatus();
}

absl::Status WriteWindow::Drain() {
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(this, &WriteWindow::Idle));
  return first_error_;
}

}  // namespace brobygger::sync
