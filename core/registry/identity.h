#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/container/flat_hash_map.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include "brobygger/identity/v1/decision.pb.h"
#include "brobygger/identity/v1/question.pb.h"
#include "brobygger/registry/v1/association.pb.h"

#include "core/matching/index.h"
#include "core/storage/store.h"

namespace brobygger::registry {

using matching::Verdict;

// An association that a record may mean.
struct Candidate {
  std::string association_id;
  Verdict verdict = Verdict::kDifferent;
  double score = 0;              // log-odds that it is the same
  double probability = 0;        // the same, between 0 and 1
  std::string decision_id;       // the person's decision that stands above the model
  bool number_doubtful = false;  // see matching::Match
};

Candidate ToCandidate(const matching::Match& match);

// What a record comes to: kSame and `candidates[0]` is it; kAsk and that may be
// it; else how the record stands to it, or kDifferent.
struct Standing {
  Verdict verdict = Verdict::kDifferent;
  std::vector<Candidate> candidates;  // best first
  bool too_common = false;            // some values are shared by too many to look at
};

// A decision of a person's that holds.
struct HeldDecision {
  std::string id;
  identity::v1::Decision::Kind kind = identity::v1::Decision::KIND_UNSPECIFIED;
  std::string from;
  std::string to;
  std::int64_t order = 0;  // later decisions have higher numbers
};

// What the hub knows about who is who: every live association prepared for
// comparison, what persons have decided, which associations were merged, and which
// pairs wait for a person. In memory, a pure function of the store; IndexingStore
// (indexing_store.h) tells it of every write within that write, so nobody who
// writes has to think of it. Thread-safe: asking waits only for a single
// association to be put in.
class Identity {
 public:
  explicit Identity(std::shared_ptr<const matching::Model> model);

  // At start: until the next Load(), whoever asks or writes waits, and whoever only
  // reads the store need not.
  void ExpectLoad();
  // Returns when no first Load() is awaited.
  void AwaitLoaded() const;

  // Reads everything anew: at start, or when another model is to be used. Asking
  // meanwhile gives the old answers. STORAGE_CORRUPT, and then nothing changes.
  absl::Status Load(const storage::Snapshot& snapshot);
  absl::Status Load(const storage::Snapshot& snapshot,
                    std::shared_ptr<const matching::Model> model);

  // Whether records of this kind matter here.
  static bool Hears(storage::Kind kind);
  // From now on keeps which associations come to be compared otherwise than before.
  void RememberChanged();
  // Those, in the order of their ids; from now on others.
  std::vector<std::string> TakeChanged();

  // One such record is now this (null: gone).
  void Tell(storage::Kind kind, const std::string& key, const storage::Bytes& bytes);

  std::shared_ptr<const matching::Model> model() const;

  // Which association the record means. With `of` (may be ""), the record is that
  // association's: it is left out itself, and what persons decided about it
  // stands above the model.
  Standing Resolve(const matching::Record& record, const std::string& of = "") const;

  // How two live associations stand; a person's decision stands above the model.
  Candidate Compare(const std::string& left, const std::string& right) const;
  // What the model alone says.
  Candidate CompareByModel(const std::string& left, const std::string& right) const;

  matching::Explanation Explain(const matching::Record& left, const matching::Record& right) const;

  // The live association that an id leads to after merges: itself, mostly.
  std::string RootOf(const std::string& association_id) const;

  // The newest decision of a person's that holds between the two associations, or
  // between what was merged into them.
  std::optional<HeldDecision> DecidedBetween(const std::string& left,
                                             const std::string& right) const;

  // The associations that open questions hold against this one.
  std::vector<std::string> DoubtsAbout(const std::string& association_id) const;

  struct Size {
    std::size_t associations = 0;
    std::size_t records = 0;
    std::size_t memory_bytes = 0;
    std::size_t open_questions = 0;
  };
  Size size() const;

 private:
  using Ids = std::vector<std::string>;
  // All that Load() makes and Tell() keeps up.
  struct State {
    explicit State(std::shared_ptr<const matching::Model> with)
        : model(with), index(std::make_unique<matching::Index>(std::move(with))) {}

    // Whether it is an association that is compared otherwise than before.
    bool Tell(storage::Kind kind, const std::string& key, const storage::Bytes& bytes);
    bool TellAssociation(const std::string& id, const storage::Bytes& bytes);
    void TellDecision(const std::string& id, const storage::Bytes& bytes);
    void TellQuestion(const std::string& key, const storage::Bytes& bytes);
    void SetMergedInto(const std::string& id, const std::string& survivor);
    std::string RootOf(std::string id) const;
    Ids ClusterOf(const std::string& root) const;
    std::optional<HeldDecision> DecidedBetween(const std::string& left,
                                               const std::string& right) const;
    void PutDecisionsFirst(const std::string& of, Standing& standing) const;

    std::shared_ptr<const matching::Model> model;
    std::unique_ptr<matching::Index> index;
    absl::flat_hash_map<std::string, HeldDecision> decisions;
    absl::flat_hash_map<std::string, Ids> decisions_about;
    absl::flat_hash_map<std::string, std::string> merged_into;
    absl::flat_hash_map<std::string, Ids> absorbed;
    absl::flat_hash_map<std::string, std::pair<std::string, std::string>> open_questions;
    absl::flat_hash_map<std::string, Ids> doubts;
  };

  absl::Condition Loaded() const { return absl::Condition(&loaded_); }

  mutable absl::Mutex mutex_;
  bool loaded_ ABSL_GUARDED_BY(mutex_) = true;
  std::unique_ptr<State> state_ ABSL_GUARDED_BY(mutex_);
  bool remember_changed_ ABSL_GUARDED_BY(mutex_) = false;
  std::set<std::string> changed_ ABSL_GUARDED_BY(mutex_);
};

// How a decision answers the question of how two associations stand.
Verdict VerdictOf(identity::v1::Decision::Kind kind);

// The verdict as the API has it, and back.
identity::v1::Verdict ToProto(Verdict verdict);

}  // namespace brobygger::registry
