#include "core/collab/kept.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/collab/collaborations.h"
#include "core/collab/kept_records.h"
#include "core/registry/each_record.h"
#include "core/registry/joining.h"
#include "core/registry/query.h"
#include "core/registry/records.h"

namespace brobygger::collab {
namespace {

using storage::Kind;
using v1::AlignmentRound;
using v1::Collaboration;
using v1::Party;

absl::Status NotFound(const std::string& typed) {
  return base::MakeError(errors::v1::ERROR_REASON_COLLABORATION_NOT_FOUND,
                         "there is no collaboration '" + registry::Shown(typed) +
                             "' that you may see; see brobygger collaboration list",
                         {{"collaboration_id", registry::Shown(typed)}});
}

// Adds the roles of a party that turned out to be the same.
void Join(const Party& other, Party& party) {
  for (const int role : other.roles()) {
    const auto& roles = party.roles();
    if (std::find(roles.begin(), roles.end(), role) == roles.end()) {
      party.add_roles(static_cast<v1::PartyRole>(role));
    }
  }
  if (other.proposed_to()) party.set_proposed_to(true);
  // One that has not left is still there.
  if (other.left_date().empty()) party.clear_left_date();
}

}  // namespace

absl::StatusOr<Collaboration> LoadCollaboration(const storage::Snapshot& snapshot,
                                                const std::string& typed) {
  BB_ASSIGN_OR_RETURN(auto found,
                      FindByStart<Collaboration>(snapshot, Kind::kCollaboration, typed));
  return found ? *std::move(found) : absl::StatusOr<Collaboration>(NotFound(typed));
}

absl::Status StoreCollaboration(storage::Transaction& transaction, Collaboration& collaboration) {
  for (Party& party : *collaboration.mutable_parties()) {
    const bool named = !party.department_id().empty() || !party.association_id().empty();
    if (named) party.clear_title();
  }
  collaboration.set_etag(registry::EtagOf(transaction.revision()));
  *collaboration.mutable_update_time() = base::ToTimestamp(transaction.now());
  if (!collaboration.has_create_time()) {
    *collaboration.mutable_create_time() = collaboration.update_time();
  }
  std::vector<storage::IndexTerm> terms;
  for (const Party& party : collaboration.parties()) {
    if (party.association_id().empty()) continue;
    terms.push_back({storage::Index::kCollaborationByAssociation, party.association_id()});
  }
  return transaction.Put(Kind::kCollaboration, collaboration.id(),
                         collaboration.SerializeAsString(), std::move(terms));
}

absl::StatusOr<std::vector<Collaboration>> CollaborationsOf(const storage::Snapshot& snapshot,
                                                            const std::string& association_id) {
  return LoadRecords<Collaboration>(snapshot, Kind::kCollaboration,
                                    storage::Index::kCollaborationByAssociation, association_id);
}

absl::StatusOr<std::vector<Collaboration>> LoadCollaborations(const storage::Snapshot& snapshot) {
  return CollaborationsOf(snapshot, "");
}

absl::StatusOr<std::optional<AlignmentRound>> FindNewestRound(const storage::Snapshot& snapshot,
                                                              const std::string& collaboration_id) {
  std::optional<AlignmentRound> newest;
  const auto look = [&](AlignmentRound round) {
    newest = std::move(round);
    return absl::OkStatus();
  };
  // In the order of their keys, so of their versions; there are few.
  BB_RETURN_IF_ERROR((registry::ForEachRecord<AlignmentRound>(snapshot, Kind::kAlignmentRound,
                                                              collaboration_id + "/", look)));
  return newest;
}

absl::Status StoreRound(storage::Transaction& transaction, AlignmentRound& round) {
  round.set_etag(registry::EtagOf(transaction.revision()));
  return transaction.Put(Kind::kAlignmentRound,
                         fmt::format("{}/{:06}", round.collaboration_id(), round.version()),
                         round.SerializeAsString());
}

absl::StatusOr<Collaboration> Shown(const storage::Snapshot& snapshot,
                                    Collaboration collaboration) {
  auto& parties = *collaboration.mutable_parties();
  for (int i = 0; i < parties.size();) {
    Party& party = parties[i];
    if (!party.department_id().empty()) {
      const auto department = registry::GetDepartment(snapshot, party.department_id());
      if (department.ok()) party.set_title(department->official_name());
    }
    if (!party.association_id().empty()) {
      BB_ASSIGN_OR_RETURN(const auto association,
                          registry::FollowMerges(snapshot, party.association_id()));
      if (association) {
        party.set_association_id(association->id());
        party.set_title(association->official_name());
      }
    }
    const auto same = std::find_if(parties.begin(), parties.begin() + i, [&](const Party& each) {
      return !party.association_id().empty() && each.association_id() == party.association_id();
    });
    if (same == parties.begin() + i) {
      ++i;
      continue;
    }
    Join(party, *same);
    parties.DeleteSubrange(i, 1);
  }
  return collaboration;
}

}  // namespace brobygger::collab
