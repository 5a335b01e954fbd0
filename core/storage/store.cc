#include "core/storage/store.h"

#include <absl/synchronization/notification.h>

namespace brobygger::storage {

absl::StatusOr<Revision> Store::Write(std::string actor,
                                      absl::FunctionRef<absl::Status(Transaction&)> body) {
  absl::StatusOr<Revision> result = absl::UnknownError("not done");
  absl::Notification finished;
  Submit(
      std::move(actor), [&body](Transaction& transaction) { return body(transaction); },
      [&](absl::StatusOr<Revision> revision) {
        result = std::move(revision);
        finished.Notify();
      });
  finished.WaitForNotification();
  return result;
}

}  // namespace brobygger::storage
