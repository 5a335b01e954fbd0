#include "core/sync/claims.h"

namespace brobygger::sync {

absl::StatusOr<KnownRecords> LoadKnownRecords(const storage::Snapshot& snapshot,
                                              const StreamKey& stream) {
  KnownRecords known;
  const std::size_t skip = stream.prefix().size();
  v1::Link link;
  BB_RETURN_IF_ERROR(ForEach(snapshot, storage::Kind::kLink, stream.prefix(),
                             [&](const std::string& key, const std::string& bytes) {
                               link.ParseFromString(bytes);
                               KnownRecord& record = known[key.substr(skip)];
                               record.agreed_hash = link.agreed_hash();
                               record.live = link.state() == v1::Link::STATE_LIVE;
                               return absl::OkStatus();
                             }));
  BB_RETURN_IF_ERROR(ForEach(snapshot, storage::Kind::kPending, stream.prefix(),
                             [&](const std::string& key, const std::string& bytes) {
                               known[key.substr(skip)].pending = bytes.empty() ? 0 : bytes[0];
                               return absl::OkStatus();
                             }));
  return known;
}

absl::StatusOr<std::string> PlaceOf(const storage::Snapshot& snapshot, const std::string& key) {
  BB_ASSIGN_OR_RETURN(const auto claim, Load<v1::Claim>(snapshot, storage::Kind::kClaim, key));
  return claim ? claim->told().place() : std::string();
}

}  // namespace brobygger::sync
