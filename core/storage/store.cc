#include "core/storage/store.h"

#include <utility>

#include <absl/synchronization/notification.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"

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

absl::StatusOr<std::vector<std::string>> Snapshot::KeysAt(Index index,
                                                          const std::string& value) const {
  constexpr int kBatch = 500;
  std::vector<std::string> keys;
  IndexRange range{.prefix = value, .after = {}, .limit = kBatch};
  while (true) {
    BB_ASSIGN_OR_RETURN(auto places, ScanIndex(index, range));
    for (IndexEntry& place : places) {
      // A longer value that begins alike comes after the value itself.
      if (place.value != value) return keys;
      keys.push_back(std::move(place.key));
    }
    if (places.size() < static_cast<std::size_t>(kBatch)) return keys;
    range.after = {value, keys.back()};
  }
}

IndexTerm UpdateTerm(Revision revision) {
  std::string digits(16, '0');
  for (auto digit = digits.rbegin(); revision != 0; revision >>= 4) {
    *digit++ = "0123456789abcdef"[revision & 0xF];
  }
  return {Index::kAssociationByUpdate, std::move(digits)};
}

absl::Status RevisionUnknown(Revision revision, Revision latest) {
  return base::MakeError(
      errors::v1::ERROR_REASON_REVISION_UNKNOWN,
      "there is no revision " + std::to_string(revision) + " yet; the newest is " +
          std::to_string(latest),
      {{"revision", std::to_string(revision)}, {"latest_revision", std::to_string(latest)}});
}

}  // namespace brobygger::storage
