#include "core/registry/settle.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/base/status_macros.h"
#include "core/matching/tables.h"
#include "core/registry/decision_log.h"
#include "core/registry/edit.h"
#include "core/registry/ingest.h"
#include "core/registry/joining.h"
#include "core/registry/questions.h"

namespace brobygger::registry {
namespace {

using identity::v1::Decision;
using identity::v1::MatchQuestion;
using v1::Association;

Decision HubsDecision(const Identity& identity, Decision::Kind kind) {
  Decision decision;
  decision.set_kind(kind);
  decision.set_maker(Decision::MAKER_HUB);
  decision.set_actor(kHubActor);
  decision.set_model_version(identity.model()->version());
  return decision;
}

// The association, if it is still there and live under this very id.
absl::StatusOr<std::optional<Association>> FindLive(const storage::Snapshot& snapshot,
                                                    const std::string& id) {
  BB_ASSIGN_OR_RETURN(auto association, FollowMerges(snapshot, id));
  const bool stands = association && association->id() == id && !association->has_delete_time();
  return stands ? std::move(association) : std::optional<Association>();
}

// Whether a person has said anything about it, and not only sources.
bool PersonBehind(const Association& association) {
  const auto& all = association.provenance();
  return std::any_of(all.begin(), all.end(),
                     [](const auto& statement) { return statement.connection_id().empty(); });
}

absl::Status SettleOne(storage::Transaction& transaction,
                       const Identity& identity,
                       const MatchQuestion& question) {
  BB_ASSIGN_OR_RETURN(const auto left, FindLive(transaction, question.left_association_id()));
  BB_ASSIGN_OR_RETURN(const auto right, FindLive(transaction, question.right_association_id()));
  // One that is deleted may come back, and its question with it.
  if (!left || !right || identity.DecidedBetween(left->id(), right->id())) return absl::OkStatus();
  const Candidate now = identity.CompareByModel(left->id(), right->id());
  if (now.verdict == Verdict::kAsk) return absl::OkStatus();

  const bool same = now.verdict == Verdict::kSame;
  // Whoever wrote an association by hand meant it: only a person joins it to another.
  if (same && (PersonBehind(*left) || PersonBehind(*right))) return absl::OkStatus();
  Decision decision = HubsDecision(identity, same ? Decision::KIND_SAME : Decision::KIND_NOT_SAME);
  decision.set_from_association_id(left->id());
  decision.set_to_association_id(right->id());
  decision.set_question_id(question.id());
  decision.set_ground("question");
  decision.set_score(now.score);
  decision.set_verdict(ToProto(now.verdict));
  BB_ASSIGN_OR_RETURN(decision, AppendDecision(transaction, decision));
  BB_RETURN_IF_ERROR(
      SetQuestionState(transaction, question.id(), MatchQuestion::STATE_SETTLED, decision.id()));
  if (!same) return absl::OkStatus();
  BB_ASSIGN_OR_RETURN(const auto merge,
                      JoinAssociations(transaction, *left, *right, decision.id(), kHubActor));
  decision.set_merge_id(merge.record().id());
  return StoreDecision(transaction, decision);
}

// Of two names of which one is a branch's: whether it is this one. The parent says
// that it is for the whole country, or its name is the branch's without a place.
bool IsBranchBeside(const std::string& name, const std::string& other) {
  const auto& tables = matching::Tables::Shipped();
  const bool national = tables.NamesCountry(name);
  if (national != tables.NamesCountry(other)) return !national;
  return name.size() >= other.size();
}

}  // namespace

absl::Status SettleQuestions(storage::Transaction& transaction,
                             const Identity& identity,
                             const std::vector<std::string>& association_ids) {
  for (const std::string& id : association_ids) {
    BB_ASSIGN_OR_RETURN(const auto questions, QuestionsAbout(transaction, id));
    for (const MatchQuestion& question : questions) {
      if (question.state() != MatchQuestion::STATE_OPEN) continue;
      BB_RETURN_IF_ERROR(SettleOne(transaction, identity, question));
    }
  }
  return absl::OkStatus();
}

absl::Status LogJoining(storage::Transaction& transaction,
                        const Identity& identity,
                        const Joining& joining) {
  Decision decision = HubsDecision(identity, Decision::KIND_SAME);
  decision.set_from_association_id(joining.association_id);
  *decision.mutable_record() = joining.record;
  decision.set_ground(joining.ground);
  decision.set_score(joining.score);
  decision.set_verdict(ToProto(joining.verdict));
  return AppendDecision(transaction, std::move(decision)).status();
}

absl::Status RelateBranch(storage::Transaction& transaction,
                          const Association& association,
                          const std::string& other_id,
                          Verdict verdict) {
  if (verdict != Verdict::kBranch) return absl::OkStatus();
  BB_ASSIGN_OR_RETURN(const auto other, FindAssociation(transaction, other_id));
  if (!other) return absl::OkStatus();
  const bool is_branch = IsBranchBeside(association.official_name(), other->official_name());
  v1::AssociationRelation wanted;
  wanted.set_kind(v1::AssociationRelation::KIND_BRANCH_OF);
  wanted.set_from_association_id(is_branch ? association.id() : other_id);
  wanted.set_to_association_id(is_branch ? other_id : association.id());
  return CreateRelation(transaction, std::move(wanted), kHubActor).status();
}

}  // namespace brobygger::registry
