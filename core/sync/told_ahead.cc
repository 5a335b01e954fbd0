#include "core/sync/told_ahead.h"

#include <utility>

#include "core/base/error.h"
#include "core/base/status_macros.h"

namespace brobygger::sync {

absl::StatusOr<ToldClaim> TellClaim(const Mapping& mapping, storage::Bytes bytes) {
  ToldClaim told;
  if (!told.claim.ParseFromString(*bytes)) {
    return base::MakeError(errors::v1::ERROR_REASON_STORAGE_CORRUPT,
                           "a stored record cannot be read; restore the store from its backup",
                           {{"kind", std::to_string(static_cast<int>(storage::Kind::kClaim))}});
  }
  told.bytes = std::move(bytes);
  told.told = mapping.Tell(told.claim.told());
  return told;
}

ToldClaims TellClaims(const storage::Snapshot& snapshot,
                      const Mapping& mapping,
                      const std::vector<std::string>& keys) {
  ToldClaims claims;
  claims.reserve(keys.size());
  for (const std::string& key : keys) {
    auto bytes = snapshot.Find(storage::Kind::kClaim, key);
    if (!bytes.ok() || *bytes == nullptr) continue;
    // Whoever decides about it meets the same trouble, and says so.
    auto told = TellClaim(mapping, *std::move(bytes));
    if (told.ok()) claims.emplace(key, *std::move(told));
  }
  return claims;
}

std::optional<ToldClaim> ToldAhead::Take(const std::string& key, const storage::Bytes& bytes) {
  const auto found = claims_.find(key);
  if (found == claims_.end() || *found->second.bytes != *bytes) return std::nullopt;
  std::optional<ToldClaim> told = std::move(found->second);
  claims_.erase(found);
  return told;
}

}  // namespace brobygger::sync
