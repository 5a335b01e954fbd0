#include "core/registry/decision_rules.h"

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/model/identifiers.h"
#include "core/model/rules.h"
#include "core/registry/decision_log.h"
#include "core/registry/index_scan.h"
#include "core/registry/records.h"

namespace brobygger::registry {
namespace {

using identity::v1::Decision;
using storage::Index;
using storage::Kind;
using v1::AssociationRelation;

constexpr std::size_t kLongestNote = 500;

}  // namespace

absl::Status CheckKind(const identity::v1::DecideRequest& request) {
  const auto refused = [](const std::string& what) {
    return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID, "kind: " + what + ".",
                           {{"field", "kind"}});
  };
  switch (request.kind()) {
    case Decision::KIND_NOT_SAME:
      return absl::OkStatus();
    case Decision::KIND_SAME:
    case Decision::KIND_UNSURE:
    case Decision::KIND_BRANCH_OF:
    case Decision::KIND_SUCCESSOR_OF:
      return request.has_record() ? refused("of a record only \"not the same\" can be said")
                                  : absl::OkStatus();
    default:
      return refused("say SAME, NOT_SAME, UNSURE, BRANCH_OF or SUCCESSOR_OF");
  }
}

absl::StatusOr<std::string> NormalNote(const std::string& note) {
  std::string normal = note;
  const model::Place place{nullptr, "note"};
  BB_RETURN_IF_ERROR(model::FixText(place, {0, kLongestNote}, normal));
  identity::v1::DecideRequest checked;
  checked.set_note(normal);
  BB_RETURN_IF_ERROR(model::CheckEverywhere(checked, {}));
  return normal;
}

Decision PersonsDecision(const Identity& identity,
                         Decision::Kind kind,
                         const std::string& actor,
                         const std::string& note) {
  Decision decision;
  decision.set_kind(kind);
  decision.set_maker(Decision::MAKER_PERSON);
  decision.set_actor(actor);
  decision.set_note(note);
  decision.set_model_version(identity.model()->version());
  return decision;
}

bool Contradicts(const HeldDecision& earlier, Decision::Kind kind, const std::string& from) {
  const bool relation =
      earlier.kind == Decision::KIND_BRANCH_OF || earlier.kind == Decision::KIND_SUCCESSOR_OF;
  switch (kind) {
    case Decision::KIND_SAME:
    case Decision::KIND_UNSURE:
      return relation || earlier.kind == Decision::KIND_NOT_SAME;
    case Decision::KIND_BRANCH_OF:
    case Decision::KIND_SUCCESSOR_OF:
      return relation && (earlier.kind != kind || earlier.from != from);
    default:
      return false;
  }
}

absl::Status ContradictsDecision(const storage::Snapshot& snapshot, const HeldDecision& earlier) {
  BB_ASSIGN_OR_RETURN(const Decision decision, GetDecision(snapshot, earlier.id));
  const std::string kind = Decision::Kind_Name(decision.kind()).substr(std::string("KIND_").size());
  return base::MakeError(
      errors::v1::ERROR_REASON_CONTRADICTS_DECISION,
      "This contradicts what " + decision.actor() + " decided before (" + kind +
          "); look at that decision, and override it if it was wrong.",
      {{"decision_id", decision.id()}, {"kind", kind}, {"actor", decision.actor()}});
}

absl::StatusOr<bool> HasRelation(const storage::Snapshot& snapshot,
                                 const AssociationRelation& wanted) {
  BB_ASSIGN_OR_RETURN(const auto keys, KeysAt(snapshot, Index::kRelationByAssociation,
                                              wanted.from_association_id()));
  for (const std::string& key : keys) {
    BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, snapshot.Find(Kind::kRelation, key));
    if (bytes == nullptr) continue;
    AssociationRelation relation;
    BB_RETURN_IF_ERROR(ParseRecord(bytes, relation));
    if (relation.from_association_id() == wanted.from_association_id() &&
        relation.to_association_id() == wanted.to_association_id() &&
        relation.kind() == wanted.kind()) {
      return true;
    }
  }
  return false;
}

absl::Status RemoveRelationOf(storage::Transaction& transaction, const Decision& decision) {
  if (decision.relation_id().empty()) return absl::OkStatus();
  return transaction.Remove(Kind::kRelation, decision.relation_id());
}

}  // namespace brobygger::registry
