#pragma once

#include <functional>
#include <vector>

#include <absl/functional/function_ref.h>

#include "core/matching/cluster.h"
#include "core/matching/corpus.h"
#include "core/matching/scorecard.h"

namespace brobygger::matching {

// How far a long piece of work has come; called from time to time, by one thread
// at a time.
using BatchProgress = std::function<void(std::size_t done, std::size_t total)>;

struct BatchOptions {
  int threads = 2;
  BatchProgress progress;
  // Whether a pair of records may be compared at all; null: all may. For links
  // between two lists.
  std::function<bool(RecordId left, RecordId right)> may_pair;
};

// Compares every pair of records that share a key, once, left < right. `each` is
// told the number of the thread, and runs on several at a time.
void ComparePairs(
    const Corpus& corpus,
    const BatchOptions& options,
    absl::FunctionRef<void(int thread, RecordId left, RecordId right, const Levels& levels)> each);

// The pairs whose score is at least `at_least`, in the order of their records.
std::vector<ScoredPair> ScorePairs(const Corpus& corpus,
                                   const Scorecard& scorecard,
                                   double at_least,
                                   const BatchOptions& options);

// How many records have a value or word that is shared by too many to look at all
// of them.
std::size_t CountTooCommon(const Corpus& corpus, int threads);

}  // namespace brobygger::matching
