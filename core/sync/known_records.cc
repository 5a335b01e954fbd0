#include "core/sync/known_records.h"

#include "core/base/status_macros.h"
#include "core/sync/claims.h"

namespace brobygger::sync {

absl::Status KnownRecords::Load(const storage::Snapshot& snapshot, const StreamKey& stream) {
  const std::size_t skip = stream.prefix().size();
  v1::Link link;
  BB_RETURN_IF_ERROR(ForEach(snapshot, storage::Kind::kLink, stream.prefix(),
                             [&](const std::string& key, const std::string& bytes) {
                               link.ParseFromString(bytes);
                               KnownRecord& record = records_[key.substr(skip)];
                               record.agreed_hash = link.agreed_hash();
                               record.linked = true;
                               record.live = link.state() == v1::Link::STATE_LIVE;
                               return absl::OkStatus();
                             }));
  BB_RETURN_IF_ERROR(ForEach(snapshot, storage::Kind::kPending, stream.prefix(),
                             [&](const std::string& key, const std::string& bytes) {
                               records_[key.substr(skip)].pending = bytes.empty() ? 0 : bytes[0];
                               return absl::OkStatus();
                             }));
  loaded_ = true;
  return absl::OkStatus();
}

KnownRecord& KnownRecords::Change(const std::string& external_id) {
  KnownRecord& record = records_[external_id];
  before_.emplace_back(external_id, record);
  return record;
}

bool KnownRecords::Seen(const std::string& external_id) const {
  const auto record = records_.find(external_id);
  return record != records_.end() && record->second.seen;
}

bool KnownRecords::ToldOtherwise(const std::string& external_id, std::uint64_t hash) const {
  const auto record = records_.find(external_id);
  if (record == records_.end() || record->second.seen_hash == 0) return false;
  return record->second.seen_hash != hash;
}

void KnownRecords::RollBack() {
  for (auto one = before_.rbegin(); one != before_.rend(); ++one) {
    records_[one->first] = one->second;
  }
  before_.clear();
}

}  // namespace brobygger::sync
