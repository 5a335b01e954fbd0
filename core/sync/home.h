#pragma once

#include <optional>
#include <string>

#include <absl/status/statusor.h>

#include "brobygger/registry/v1/association.pb.h"
#include "brobygger/sync/v1/claim.pb.h"
#include "brobygger/sync/v1/plan.pb.h"

#include "core/registry/identity.h"
#include "core/storage/store.h"
#include "core/sync/mapping.h"

namespace brobygger::sync {

// Why a record belongs where it does, as PlannedAction.link_reason has it.
inline constexpr char kLinked[] = "linked";  // it is linked already
inline constexpr char kById[] = "id";        // the source keeps our id on it
inline constexpr char kByCvr[] = "cvr";      // the same valid CVR number
inline constexpr char kByMatch[] = "match";  // the model says it is the same
inline constexpr char kNew[] = "new";        // a new association
// A new one, with a match question; without its CVR number if the other has that.
inline constexpr char kInDoubt[] = "ask";
inline constexpr char kBranch[] = "branch";  // a new one, under its parent's CVR number

// The association a record belongs to.
struct Home {
  std::optional<registry::v1::Association> association;  // unset: a new one
  std::string reason = kNew;
  registry::Standing standing;    // what it was held against; empty if it was linked
  registry::Candidate candidate;  // the one that `reason` is about, if it is about one
};

// Where to look.
struct HomeSeeker {
  const registry::Identity* identity;  // null: the record is known to be new to it
  const storage::Snapshot& snapshot;
  const std::string& connection_id;
  const std::string& kept_id;  // our id on the source's record, or ""
};

// Finds it: the association of the record's link (or what that was merged into);
// else the one whose id the source keeps on it; else the one with the same valid CVR number, unless
// the record is a branch of it or looks like another altogether; else the one that the model says
// it is; else a new one. Asks the store for no more than the record with that CVR number.
absl::StatusOr<Home> FindHome(const HomeSeeker& seeker,
                              const std::optional<v1::Link>& link,
                              const ToldAssociation& told);

// Whether one of the two is a part of the other, or of the same national
// association: then a shared CVR number does not make them the same.
bool IsBranchOrSister(registry::Verdict verdict);

// Whether they have one CVR number and all else speaks of two, so that a person has to say.
bool AsksDespiteNumber(const registry::Candidate& candidate);

// Of the candidates the one with this id, if a record with its CVR number is another association
// all the same, or may be; else null.
const registry::Candidate* KeptApart(const registry::Standing& standing, const std::string& id);

// Says in the action what a record calls itself that is taken for an association of another name:
// whoever approves the plan must see it.
void KeepOtherName(const registry::v1::Association& told,
                   const registry::v1::Association& known,
                   v1::PlannedAction& action);

// The CVR number the association has now, or "".
std::string CvrOf(const registry::v1::Association& association);

}  // namespace brobygger::sync
