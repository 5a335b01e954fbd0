#include "core/registry/explain.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "core/base/status_macros.h"
#include "core/registry/decision_log.h"
#include "core/registry/index_scan.h"
#include "core/registry/ingest.h"
#include "core/registry/joining.h"
#include "core/registry/members.h"
#include "core/registry/records.h"
#include "core/registry/statements.h"

namespace brobygger::registry {
namespace {

using identity::v1::AssociationExplanation;
using identity::v1::Decision;
using identity::v1::MemberRecord;
using identity::v1::PairExplanation;
using identity::v1::RecordReference;
using identity::v1::StoredMerge;
using v1::Association;
using v1::Provenance;

// Of each association; the best of all pairs is explained.
constexpr std::size_t kMostCompared = 12;

struct Pair {
  matching::Explanation explanation;
  const Member* left = nullptr;
  const Member* right = nullptr;
};

bool IsSameRecord(const Member& left, const Member& right) {
  return !left.connection_id.empty() && left.connection_id == right.connection_id &&
         left.external_id == right.external_id;
}

// The members that are not the other's too: after a merge the survivor has all.
std::vector<Member> OwnMembers(const Association& association, const Association& other) {
  std::vector<Member> members = MembersOf(association);
  const std::vector<Member> others = MembersOf(other);
  std::vector<Member> own;
  for (const Member& member : members) {
    const bool shared = std::any_of(others.begin(), others.end(),
                                    [&](const Member& each) { return IsSameRecord(member, each); });
    if (!shared) own.push_back(member);
  }
  if (own.empty()) own = std::move(members);
  if (own.size() > kMostCompared) own.resize(kMostCompared);
  return own;
}

Pair BestPair(const Identity& identity,
              const std::vector<Member>& lefts,
              const std::vector<Member>& rights) {
  Pair best;
  for (const Member& left : lefts) {
    for (const Member& right : rights) {
      auto explanation = identity.Explain(left.record, right.record);
      if (best.left != nullptr && explanation.score <= best.explanation.score) continue;
      best = {std::move(explanation), &left, &right};
    }
  }
  return best;
}

void SetReference(const Member& member, RecordReference& reference) {
  reference.set_connection_id(member.connection_id);
  reference.set_external_id(member.external_id);
}

void SetLines(const matching::Explanation& from, PairExplanation& to) {
  to.set_score(from.score);
  to.set_probability(from.probability);
  to.set_record_verdict(ToProto(from.verdict));
  for (const matching::Line& line : from.lines) {
    auto& added = *to.add_lines();
    added.set_key(line.key);
    added.set_level(line.level);
    added.set_weight(line.weight);
    added.set_text_da(line.text_da);
    added.set_text_en(line.text_en);
  }
  for (const matching::Settling& settling : from.settling) {
    auto& added = *to.add_settling();
    added.set_key(settling.key);
    added.set_score_if_equal(settling.score_if_equal);
    added.set_score_if_differs(settling.score_if_differs);
    added.set_question_da(settling.question_da);
    added.set_question_en(settling.question_en);
  }
}

// What the hub goes by, and the score it does so with.
void SetVerdict(const Identity& identity,
                const Association& left,
                const Association& right,
                PairExplanation& explanation) {
  if (identity.RootOf(left.id()) == identity.RootOf(right.id())) {
    explanation.set_verdict(identity::v1::VERDICT_SAME);
    explanation.set_association_score(explanation.score());
    return;
  }
  if (left.has_delete_time() || right.has_delete_time()) {
    explanation.set_verdict(explanation.record_verdict());
    explanation.set_association_score(explanation.score());
    return;
  }
  const Candidate stands = identity.Compare(left.id(), right.id());
  explanation.set_verdict(ToProto(stands.verdict));
  explanation.set_association_score(stands.score);
}

absl::Status AddDecisionsBetween(const storage::Snapshot& snapshot,
                                 const std::string& left,
                                 const std::string& right,
                                 PairExplanation& explanation) {
  BB_ASSIGN_OR_RETURN(const auto about, DecisionsAbout(snapshot, left));
  for (auto decision = about.rbegin(); decision != about.rend(); ++decision) {
    const bool between =
        decision->from_association_id() == right || decision->to_association_id() == right;
    if (between) *explanation.add_decisions() = *decision;
  }
  return absl::OkStatus();
}

// The decision by which the record joined the association, if it holds.
const Decision* JoinedBy(const Provenance& statement, const std::vector<Decision>& decisions) {
  const auto found = std::find_if(decisions.begin(), decisions.end(), [&](const Decision& each) {
    return each.kind() == Decision::KIND_SAME && each.undone_by_decision_id().empty() &&
           each.record().connection_id() == statement.connection_id() &&
           each.record().external_id() == statement.external_id();
  });
  return found == decisions.end() ? nullptr : &*found;
}

// The merge by which the record came along, if that holds.
const StoredMerge* CameWith(const Provenance& statement,
                            const std::string& survivor,
                            const std::vector<StoredMerge>& merges) {
  const auto found = std::find_if(merges.begin(), merges.end(), [&](const StoredMerge& each) {
    return each.record().survivor_association_id() == survivor && !each.record().has_undo_time() &&
           StatementBy(each.absorbed_before(), SourceKey(statement)) != nullptr;
  });
  return found == merges.end() ? nullptr : &*found;
}

std::string NameToldBy(const Provenance& statement, const Association& association) {
  const auto said = SaidIn(association, statement);
  const auto told = said.find("official_name");
  return told == said.end() ? association.official_name() : told->second;
}

void AddMember(const Association& association,
               const Provenance& statement,
               const std::vector<Decision>& decisions,
               const std::vector<StoredMerge>& merges,
               AssociationExplanation& explanation) {
  MemberRecord& member = *explanation.add_records();
  member.mutable_record()->set_connection_id(statement.connection_id());
  member.mutable_record()->set_external_id(statement.external_id());
  member.set_official_name(NameToldBy(statement, association));
  *member.mutable_link_time() = statement.registered_time();
  member.set_link_reason(statement.connection_id().empty() ? "person" : "new");
  if (const Decision* joined = JoinedBy(statement, decisions)) {
    member.set_link_reason(joined->ground());
    member.set_score(joined->score());
    member.set_decision_id(joined->id());
    *member.mutable_link_time() = joined->decide_time();
  } else if (const StoredMerge* merge = CameWith(statement, association.id(), merges)) {
    member.set_link_reason("merge");
    member.set_decision_id(merge->record().decision_id());
    *member.mutable_link_time() = merge->record().merge_time();
  }
}

}  // namespace

absl::StatusOr<PairExplanation> ExplainPair(const storage::Snapshot& snapshot,
                                            const Identity& identity,
                                            const std::string& left_id,
                                            const std::string& right_id) {
  BB_ASSIGN_OR_RETURN(const Association left, GetAssociation(snapshot, left_id));
  BB_ASSIGN_OR_RETURN(const Association right, GetAssociation(snapshot, right_id));
  PairExplanation explanation;
  explanation.set_left_association_id(left.id());
  explanation.set_right_association_id(right.id());
  explanation.set_left_official_name(left.official_name());
  explanation.set_right_official_name(right.official_name());
  explanation.set_model_version(identity.model()->version());
  const std::vector<Member> lefts = OwnMembers(left, right);
  const std::vector<Member> rights = OwnMembers(right, left);
  const Pair best = BestPair(identity, lefts, rights);
  SetLines(best.explanation, explanation);
  SetReference(*best.left, *explanation.mutable_left_record());
  SetReference(*best.right, *explanation.mutable_right_record());
  SetVerdict(identity, left, right, explanation);
  BB_RETURN_IF_ERROR(AddDecisionsBetween(snapshot, left_id, right_id, explanation));
  return explanation;
}

absl::StatusOr<AssociationExplanation> ExplainAssociation(const storage::Snapshot& snapshot,
                                                          const std::string& association_id) {
  BB_ASSIGN_OR_RETURN(const auto association, FollowMerges(snapshot, association_id));
  if (!association) return AssociationNotFound(association_id);
  AssociationExplanation explanation;
  explanation.set_association_id(association->id());
  explanation.set_official_name(association->official_name());
  BB_ASSIGN_OR_RETURN(const auto decisions, DecisionsAbout(snapshot, association->id()));
  BB_ASSIGN_OR_RETURN(const auto merges, MergesOf(snapshot, association->id()));
  for (const Provenance& statement : association->provenance()) {
    AddMember(*association, statement, decisions, merges, explanation);
  }
  for (const StoredMerge& merge : merges) {
    const bool survived = merge.record().survivor_association_id() == association->id();
    if (survived) *explanation.add_merges() = merge.record();
  }
  explanation.mutable_decisions()->Assign(decisions.begin(), decisions.end());
  return explanation;
}

absl::StatusOr<identity::v1::Resolution> ToResolution(const storage::Snapshot& snapshot,
                                                      const Standing& standing) {
  identity::v1::Resolution resolution;
  resolution.set_verdict(ToProto(standing.verdict));
  resolution.set_too_common(standing.too_common);
  bool left_out = false;
  for (const Candidate& candidate : standing.candidates) {
    BB_ASSIGN_OR_RETURN(const auto association,
                        FindAssociation(snapshot, candidate.association_id));
    if (!association) {
      left_out = true;
      continue;
    }
    auto& added = *resolution.add_candidates();
    added.set_association_id(candidate.association_id);
    added.set_official_name(association->official_name());
    added.set_verdict(ToProto(candidate.verdict));
    added.set_score(candidate.score);
    added.set_probability(candidate.probability);
    added.set_decision_id(candidate.decision_id);
  }
  // Then the record means the best of those that are there, or none.
  if (left_out) {
    resolution.set_verdict(resolution.candidates().empty() ? identity::v1::VERDICT_DIFFERENT
                                                           : resolution.candidates(0).verdict());
  }
  return resolution;
}

matching::Record ToRecord(const identity::v1::IdentityRecord& record) {
  matching::Record made;
  made.source = record.connection_id();
  made.names = {record.official_names().begin(), record.official_names().end()};
  made.cvr = record.cvr();
  made.emails = {record.emails().begin(), record.emails().end()};
  made.phones = {record.phones().begin(), record.phones().end()};
  made.websites = {record.websites().begin(), record.websites().end()};
  made.street = record.street();
  made.house_number = record.house_number();
  made.postal_code = record.postal_code();
  made.city = record.postal_district();
  made.municipality_code = record.municipality_code();
  made.country = "DK";
  made.founded = record.founded_date();
  made.parent = record.national_association();
  return made;
}

}  // namespace brobygger::registry
