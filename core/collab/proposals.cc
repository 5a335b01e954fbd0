#include "core/collab/proposals.h"

#include <algorithm>
#include <cstddef>
#include <tuple>
#include <utility>

#include "core/base/day.h"
#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/collab/acting.h"
#include "core/collab/collaborations.h"
#include "core/collab/kept.h"
#include "core/collab/rules.h"
#include "core/model/rules.h"

namespace brobygger::collab {
namespace {

using model::BrokenRule;
using v1::Collaboration;
using v1::CollaborationProposal;
using v1::Party;

constexpr int kMostOthers = 20;
constexpr std::size_t kMostListed = 500;

absl::Status CheckOthers(const v1::ProposeCollaborationRequest& wanted) {
  if (wanted.association_ids().empty() || wanted.association_ids_size() > kMostOthers) {
    return BrokenRule({nullptr, "association_ids"}, "must be 1-20 associations");
  }
  if (wanted.department_ids_size() > kMostOthers) {
    return BrokenRule({nullptr, "department_ids"}, "must be at most 20 departments");
  }
  return absl::OkStatus();
}

absl::Status AddParties(const storage::Snapshot& snapshot,
                        const v1::ProposeCollaborationRequest& wanted,
                        const std::string& municipality_code,
                        Collaboration& collaboration) {
  Party centre;
  centre.set_side(v1::COLLABORATION_SIDE_VOLUNTEER_CENTRE);
  centre.set_title(wanted.centre_title());
  BB_ASSIGN_OR_RETURN(centre, CheckedParty(snapshot, std::move(centre)));
  centre.set_municipality_code(municipality_code);
  BB_RETURN_IF_ERROR(PutParty(centre, collaboration));
  for (const std::string& id : wanted.association_ids()) {
    Party party;
    party.set_side(v1::COLLABORATION_SIDE_ASSOCIATION);
    party.set_association_id(id);
    BB_ASSIGN_OR_RETURN(party, CheckedParty(snapshot, std::move(party)));
    party.set_proposed_to(true);
    BB_RETURN_IF_ERROR(PutParty(party, collaboration));
  }
  for (const std::string& id : wanted.department_ids()) {
    Party party;
    party.set_side(v1::COLLABORATION_SIDE_MUNICIPALITY);
    party.set_department_id(id);
    BB_ASSIGN_OR_RETURN(party, CheckedParty(snapshot, std::move(party)));
    BB_RETURN_IF_ERROR(PutParty(party, collaboration));
  }
  return absl::OkStatus();
}

CollaborationProposal ToldToCentre(const Collaboration& collaboration) {
  CollaborationProposal told;
  told.set_collaboration_id(collaboration.id());
  // Its own words: what others made of them since is theirs.
  told.set_title(collaboration.proposed_title());
  told.set_state(collaboration.state());
  told.set_state_date(collaboration.state_date());
  *told.mutable_create_time() = collaboration.create_time();
  for (const Party& party : collaboration.parties()) {
    // One that the centre may not see any more has no name here.
    const bool there = party.proposed_to() && party.left_date().empty();
    if (there && !party.title().empty()) told.add_association_names(party.title());
  }
  return told;
}

bool IsProposalOf(const Collaboration& collaboration, const std::string& municipality_code) {
  if (collaboration.proposed_by() != v1::COLLABORATION_SIDE_VOLUNTEER_CENTRE) return false;
  const auto& parties = collaboration.parties();
  return municipality_code.empty() ||
         std::any_of(parties.begin(), parties.end(), [&](const Party& party) {
           return party.side() == v1::COLLABORATION_SIDE_VOLUNTEER_CENTRE &&
                  party.municipality_code() == municipality_code && party.left_date().empty();
         });
}

bool IsNewer(const Collaboration& left, const Collaboration& right) {
  const auto place = [](const Collaboration& each) {
    return std::tuple(each.create_time().seconds(), each.create_time().nanos(), each.id());
  };
  return place(left) > place(right);
}

}  // namespace

absl::StatusOr<CollaborationProposal> ProposeCollaboration(
    storage::Transaction& transaction,
    const v1::ProposeCollaborationRequest& wanted,
    const std::string& municipality_code) {
  if (municipality_code.empty()) {
    return base::MakeError(
        errors::v1::ERROR_REASON_NOT_ALLOWED,
        "a volunteer centre proposes in the name of its municipality's centre, and this sign-in "
        "names no municipality");
  }
  BB_RETURN_IF_ERROR(CheckOthers(wanted));
  Collaboration collaboration;
  collaboration.set_title(wanted.title());
  *collaboration.mutable_aim() = wanted.aim();
  BB_RETURN_IF_ERROR(NormalizeAndCheck(collaboration));
  if (collaboration.aim().by_language().empty()) return BrokenRule({nullptr, "aim"}, "is required");
  collaboration.set_proposed_title(collaboration.title());
  collaboration.set_id(base::MakeUuid());
  collaboration.set_state(v1::COLLABORATION_STATE_IDEA);
  collaboration.set_state_date(base::DanishDayOf(transaction.now()));
  collaboration.set_proposed_by(v1::COLLABORATION_SIDE_VOLUNTEER_CENTRE);
  BB_RETURN_IF_ERROR(AddParties(transaction, wanted, municipality_code, collaboration));
  BB_RETURN_IF_ERROR(StoreCollaboration(transaction, collaboration));
  BB_ASSIGN_OR_RETURN(const Collaboration shown, Shown(transaction, std::move(collaboration)));
  return ToldToCentre(shown);
}

absl::StatusOr<v1::ListProposalsResponse> ListProposals(const storage::Snapshot& snapshot,
                                                        const std::string& municipality_code) {
  BB_ASSIGN_OR_RETURN(auto all, LoadCollaborations(snapshot));
  std::erase_if(all,
                [&](const Collaboration& each) { return !IsProposalOf(each, municipality_code); });
  std::sort(all.begin(), all.end(), IsNewer);
  if (all.size() > kMostListed) all.resize(kMostListed);
  v1::ListProposalsResponse response;
  for (Collaboration& each : all) {
    BB_ASSIGN_OR_RETURN(const Collaboration shown, Shown(snapshot, std::move(each)));
    *response.add_proposals() = ToldToCentre(shown);
  }
  return response;
}

}  // namespace brobygger::collab
