#include "core/registry/identity.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/status_macros.h"
#include "core/registry/members.h"
#include "core/registry/records.h"

namespace brobygger::registry {
namespace {

using identity::v1::Decision;
using identity::v1::MatchQuestion;
using storage::Kind;

constexpr int kEntriesAtOnce = 1000;

void Forget(const std::string& id,
            const std::string& about,
            absl::flat_hash_map<std::string, std::vector<std::string>>& lists) {
  const auto list = lists.find(about);
  if (list == lists.end()) return;
  std::erase(list->second, id);
  if (list->second.empty()) lists.erase(list);
}

// What another program version wrote wrongly must not stop the hub; the store's
// own reads report it.
template <typename Record>
bool Read(const storage::Bytes& bytes, Record& record) {
  if (bytes == nullptr) return false;
  if (record.ParseFromString(*bytes)) return true;
  base::LogError("identity_record_unreadable", {});
  return false;
}

}  // namespace

Verdict VerdictOf(Decision::Kind kind) {
  switch (kind) {
    case Decision::KIND_SAME:
      return Verdict::kSame;
    case Decision::KIND_UNSURE:
      return Verdict::kAsk;
    case Decision::KIND_BRANCH_OF:
      return Verdict::kBranch;
    case Decision::KIND_SUCCESSOR_OF:
      return Verdict::kSuccessor;
    default:
      return Verdict::kDifferent;
  }
}

Candidate ToCandidate(const matching::Match& match) {
  return {match.association_id, match.verdict, match.score, match.probability, "",
          match.number_doubtful};
}

identity::v1::Verdict ToProto(Verdict verdict) {
  switch (verdict) {
    case Verdict::kDifferent:
      return identity::v1::VERDICT_DIFFERENT;
    case Verdict::kRelated:
      return identity::v1::VERDICT_RELATED;
    case Verdict::kBranch:
      return identity::v1::VERDICT_BRANCH;
    case Verdict::kSister:
      return identity::v1::VERDICT_SISTER;
    case Verdict::kSuccessor:
      return identity::v1::VERDICT_SUCCESSOR;
    case Verdict::kAsk:
      return identity::v1::VERDICT_ASK;
    case Verdict::kSame:
      return identity::v1::VERDICT_SAME;
  }
  return identity::v1::VERDICT_UNSPECIFIED;
}

bool Identity::Hears(Kind kind) {
  return kind == Kind::kAssociation || kind == Kind::kDecision || kind == Kind::kMatchQuestion;
}

bool Identity::State::Tell(Kind kind, const std::string& key, const storage::Bytes& bytes) {
  if (kind == Kind::kAssociation) return TellAssociation(key, bytes);
  if (kind == Kind::kDecision) TellDecision(key, bytes);
  if (kind == Kind::kMatchQuestion) TellQuestion(key, bytes);
  return false;
}

bool Identity::State::TellAssociation(const std::string& id, const storage::Bytes& bytes) {
  v1::Association association;
  const bool there = Read(bytes, association);
  SetMergedInto(id, association.merged_into_association_id());
  const bool live = there && !association.has_delete_time();
  return index->Put(id, live ? RecordsOf(association) : std::vector<matching::Record>());
}

void Identity::State::SetMergedInto(const std::string& id, const std::string& survivor) {
  const auto known = merged_into.find(id);
  if (known != merged_into.end()) {
    if (known->second == survivor) return;
    Forget(id, known->second, absorbed);
    merged_into.erase(known);
  }
  if (survivor.empty()) return;
  merged_into[id] = survivor;
  absorbed[survivor].push_back(id);
}

void Identity::State::TellDecision(const std::string& id, const storage::Bytes& bytes) {
  if (const auto known = decisions.find(id); known != decisions.end()) {
    Forget(id, known->second.from, decisions_about);
    Forget(id, known->second.to, decisions_about);
    decisions.erase(known);
  }
  Decision decision;
  if (!Read(bytes, decision)) return;
  const bool holds = decision.undone_by_decision_id().empty() &&
                     decision.kind() != Decision::KIND_RETRACTED &&
                     decision.maker() == Decision::MAKER_PERSON;
  if (!holds || decision.to_association_id().empty()) return;
  HeldDecision held{id, decision.kind(), decision.from_association_id(),
                    decision.to_association_id(),
                    base::ToInstant(decision.decide_time()).time_since_epoch().count()};
  decisions_about[held.from].push_back(id);
  decisions_about[held.to].push_back(id);
  decisions[id] = std::move(held);
}

void Identity::State::TellQuestion(const std::string& key, const storage::Bytes& bytes) {
  if (const auto known = open_questions.find(key); known != open_questions.end()) {
    const auto [left, right] = known->second;
    Forget(right, left, doubts);
    Forget(left, right, doubts);
    open_questions.erase(known);
  }
  MatchQuestion question;
  if (!Read(bytes, question) || question.state() != MatchQuestion::STATE_OPEN) return;
  const std::string& left = question.left_association_id();
  const std::string& right = question.right_association_id();
  open_questions[key] = {left, right};
  doubts[left].push_back(right);
  doubts[right].push_back(left);
}

std::string Identity::State::RootOf(std::string id) const {
  // As many steps as there are merges: a circle cannot be, and would end too.
  for (std::size_t steps = 0; steps <= merged_into.size(); ++steps) {
    const auto next = merged_into.find(id);
    if (next == merged_into.end()) return id;
    id = next->second;
  }
  return id;
}

Identity::Ids Identity::State::ClusterOf(const std::string& root) const {
  Ids ids = {root};
  for (std::size_t i = 0; i < ids.size() && ids.size() <= merged_into.size() + 1; ++i) {
    const auto more = absorbed.find(ids[i]);
    if (more == absorbed.end()) continue;
    ids.insert(ids.end(), more->second.begin(), more->second.end());
  }
  return ids;
}

std::optional<HeldDecision> Identity::State::DecidedBetween(const std::string& left,
                                                            const std::string& right) const {
  const std::string left_root = RootOf(left);
  const std::string right_root = RootOf(right);
  std::optional<HeldDecision> newest;
  if (left_root == right_root) return newest;
  for (const std::string& id : ClusterOf(left_root)) {
    const auto about = decisions_about.find(id);
    if (about == decisions_about.end()) continue;
    for (const std::string& decision_id : about->second) {
      const HeldDecision& held = decisions.at(decision_id);
      const std::string other = RootOf(held.from == id ? held.to : held.from);
      if (other != right_root || (newest && newest->order >= held.order)) continue;
      newest = held;
    }
  }
  return newest;
}

// Puts what persons decided about `of` in the place of what the model says.
void Identity::State::PutDecisionsFirst(const std::string& of, Standing& standing) const {
  bool changed = false;
  for (Candidate& candidate : standing.candidates) {
    const auto held = DecidedBetween(of, candidate.association_id);
    if (!held) continue;
    candidate.decision_id = held->id;
    candidate.verdict = VerdictOf(held->kind);
    changed = true;
  }
  if (!changed) return;
  std::erase_if(standing.candidates, [](const Candidate& candidate) {
    return candidate.verdict == Verdict::kDifferent;
  });
  standing.verdict =
      standing.candidates.empty() ? Verdict::kDifferent : standing.candidates.front().verdict;
}

Identity::Identity(std::shared_ptr<const matching::Model> model)
    : state_(std::make_unique<State>(std::move(model))) {}

void Identity::ExpectLoad() {
  absl::MutexLock lock(&mutex_);
  loaded_ = false;
}

void Identity::AwaitLoaded() const { absl::ReaderMutexLock lock(&mutex_, Loaded()); }

absl::Status Identity::Load(const storage::Snapshot& snapshot) {
  std::shared_ptr<const matching::Model> model;
  {
    absl::ReaderMutexLock lock(&mutex_);
    model = state_->model;
  }
  return Load(snapshot, std::move(model));
}

absl::Status Identity::Load(const storage::Snapshot& snapshot,
                            std::shared_ptr<const matching::Model> model) {
  auto fresh = std::make_unique<State>(std::move(model));
  for (const Kind kind : {Kind::kAssociation, Kind::kDecision, Kind::kMatchQuestion}) {
    storage::KeyRange range{.prefix = "", .after = "", .limit = kEntriesAtOnce};
    while (true) {
      BB_ASSIGN_OR_RETURN(const auto entries, snapshot.Scan(kind, range));
      if (entries.empty()) break;
      for (const storage::Entry& entry : entries) fresh->Tell(kind, entry.key, entry.bytes);
      range.after = entries.back().key;
    }
  }
  absl::MutexLock lock(&mutex_);
  state_.swap(fresh);
  loaded_ = true;
  return absl::OkStatus();
}

void Identity::Tell(Kind kind, const std::string& key, const storage::Bytes& bytes) {
  absl::MutexLock lock(&mutex_, Loaded());
  const bool changed = state_->Tell(kind, key, bytes);
  if (changed && remember_changed_) changed_.insert(key);
}

void Identity::RememberChanged() {
  absl::MutexLock lock(&mutex_);
  remember_changed_ = true;
}

std::vector<std::string> Identity::TakeChanged() {
  absl::MutexLock lock(&mutex_);
  std::vector<std::string> taken(changed_.begin(), changed_.end());
  changed_.clear();
  return taken;
}

std::shared_ptr<const matching::Model> Identity::model() const {
  absl::ReaderMutexLock lock(&mutex_, Loaded());
  return state_->model;
}

Standing Identity::Resolve(const matching::Record& record, const std::string& of) const {
  absl::ReaderMutexLock lock(&mutex_, Loaded());
  if (state_->index->associations() == 0) return {};
  const matching::Resolution resolution = state_->index->Resolve(record, of);
  Standing standing{resolution.verdict, {}, resolution.too_common};
  std::transform(resolution.matches.begin(), resolution.matches.end(),
                 std::back_inserter(standing.candidates), ToCandidate);
  if (!of.empty()) state_->PutDecisionsFirst(of, standing);
  return standing;
}

Candidate Identity::Compare(const std::string& left, const std::string& right) const {
  absl::ReaderMutexLock lock(&mutex_, Loaded());
  Candidate candidate = ToCandidate(state_->index->Compare(left, right));
  candidate.association_id = right;
  if (const auto held = state_->DecidedBetween(left, right)) {
    candidate.verdict = VerdictOf(held->kind);
    candidate.decision_id = held->id;
  }
  return candidate;
}

Candidate Identity::CompareByModel(const std::string& left, const std::string& right) const {
  absl::ReaderMutexLock lock(&mutex_, Loaded());
  Candidate candidate = ToCandidate(state_->index->Compare(left, right));
  candidate.association_id = right;
  return candidate;
}

matching::Explanation Identity::Explain(const matching::Record& left,
                                        const matching::Record& right) const {
  absl::ReaderMutexLock lock(&mutex_, Loaded());
  return state_->index->Explain(left, right);
}

std::string Identity::RootOf(const std::string& association_id) const {
  absl::ReaderMutexLock lock(&mutex_, Loaded());
  return state_->RootOf(association_id);
}

std::optional<HeldDecision> Identity::DecidedBetween(const std::string& left,
                                                     const std::string& right) const {
  absl::ReaderMutexLock lock(&mutex_, Loaded());
  return state_->DecidedBetween(left, right);
}

std::vector<std::string> Identity::DoubtsAbout(const std::string& association_id) const {
  absl::ReaderMutexLock lock(&mutex_, Loaded());
  const auto found = state_->doubts.find(association_id);
  return found == state_->doubts.end() ? std::vector<std::string>() : found->second;
}

Identity::Size Identity::size() const {
  absl::ReaderMutexLock lock(&mutex_, Loaded());
  return {state_->index->associations(), state_->index->records(), state_->index->MemoryBytes(),
          state_->open_questions.size()};
}

}  // namespace brobygger::registry
