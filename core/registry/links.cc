#include "core/registry/links.h"

#include <algorithm>

#include "core/base/status_macros.h"
#include "core/registry/decision_log.h"
#include "core/registry/index_scan.h"
#include "core/registry/joining.h"

namespace brobygger::registry {

using storage::Index;
using storage::Kind;

absl::Status PutLink(storage::Transaction& transaction,
                     const std::string& key,
                     const sync::v1::Link& link) {
  const Index index = link.state() == sync::v1::Link::STATE_LIVE ? Index::kLinkByAssociation
                                                                 : Index::kPastLinkByAssociation;
  return transaction.Put(Kind::kLink, key, link.SerializeAsString(),
                         {{index, link.association_id()}});
}

absl::StatusOr<std::vector<std::string>> IdsOf(const storage::Snapshot& snapshot,
                                               const std::string& association_id) {
  std::vector<std::string> ids = {association_id};
  for (std::size_t at = 0; at < ids.size(); ++at) {
    BB_ASSIGN_OR_RETURN(const auto merges, MergesOf(snapshot, ids[at]));
    for (const auto& merge : merges) {
      const std::string& absorbed = merge.record().absorbed_association_id();
      const bool known = std::find(ids.begin(), ids.end(), absorbed) != ids.end();
      if (!merge.record().has_undo_time() && !known) ids.push_back(absorbed);
    }
  }
  if (ids.size() == 1) return ids;
  // Merges are read as they are now; in an earlier snapshot some have not happened yet.
  BB_ASSIGN_OR_RETURN(const auto root, FollowMerges(snapshot, association_id));
  std::vector<std::string> then;
  for (const std::string& id : ids) {
    BB_ASSIGN_OR_RETURN(const auto led, FollowMerges(snapshot, id));
    const bool elsewhere = led && root && led->id() != root->id();
    if (!elsewhere) then.push_back(id);
  }
  return then;
}

absl::StatusOr<std::vector<std::string>> LinkKeysOf(const storage::Snapshot& snapshot,
                                                    const std::string& association_id) {
  std::vector<std::string> keys;
  BB_ASSIGN_OR_RETURN(const auto ids, IdsOf(snapshot, association_id));
  for (const std::string& id : ids) {
    for (const Index index : {Index::kLinkByAssociation, Index::kPastLinkByAssociation}) {
      BB_ASSIGN_OR_RETURN(const auto more, KeysAt(snapshot, index, id));
      keys.insert(keys.end(), more.begin(), more.end());
    }
  }
  return keys;
}

}  // namespace brobygger::registry
