// The share of associations that are known through money alone: see money.h.
#include <set>
#include <string>

#include "core/base/status_macros.h"
#include "core/grants/contact_kinds.h"
#include "core/grants/money.h"
#include "core/registry/records.h"

namespace brobygger::grants {
namespace {

using grant::v1::MoneyOnlyShare;
using storage::Index;
using storage::Kind;

constexpr int kLinksAtOnce = 1000;

// The associations that have live links, and of these the ones that something else
// than a grant system has.
struct Known {
  std::set<std::string> all;
  std::set<std::string> otherwise;
};

absl::StatusOr<Known> KnownByLinks(const storage::Snapshot& snapshot,
                                   const Connections& connections) {
  Known known;
  storage::IndexRange range{.prefix = "", .after = {}, .limit = kLinksAtOnce};
  while (true) {
    BB_ASSIGN_OR_RETURN(const auto places, snapshot.ScanIndex(Index::kLinkByAssociation, range));
    if (places.empty()) return known;
    for (const storage::IndexEntry& place : places) {
      const auto connection = connections.find(place.key.substr(0, place.key.find('/')));
      const bool money = connection != connections.end() &&
                         connection->second.family() == sync::v1::Connection::FAMILY_GRANTS;
      known.all.insert(place.value);
      if (!money) known.otherwise.insert(place.value);
    }
    range.after = places.back();
  }
}

}  // namespace

absl::StatusOr<MoneyOnlyShare> GetMoneyOnlyShare(const storage::Snapshot& snapshot,
                                                 const std::string& municipality_code) {
  BB_ASSIGN_OR_RETURN(const Connections connections, LoadConnections(snapshot));
  BB_ASSIGN_OR_RETURN(const Known known, KnownByLinks(snapshot, connections));
  MoneyOnlyShare share;
  for (const std::string& id : known.all) {
    BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, snapshot.Find(Kind::kAssociation, id));
    if (bytes == nullptr) continue;
    registry::v1::Association association;
    BB_RETURN_IF_ERROR(registry::ParseRecord(bytes, association));
    const bool here =
        municipality_code.empty() || association.municipality_code() == municipality_code;
    if (!here || association.has_delete_time()) continue;
    share.set_association_count(share.association_count() + 1);
    if (known.otherwise.count(id) > 0) continue;
    BB_ASSIGN_OR_RETURN(const bool people, IsKnownByPeople(snapshot, association));
    if (people) continue;
    share.set_money_only_count(share.money_only_count() + 1);
  }
  return share;
}

}  // namespace brobygger::grants
