#pragma once

#include <functional>
#include <vector>

#include <absl/functional/function_ref.h>

#include "core/matching/chunks.h"
#include "core/matching/cluster.h"
#include "core/matching/list_corpus.h"
#include "core/matching/scorecard.h"

namespace brobygger::matching {

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
    const ListCorpus& corpus,
    const BatchOptions& options,
    absl::FunctionRef<void(int thread, RecordId left, RecordId right, const Levels& levels)> each);

// The pairs whose score is at least `at_least`, in the order of their records.
std::vector<ScoredPair> ScorePairs(const ListCorpus& corpus,
                                   const Scorecard& scorecard,
                                   double at_least,
                                   const BatchOptions& options);

}  // namespace brobygger::matching
