#include "core/sync/home.h"

#include <algorithm>
#include <utility>

#include "core/base/status_macros.h"
#include "core/model/identifiers.h"
#include "core/registry/ingest.h"
#include "core/registry/joining.h"
#include "core/registry/members.h"

namespace brobygger::sync {
namespace {

using registry::Candidate;
using registry::Verdict;

// How the record stands to the association with its CVR number.
Candidate CandidateOf(const registry::Standing& standing, const std::string& association_id) {
  const auto& all = standing.candidates;
  const auto found = std::find_if(all.begin(), all.end(), [&](const Candidate& each) {
    return each.association_id == association_id;
  });
  if (found != all.end()) return *found;
  Candidate unlike;
  unlike.association_id = association_id;
  return unlike;
}

absl::Status FindByCvr(const storage::Snapshot& snapshot, const std::string& cvr, Home& home) {
  BB_ASSIGN_OR_RETURN(const auto id, registry::FindByIdentifier(snapshot, model::kSchemeCvr, cvr));
  if (!id) return absl::OkStatus();
  home.candidate = CandidateOf(home.standing, *id);
  if (IsBranchOrSister(home.candidate.verdict)) {
    home.reason = kBranch;
    return absl::OkStatus();
  }
  if (AsksDespiteNumber(home.candidate)) {
    home.reason = kInDoubt;
    return absl::OkStatus();
  }
  BB_ASSIGN_OR_RETURN(home.association, registry::FindAssociation(snapshot, *id));
  if (home.association) home.reason = kByCvr;
  return absl::OkStatus();
}

absl::Status FindByModel(const storage::Snapshot& snapshot, Home& home) {
  const auto& standing = home.standing;
  if (standing.candidates.empty()) return absl::OkStatus();
  if (standing.verdict == Verdict::kAsk) {
    home.candidate = standing.candidates.front();
    home.reason = kInDoubt;
  }
  if (standing.verdict != Verdict::kSame) return absl::OkStatus();
  // The identity may know of a write that this snapshot does not show.
  BB_ASSIGN_OR_RETURN(auto association, registry::FindAssociation(
                                            snapshot, standing.candidates.front().association_id));
  if (!association || association->has_delete_time()) return absl::OkStatus();
  home.association = std::move(association);
  home.candidate = standing.candidates.front();
  home.reason = kByMatch;
  return absl::OkStatus();
}

}  // namespace

bool IsBranchOrSister(Verdict verdict) {
  return verdict == Verdict::kBranch || verdict == Verdict::kSister;
}

bool AsksDespiteNumber(const Candidate& candidate) {
  return candidate.number_doubtful && candidate.verdict == Verdict::kAsk;
}

const Candidate* KeptApart(const registry::Standing& standing, const std::string& id) {
  for (const Candidate& candidate : standing.candidates) {
    const bool apart = IsBranchOrSister(candidate.verdict) || AsksDespiteNumber(candidate);
    if (candidate.association_id == id && apart) return &candidate;
  }
  return nullptr;
}

void KeepOtherName(const registry::v1::Association& told,
                   const registry::v1::Association& known,
                   v1::PlannedAction& action) {
  const std::string& name = told.official_name();
  if (!name.empty() && name != known.official_name()) action.set_told_official_name(name);
}

std::string CvrOf(const registry::v1::Association& association) {
  for (const auto& identifier : association.identifiers()) {
    const bool current = identifier.valid().to_date().empty();
    if (identifier.scheme() == model::kSchemeCvr && current) return identifier.value();
  }
  return "";
}

absl::StatusOr<Home> FindHome(const HomeSeeker& seeker,
                              const std::optional<v1::Link>& link,
                              const ToldAssociation& told) {
  Home home;
  if (link) {
    BB_ASSIGN_OR_RETURN(home.association,
                        registry::FollowMerges(seeker.snapshot, link->association_id()));
    home.reason = kLinked;
    if (home.association) return home;
    home.reason = kNew;
  }
  if (!seeker.kept_id.empty()) {
    BB_ASSIGN_OR_RETURN(home.association, registry::FollowMerges(seeker.snapshot, seeker.kept_id));
    if (home.association) {
      home.reason = kById;
      return home;
    }
  }
  if (seeker.identity != nullptr) {
    home.standing =
        seeker.identity->Resolve(registry::RecordOf(told.association, seeker.connection_id));
  }
  const std::string cvr = CvrOf(told.association);
  if (!cvr.empty()) BB_RETURN_IF_ERROR(FindByCvr(seeker.snapshot, cvr, home));
  if (home.reason == kNew) BB_RETURN_IF_ERROR(FindByModel(seeker.snapshot, home));
  return home;
}

}  // namespace brobygger::sync
