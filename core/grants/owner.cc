#include "core/grants/owner.h"

#include <optional>
#include <set>
#include <utility>

#include "brobygger/sync/v1/claim.pb.h"

#include "core/base/status_macros.h"
#include "core/grants/kept.h"
#include "core/model/identifiers.h"
#include "core/registry/index_scan.h"
#include "core/registry/ingest.h"
#include "core/registry/joining.h"
#include "core/registry/links.h"
#include "core/registry/records.h"

namespace brobygger::grants {
namespace {

using storage::Index;
using storage::Kind;

using Owner = std::optional<registry::v1::Association>;

// The association that the applicant's own record belongs to, if any.
absl::StatusOr<Owner> LinkedTo(const storage::Snapshot& snapshot, const std::string& key) {
  if (key.empty()) return Owner();
  BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, snapshot.Find(Kind::kLink, key));
  if (bytes == nullptr) return Owner();
  sync::v1::Link link;
  BB_RETURN_IF_ERROR(registry::ParseRecord(bytes, link));
  return registry::FollowMerges(snapshot, link.association_id());
}

// The live association with the CVR number, if any.
absl::StatusOr<Owner> Numbered(const storage::Snapshot& snapshot, const std::string& cvr) {
  if (cvr.empty()) return Owner();
  BB_ASSIGN_OR_RETURN(const auto id, registry::FindByIdentifier(snapshot, model::kSchemeCvr, cvr));
  return id ? registry::FindAssociation(snapshot, *id) : Owner();
}

void Own(const registry::v1::Association& owner,
         GrantApplication::ResolvedBy by,
         GrantApplication& application) {
  application.set_association_id(owner.id());
  application.set_official_name(owner.official_name());
  application.set_resolved_by(by);
}

// The ids of all applications that may be the association's.
absl::StatusOr<std::set<std::string>> CandidatesOf(const storage::Snapshot& snapshot,
                                                   const registry::v1::Association& association) {
  std::set<std::pair<Index, std::string>> places;
  BB_ASSIGN_OR_RETURN(const auto ids, registry::IdsOf(snapshot, association.id()));
  for (const std::string& id : ids) places.emplace(Index::kGrantByAssignment, id);
  BB_ASSIGN_OR_RETURN(const auto links, registry::LinkKeysOf(snapshot, association.id()));
  for (const std::string& key : links) places.emplace(Index::kGrantByApplicant, key);
  for (const auto& identifier : association.identifiers()) {
    if (identifier.scheme() == model::kSchemeCvr) {
      places.emplace(Index::kGrantByCvr, identifier.value());
    }
  }
  std::set<std::string> candidates;
  for (const auto& [index, value] : places) {
    BB_ASSIGN_OR_RETURN(const auto keys, registry::KeysAt(snapshot, index, value));
    candidates.insert(keys.begin(), keys.end());
  }
  return candidates;
}

}  // namespace

absl::Status SetOwner(const storage::Snapshot& snapshot, GrantApplication& application) {
  application.clear_association_id();
  application.clear_resolved_by();
  application.clear_official_name();
  BB_ASSIGN_OR_RETURN(Owner owner,
                      registry::FollowMerges(snapshot, application.assigned_association_id()));
  auto by = GrantApplication::RESOLVED_BY_PERSON;
  if (!owner) {
    BB_ASSIGN_OR_RETURN(owner, LinkedTo(snapshot, ApplicantKey(application)));
    by = GrantApplication::RESOLVED_BY_RECORD;
  }
  if (!owner) {
    BB_ASSIGN_OR_RETURN(owner, Numbered(snapshot, application.applicant().written_cvr()));
    by = GrantApplication::RESOLVED_BY_CVR;
  }
  if (owner) Own(*owner, by, application);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<GrantApplication>> ApplicationsOf(const storage::Snapshot& snapshot,
                                                             const std::string& association_id) {
  BB_ASSIGN_OR_RETURN(const auto association, registry::FollowMerges(snapshot, association_id));
  if (!association) return registry::AssociationNotFound(association_id);
  BB_ASSIGN_OR_RETURN(const auto candidates, CandidatesOf(snapshot, *association));
  std::vector<GrantApplication> applications;
  for (const std::string& candidate : candidates) {
    BB_ASSIGN_OR_RETURN(auto application, FindApplication(snapshot, candidate));
    if (!application) continue;
    BB_RETURN_IF_ERROR(SetOwner(snapshot, *application));
    if (application->association_id() == association->id())
      applications.push_back(*std::move(application));
  }
  return applications;
}

}  // namespace brobygger::grants
