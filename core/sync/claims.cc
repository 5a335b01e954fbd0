#include "core/sync/claims.h"

namespace brobygger::sync {

absl::StatusOr<std::string> PlaceOf(const storage::Snapshot& snapshot, const std::string& key) {
  BB_ASSIGN_OR_RETURN(const auto claim, Load<v1::Claim>(snapshot, storage::Kind::kClaim, key));
  return claim ? claim->told().place() : std::string();
}

}  // namespace brobygger::sync
