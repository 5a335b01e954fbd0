// What the identity commands share.
#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/identity/v1/identity_service.pb.h"

#include "core/cli/output.h"
#include "core/cli/session.h"

namespace brobygger::cli {

// The id a person means. A whole id is taken as it is, so that one that was merged
// means what it was before; else see FindAssociation().
absl::StatusOr<std::string> FindAssociationId(Session& session, const std::string& typed);

// A decision's whole id, by its start as lists show it.
absl::StatusOr<std::string> FindDecisionId(Session& session, const std::string& typed);

absl::StatusOr<identity::v1::PairExplanation> GetPairExplanation(Session& session,
                                                                 const std::string& left,
                                                                 const std::string& right);

// The lines of an explanation with their sum, the verdict in words, what persons
// decided, and what would settle the case.
std::string ExplanationText(const identity::v1::PairExplanation& explanation,
                            const std::string& language);

// Says what a decision led to.
void SayOutcome(Session& session, const identity::v1::DecideResponse& decided);
void SayConflicts(Session& session,
                  const google::protobuf::RepeatedPtrField<identity::v1::UndoConflict>& conflicts);

// How a list of decisions is shown.
std::vector<Column> DecisionColumns();
std::vector<Cell> DecisionCells(const identity::v1::Decision& decision,
                                const std::string& language);

// The first part of an id: enough to name it among a municipality's.
std::string ShortId(const std::string& id);

}  // namespace brobygger::cli
