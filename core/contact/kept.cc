#include "core/contact/kept.h"

#include <algorithm>
#include <array>

#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
#include <openssl/sha.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/registry/index_scan.h"
#include "core/registry/joining.h"
#include "core/registry/links.h"
#include "core/registry/query.h"
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

absl::Status TouchpointNotFound(const std::string& typed) {
  return base::MakeError(errors::v1::ERROR_REASON_TOUCHPOINT_NOT_FOUND,
                         "there is no touchpoint '" + registry::Shown(typed) +
                             "'; see brobygger touchpoint list, and --review there",
                         {{"touchpoint_id", registry::Shown(typed)}});
}

absl::StatusOr<StoredTouchpoint> FindMeant(const storage::Snapshot& snapshot,
                                           const std::string& typed) {
  if (typed.empty()) return TouchpointNotFound(typed);
  BB_ASSIGN_OR_RETURN(const auto entries,
                      snapshot.Scan(Kind::kTouchpoint, {.prefix = typed, .after = "", .limit = 2}));
  if (entries.size() != 1) return TouchpointNotFound(typed);
  StoredTouchpoint stored;
  BB_RETURN_IF_ERROR(registry::ParseRecord(entries.front().bytes, stored));
  return stored;
}

absl::Status StoreTouchpoint(storage::Transaction& transaction, StoredTouchpoint& stored) {
  v1::Touchpoint& touchpoint = *stored.mutable_touchpoint();
  touchpoint.set_etag(registry::EtagOf(transaction.revision()));
  if (!touchpoint.has_create_time()) {
    *touchpoint.mutable_create_time() = base::ToTimestamp(transaction.now());
  }
  if (touchpoint.department_name_then().empty()) {
    const auto department = registry::GetDepartment(transaction, touchpoint.department_id());
    if (department.ok()) touchpoint.set_department_name_then(department->official_name());
  }
  std::sort(stored.mutable_records()->begin(), stored.mutable_records()->end());
  std::vector<storage::IndexTerm> terms = {
      {Index::kTouchpointByAssociation, touchpoint.association_id()},
      {Index::kTouchpointByDepartment, touchpoint.department_id()}};
  for (const std::string& record : stored.records()) {
    terms.push_back({Index::kTouchpointByRecord, record});
  }
  if (touchpoint.has_follow_up() && !touchpoint.follow_up().has_done_time()) {
    terms.push_back({Index::kFollowUpOwed, touchpoint.follow_up().owner_department_id()});
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

absl::StatusOr<std::vector<std::string>> IdsOfAssociation(const storage::Snapshot& snapshot,
                                                          const std::string& association_id) {
  BB_ASSIGN_OR_RETURN(const auto association, registry::FollowMerges(snapshot, association_id));
  if (!association) return registry::AssociationNotFound(association_id);
  return registry::IdsOf(snapshot, association->id());
}

std::string CountKey(const v1::TouchpointCount& count) {
  return absl::StrCat(count.association_id(), "/", count.department_id(), "/", count.quarter());
}

}  // namespace brobygger::contact
