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
#include "core/registry/links.h"
#include "core/registry/records.h"

namespace brobygger::grants {
namespace {

using storage::Index;
using storage::Kind;

// The association that the applicant's own record belongs to, or "".
absl::StatusOr<std::string> LinkedTo(const storage::Snapshot& snapshot, const std::string& key) {
  if (key.empty()) return std::string();
  BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, snapshot.Find(Kind::kLink, key));
  if (bytes == nullptr) return std::string();
  sync::v1::Link link;
  BB_RETURN_IF_ERROR(registry::ParseRecord(bytes, link));
  return registry::LiveIdOf(snapshot, link.association_id());
}

absl::Status Own(const storage::Snapshot& snapshot,
                 const std::string& id,
                 GrantApplication::ResolvedBy by,
                 GrantApplication& application) {
  application.set_association_id(id);
  application.set_resolved_by(by);
  BB_ASSIGN_OR_RETURN(const auto association, registry::FindAssociation(snapshot, id));
  if (association) application.set_official_name(association->official_name());
  return absl::OkStatus();
}

// The numbers under which the association's applications may stand.
absl::StatusOr<std::set<std::string>> CvrNumbersOf(const storage::Snapshot& snapshot,
                                                   const std::string& id) {
  std::set<std::string> numbers;
  BB_ASSIGN_OR_RETURN(const auto association, registry::FindAssociation(snapshot, id));
  if (!association) return numbers;
  for (const auto& identifier : association->identifiers()) {
    if (identifier.scheme() == model::kSchemeCvr) numbers.insert(identifier.value());
  }
  return numbers;
}

// The ids of all applications that may be the association's.
absl::StatusOr<std::set<std::string>> CandidatesOf(const storage::Snapshot& snapshot,
                                                   const std::string& association_id) {
  std::vector<std::pair<Index, std::string>> places;
  BB_ASSIGN_OR_RETURN(const auto ids, registry::IdsOf(snapshot, association_id));
  for (const std::string& id : ids) places.emplace_back(Index::kGrantByAssignment, id);
  BB_ASSIGN_OR_RETURN(const auto links, registry::LinkKeysOf(snapshot, association_id));
  for (const std::string& key : links) places.emplace_back(Index::kGrantByApplicant, key);
  BB_ASSIGN_OR_RETURN(const auto numbers, CvrNumbersOf(snapshot, association_id));
  for (const std::string& cvr : numbers) places.emplace_back(Index::kGrantByCvr, cvr);
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
  BB_ASSIGN_OR_RETURN(const std::string assigned,
                      registry::LiveIdOf(snapshot, application.assigned_association_id()));
  if (!assigned.empty()) {
    return Own(snapshot, assigned, GrantApplication::RESOLVED_BY_PERSON, application);
  }
  BB_ASSIGN_OR_RETURN(const std::string linked, LinkedTo(snapshot, ApplicantKey(application)));
  if (!linked.empty()) {
    return Own(snapshot, linked, GrantApplication::RESOLVED_BY_RECORD, application);
  }
  const std::string& cvr = application.applicant().written_cvr();
  if (cvr.empty()) return absl::OkStatus();
  BB_ASSIGN_OR_RETURN(const auto found,
                      registry::FindByIdentifier(snapshot, model::kSchemeCvr, cvr));
  if (!found) return absl::OkStatus();
  return Own(snapshot, *found, GrantApplication::RESOLVED_BY_CVR, application);
}

absl::StatusOr<std::vector<GrantApplication>> ApplicationsOf(const storage::Snapshot& snapshot,
                                                             const std::string& association_id) {
  BB_ASSIGN_OR_RETURN(const std::string id, registry::LiveIdOf(snapshot, association_id));
  if (id.empty()) return registry::AssociationNotFound(association_id);
  BB_ASSIGN_OR_RETURN(const auto candidates, CandidatesOf(snapshot, id));
  std::vector<GrantApplication> applications;
  for (const std::string& candidate : candidates) {
    BB_ASSIGN_OR_RETURN(auto application, FindApplication(snapshot, candidate));
    if (!application) continue;
    BB_RETURN_IF_ERROR(SetOwner(snapshot, *application));
    if (application->association_id() == id) applications.push_back(*std::move(application));
  }
  return applications;
}

}  // namespace brobygger::grants
