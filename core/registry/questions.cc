#include "core/registry/questions.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <absl/strings/escaping.h>

#include "core/base/status_macros.h"
#include "core/registry/index_scan.h"
#include "core/registry/ingest.h"
#include "core/registry/records.h"
#include "core/registry/request_answers.h"

namespace brobygger::registry {
namespace {

using identity::v1::MatchQuestion;
using storage::Index;
using storage::Kind;

constexpr char kOpen[] = "open/";
constexpr char kDone[] = "done/";
constexpr int kMostAsked = 3;

absl::Status Store(storage::Transaction& transaction, const MatchQuestion& question) {
  const bool open = question.state() == MatchQuestion::STATE_OPEN;
  BB_RETURN_IF_ERROR(
      transaction.Remove(Kind::kMatchQuestion, (open ? kDone : kOpen) + question.id()));
  return transaction.Put(Kind::kMatchQuestion, (open ? kOpen : kDone) + question.id(),
                         ToBytes(question),
                         {{Index::kQuestionByAssociation, question.left_association_id()},
                          {Index::kQuestionByAssociation, question.right_association_id()}});
}

// How many records would move, at most, if the answer is yes.
absl::StatusOr<int> SizeOf(const storage::Snapshot& snapshot, const std::string& id) {
  BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(snapshot, id));
  return association ? std::max(1, association->provenance_size()) : 1;
}

// An even chance is worth 1; what is as good as certain, next to nothing.
double Uncertainty(double probability) { return 4 * probability * (1 - probability); }

}  // namespace

std::string QuestionIdOf(const std::string& left, const std::string& right) {
  const std::string pair = std::min(left, right) + "/" + std::max(left, right);
  const std::string hex = absl::BytesToHexString(DigestOf(pair)).substr(0, 32);
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" +
         hex.substr(16, 4) + "-" + hex.substr(20);
}

absl::StatusOr<std::optional<MatchQuestion>> FindQuestion(const storage::Snapshot& snapshot,
                                                          const std::string& id) {
  for (const char* state : {kOpen, kDone}) {
    BB_ASSIGN_OR_RETURN(const storage::Bytes bytes,
                        snapshot.Find(Kind::kMatchQuestion, state + id));
    if (bytes == nullptr) continue;
    MatchQuestion question;
    BB_RETURN_IF_ERROR(ParseRecord(bytes, question));
    return std::optional<MatchQuestion>(std::move(question));
  }
  return std::optional<MatchQuestion>();
}

absl::StatusOr<bool> AskQuestion(storage::Transaction& transaction,
                                 const Identity& identity,
                                 const std::string& association_id,
                                 const Candidate& candidate,
                                 const identity::v1::RecordReference& cause) {
  const std::string id = QuestionIdOf(association_id, candidate.association_id);
  BB_ASSIGN_OR_RETURN(const auto known, FindQuestion(transaction, id));
  // What the hub settled by itself it may doubt again, when something else is said.
  if (known && known->state() != MatchQuestion::STATE_SETTLED) return false;
  if (identity.DecidedBetween(association_id, candidate.association_id)) return false;
  BB_ASSIGN_OR_RETURN(const int left, SizeOf(transaction, candidate.association_id));
  BB_ASSIGN_OR_RETURN(const int right, SizeOf(transaction, association_id));
  MatchQuestion question;
  question.set_id(id);
  question.set_left_association_id(candidate.association_id);
  question.set_right_association_id(association_id);
  question.set_state(MatchQuestion::STATE_OPEN);
  question.set_score(candidate.score);
  question.set_verdict(ToProto(candidate.verdict));
  question.set_model_version(identity.model()->version());
  question.set_expected_gain(Uncertainty(candidate.probability) * (left + right));
  *question.mutable_ask_time() = base::ToTimestamp(transaction.now());
  *question.mutable_cause() = cause;
  BB_RETURN_IF_ERROR(Store(transaction, question));
  return true;
}

absl::StatusOr<int> AskAbout(storage::Transaction& transaction,
                             const Identity& identity,
                             const std::string& association_id,
                             const Standing& standing,
                             const identity::v1::RecordReference& cause) {
  int asked = 0;
  for (const Candidate& candidate : standing.candidates) {
    const bool doubt = candidate.verdict == Verdict::kAsk || candidate.verdict == Verdict::kSame;
    if (!doubt || asked == kMostAsked) continue;
    BB_ASSIGN_OR_RETURN(const bool now,
                        AskQuestion(transaction, identity, association_id, candidate, cause));
    asked += now ? 1 : 0;
  }
  return asked;
}

absl::Status SetQuestionState(storage::Transaction& transaction,
                              const std::string& id,
                              MatchQuestion::State state,
                              const std::string& decision_id) {
  BB_ASSIGN_OR_RETURN(auto question, FindQuestion(transaction, id));
  if (!question) return absl::OkStatus();
  const bool opens = state == MatchQuestion::STATE_OPEN;
  const bool open = question->state() == MatchQuestion::STATE_OPEN;
  // A later answer to a closed question does not make it another question.
  if (!open && !opens) return absl::OkStatus();
  question->set_state(state);
  question->set_decision_id(opens ? "" : decision_id);
  if (opens) {
    question->clear_close_time();
  } else {
    *question->mutable_close_time() = base::ToTimestamp(transaction.now());
  }
  return Store(transaction, *question);
}

absl::Status AskAgain(storage::Transaction& transaction,
                      const MatchQuestion& question,
                      const std::string& left,
                      const std::string& right) {
  MatchQuestion next = question;
  next.set_id(QuestionIdOf(left, right));
  next.set_left_association_id(left);
  next.set_right_association_id(right);
  BB_ASSIGN_OR_RETURN(const auto known, FindQuestion(transaction, next.id()));
  return known ? absl::OkStatus() : Store(transaction, next);
}

absl::StatusOr<std::vector<MatchQuestion>> QuestionsAbout(const storage::Snapshot& snapshot,
                                                          const std::string& association_id) {
  BB_ASSIGN_OR_RETURN(const auto keys,
                      KeysAt(snapshot, Index::kQuestionByAssociation, association_id));
  std::vector<MatchQuestion> questions;
  for (const std::string& key : keys) {
    BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, snapshot.Find(Kind::kMatchQuestion, key));
    if (bytes == nullptr) continue;
    BB_RETURN_IF_ERROR(ParseRecord(bytes, questions.emplace_back()));
  }
  return questions;
}

}  // namespace brobygger::registry
