#include "core/grants/contact_kinds.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/base/status_macros.h"
#include "core/contact/touchpoints.h"
#include "core/registry/index_scan.h"
#include "core/registry/records.h"

namespace brobygger::grants {

using grant::v1::ContactKinds;
using storage::Kind;
using sync::v1::Connection;

absl::StatusOr<Connections> LoadConnections(const storage::Snapshot& snapshot) {
  Connections connections;
  BB_ASSIGN_OR_RETURN(
      const auto entries,
      snapshot.Scan(Kind::kConnection, {.prefix = "", .after = "", .limit = 100'000}));
  for (const storage::Entry& entry : entries) {
    BB_RETURN_IF_ERROR(registry::ParseRecord(entry.bytes, connections[entry.key]));
  }
  return connections;
}

absl::StatusOr<ContactKinds> ContactKindsOf(const storage::Snapshot& snapshot,
                                            const Connections& connections,
                                            const registry::v1::Association& association) {
  BB_ASSIGN_OR_RETURN(
      const auto links,
      registry::KeysAt(snapshot, storage::Index::kLinkByAssociation, association.id()));
  std::set<std::string> all;
  std::set<std::string> grant_systems;
  for (const std::string& key : links) {
    const std::string id = key.substr(0, key.find('/'));
    all.insert(id);
    const auto connection = connections.find(id);
    if (connection != connections.end() &&
        connection->second.family() == Connection::FAMILY_GRANTS) {
      grant_systems.insert(id);
    }
  }
  ContactKinds kinds;
  kinds.set_connection_count(all.size());
  kinds.set_grant_connection_count(grant_systems.size());
  BB_ASSIGN_OR_RETURN(const bool people, IsKnownByPeople(snapshot, association));
  kinds.set_money_only(!all.empty() && all.size() == grant_systems.size() && !people);
  return kinds;
}

absl::StatusOr<bool> IsKnownByPeople(const storage::Snapshot& snapshot,
                                     const registry::v1::Association& association) {
  const auto& statements = association.provenance();
  const bool written = std::any_of(statements.begin(), statements.end(),
                                   [](const auto& each) { return each.connection_id().empty(); });
  if (written) return true;
  return contact::HadContact(snapshot, association.id());
}

}  // namespace brobygger::grants
