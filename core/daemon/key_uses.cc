#include "core/daemon/key_uses.h"

#include "core/base/log.h"
#include "core/rpc/api_keys.h"

namespace brobygger::daemon {

void KeyUses::Note(const std::string& key_id, base::Instant noted) {
  const base::Instant now = clock_.Now();
  if (now < noted + kPrecision) return;
  {
    absl::MutexLock lock(&mutex_);
    base::Instant& handed = handed_[key_id];
    if (now < handed + kPrecision) return;
    handed = now;
  }
  store_.Submit(
      "hub",
      [key_id, now](storage::Transaction& transaction) {
        return rpc::NoteApiKeyUse(transaction, key_id, now);
      },
      [](const absl::StatusOr<storage::Revision>& done) {
        if (!done.ok()) base::LogWarning("key_use_not_noted", {});
      });
}

}  // namespace brobygger::daemon
