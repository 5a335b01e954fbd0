#include "core/sync/claims.h"

#include <utility>

namespace brobygger::sync {

absl::Status CountLive(storage::Transaction& transaction,
                       const StreamKey& stream,
                       std::int64_t more) {
  if (more == 0) return absl::OkStatus();
  BB_ASSIGN_OR_RETURN(
      auto state, Load<v1::StreamState>(transaction, storage::Kind::kStreamState, stream.prefix()));
  v1::StreamState next = state ? *std::move(state) : v1::StreamState();
  next.set_live_records(next.live_records() + static_cast<std::uint64_t>(more));
  return transaction.Put(storage::Kind::kStreamState, stream.prefix(), next.SerializeAsString());
}

absl::StatusOr<std::string> PlaceOf(const storage::Snapshot& snapshot, const std::string& key) {
  BB_ASSIGN_OR_RETURN(const auto claim, Load<v1::Claim>(snapshot, storage::Kind::kClaim, key));
  return claim ? claim->told().place() : std::string();
}

}  // namespace brobygger::sync
