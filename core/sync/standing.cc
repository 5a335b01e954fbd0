#include "core/sync/standing.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/status_macros.h"
#include "core/model/identifiers.h"
#include "core/model/provenance.h"
#include "core/registry/questions.h"
#include "core/registry/settle.h"

namespace brobygger::sync {
namespace {

using registry::v1::Association;
using registry::v1::Provenance;

Association FirstOf(const ToldAssociation& told, const Provenance& who) {
  Association next = told.association;
  model::RecordStatement(next, who, told.FilledPaths());
  return next;
}

Association WithoutNumber(ToldAssociation told, const Provenance& who) {
  const std::string path = std::string("identifiers.") + model::kSchemeCvr;
  const std::string cvr = CvrOf(told.association);
  told.paths.erase(path);
  auto& identifiers = *told.association.mutable_identifiers();
  const auto end = std::remove_if(identifiers.begin(), identifiers.end(), [&](const auto& each) {
    return each.scheme() == model::kSchemeCvr && each.value() == cvr;
  });
  identifiers.erase(end, identifiers.end());
  Association next = FirstOf(told, who);
  model::RecordOtherValue(next, who, path, cvr);
  return next;
}

}  // namespace

Association NewAssociation(const Decision& decision, const Provenance& who) {
  const std::string& reason = decision.action.link_reason();
  const bool of_another = reason == kInDoubt && AsksDespiteNumber(decision.candidate);
  return reason == kBranch || of_another ? WithoutNumber(decision.told, who)
                                         : FirstOf(decision.told, who);
}

void KeepPlannedDoubt(const v1::PlannedAction& planned, Decision& decision) {
  const bool planned_doubt =
      planned.link_reason() == kInDoubt && !planned.other_association_id().empty();
  if (!planned_doubt || decision.action.link_reason() != kNew) return;
  decision.action.set_link_reason(kInDoubt);
  decision.candidate.association_id = planned.other_association_id();
  decision.candidate.verdict = registry::Verdict::kAsk;
  decision.candidate.score = planned.match_score();
  decision.candidate.probability = 1 / (1 + std::exp(-planned.match_score()));
  decision.standing.verdict = registry::Verdict::kAsk;
  decision.standing.candidates.insert(decision.standing.candidates.begin(), decision.candidate);
}

absl::StatusOr<int> KeepStanding(storage::Transaction& transaction,
                                 const DecisionContext& context,
                                 const Decision& decision,
                                 const Association& stored) {
  const std::string& reason = decision.action.link_reason();
  identity::v1::RecordReference record;
  record.set_connection_id(context.stream.connection_id);
  record.set_external_id(decision.action.external_id());
  if (reason == kByMatch || reason == kByCvr) {
    BB_RETURN_IF_ERROR(registry::LogJoining(
        transaction, context.identity,
        {stored.id(), record, reason, decision.candidate.score, decision.candidate.verdict}));
  } else if (reason == kBranch) {
    BB_RETURN_IF_ERROR(registry::RelateBranch(
        transaction, stored, decision.candidate.association_id, decision.candidate.verdict));
  } else if (reason == kInDoubt) {
    return registry::AskAbout(transaction, context.identity, stored.id(), decision.standing,
                              record);
  }
  return 0;
}

}  // namespace brobygger::sync
