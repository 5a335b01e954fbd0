#include "core/contact/kept.h"

#include <algorithm>
#include <array>

#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
#include <openssl/sha.h>

#include "core/base/clock.h"
#include "core/base/status_macros.h"
#include "core/registry/index_scan.h"
#include "core/registry/records.h"

namespace brobygger::contact {

using storage::Index;
using storage::Kind;
using v1::StoredTouchpoint;

std::string MeetingTouchpointId(const std::string& meeting_key,
                                const std::string& department_id,
                                const std::string& association_id) {
  constexpr std::size_t kBytes = 16;
  const std::string text = absl::StrCat(meeting_key, "/", department_id, "/", association_id);
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return absl::BytesToHexString({reinterpret_cast<const char*>(digest.data()), kBytes});
}

absl::StatusOr<std::optional<StoredTouchpoint>> FindTouchpoint(const storage::Snapshot& snapshot,
                                                               const std::string& id) {
  BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, snapshot.Find(Kind::kTouchpoint, id));
  if (bytes == nullptr) return std::optional<StoredTouchpoint>();
  StoredTouchpoint stored;
  BB_RETURN_IF_ERROR(registry::ParseRecord(bytes, stored));
  return std::optional<StoredTouchpoint>(std::move(stored));
}

absl::Status StoreTouchpoint(storage::Transaction& transaction, StoredTouchpoint& stored) {
  v1::Touchpoint& touchpoint = *stored.mutable_touchpoint();
  touchpoint.set_etag(registry::EtagOf(transaction.revision()));
  if (!touchpoint.has_create_time()) {
    *touchpoint.mutable_create_time() = base::ToTimestamp(transaction.now());
  }
  std::sort(stored.mutable_records()->begin(), stored.mutable_records()->end());
  std::vector<storage::IndexTerm> terms = {
      {Index::kTouchpointByAssociation, touchpoint.association_id()},
      {Index::kTouchpointByDepartment, touchpoint.department_id()}};
  for (const std::string& record : stored.records()) {
    terms.push_back({Index::kTouchpointByRecord, record});
  }
  return transaction.Put(Kind::kTouchpoint, touchpoint.id(), stored.SerializeAsString(),
                         std::move(terms));
}

absl::Status RemoveTouchpoint(storage::Transaction& transaction, const std::string& id) {
  return transaction.Remove(Kind::kTouchpoint, id);
}

absl::StatusOr<std::vector<StoredTouchpoint>> TouchpointsAt(const storage::Snapshot& snapshot,
                                                            Index index,
                                                            const std::string& value) {
  std::vector<StoredTouchpoint> found;
  BB_ASSIGN_OR_RETURN(const auto keys, registry::KeysAt(snapshot, index, value));
  for (const std::string& key : keys) {
    BB_ASSIGN_OR_RETURN(auto stored, FindTouchpoint(snapshot, key));
    if (stored) found.push_back(*std::move(stored));
  }
  return found;
}

absl::StatusOr<std::vector<StoredTouchpoint>> TouchpointsOfRecord(const storage::Snapshot& snapshot,
                                                                  const std::string& record) {
  return TouchpointsAt(snapshot, Index::kTouchpointByRecord, record);
}

std::string CountKey(const v1::TouchpointCount& count) {
  return absl::StrCat(count.association_id(), "/", count.department_id(), "/", count.quarter());
}

}  // namespace brobygger::contact
