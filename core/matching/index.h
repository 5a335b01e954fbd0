#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "core/matching/model.h"
#include "core/matching/record.h"
#include "core/matching/verdict.h"

namespace brobygger::matching {

// An association that a record may mean.
struct Match {
  std::string association_id;
  // Log-odds: the mean over all of the association's records, one that shares
  // nothing with the record counting -1. From the scorecard's "same" on it is the same.
  double score = 0;
  double probability = 0;
  Verdict verdict = Verdict::kDifferent;
  double best_score = 0;        // of the record that fits best
  std::size_t best_record = 0;  // which of the association's records that is
  // They have one CVR number, and all else speaks of two (IsNumberDoubtful).
  bool number_doubtful = false;
};

// What a record comes to.
struct Resolution {
  // kSame: `matches[0]` is it. kAsk: `matches[0]` may be it. Otherwise how the
  // record stands to `matches[0]`, or kDifferent.
  Verdict verdict = Verdict::kDifferent;
  std::vector<Match> matches;  // best first; those with verdict kDifferent are left out
  bool too_common = false;     // some of its values are shared by too many to look at
};

// The associations of a registry, prepared for the question "which of them does
// this record mean?". In memory; a pure function of what was put in, whatever the
// order. Readers may ask from many threads while nobody writes: whoever owns it
// holds the lock.
class Index {
 public:
  // `model` is shared: a new one is a new index.
  explicit Index(std::shared_ptr<const Model> model);
  ~Index();
  Index(const Index&) = delete;
  Index& operator=(const Index&) = delete;

  const Model& model() const;

  // Replaces what is known of an association by what these records say of it;
  // none takes it away. Whether it was there and is compared otherwise than before.
  bool Put(const std::string& association_id, const std::vector<Record>& records);

  // Which association the record means; `except` (may be empty) is left out, so
  // that an association can be held against all others.
  Resolution Resolve(const Record& record, const std::string& except = "") const;

  // How two associations stand to each other, as Resolve() would say: the mean
  // over the cross pairs of their records. Both must be in the index, or the
  // verdict is kDifferent.
  Match Compare(const std::string& left_id, const std::string& right_id) const;

  // Why, for two records, with how often their values occur in this index.
  Explanation Explain(const Record& left, const Record& right) const;

  std::size_t associations() const;
  std::size_t records() const;
  std::size_t MemoryBytes() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace brobygger::matching
