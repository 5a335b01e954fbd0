#include "core/matching/batch.h"

#include <algorithm>
#include <utility>

namespace brobygger::matching {

void ComparePairs(
    const ListCorpus& corpus,
    const BatchOptions& options,
    absl::FunctionRef<void(int thread, RecordId left, RecordId right, const Levels& levels)> each) {
  constexpr std::size_t kChunk = 256;
  ChunkProgress done(corpus.size(), options.progress);
  ForEachChunk(corpus.size(), kChunk, options.threads,
               [&](int thread, std::size_t begin, std::size_t end) {
                 const Words words = corpus.MakeWords();
                 const CompareContext context = corpus.ContextFor(words);
                 std::vector<RecordId> candidates;
                 for (auto place = static_cast<RecordId>(begin); place < end; ++place) {
                   corpus.FindCandidates(place, candidates);
                   const RecordId record = corpus.RecordAt(place);
                   const WeighedRecord weighed = WeighNames(context, corpus.AtPlace(place));
                   for (const RecordId other_place : candidates) {
                     const RecordId other = corpus.RecordAt(other_place);
                     const auto [left, right] = std::minmax({record, other});
                     if (options.may_pair && !options.may_pair(left, right)) continue;
                     const WeighedRecord with = WeighNames(context, corpus.AtPlace(other_place));
                     each(thread, left, right,
                          left == record ? CompareRecords(context, weighed, with)
                                         : CompareRecords(context, with, weighed));
                   }
                 }
                 done.Add(end - begin);
               });
}

std::vector<ScoredPair> ScorePairs(const ListCorpus& corpus,
                                   const Scorecard& scorecard,
                                   double at_least,
                                   const BatchOptions& options) {
  std::vector<std::vector<ScoredPair>> found(
      static_cast<std::size_t>(std::max(1, options.threads)));
  ComparePairs(
      corpus, options, [&](int thread, RecordId left, RecordId right, const Levels& levels) {
        const double score = ToScore(scorecard.Sum(levels));
        if (score < at_least) return;
        found[static_cast<std::size_t>(thread)].push_back({left, right, static_cast<float>(score)});
      });
  std::vector<ScoredPair> pairs;
  for (auto& part : found) {
    pairs.insert(pairs.end(), part.begin(), part.end());
    part = {};
  }
  std::sort(pairs.begin(), pairs.end(), [](const ScoredPair& a, const ScoredPair& b) {
    return std::pair(a.left, a.right) < std::pair(b.left, b.right);
  });
  return pairs;
}

}  // namespace brobygger::matching
