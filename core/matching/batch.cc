#include "core/matching/batch.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

namespace brobygger::matching {
namespace {

constexpr RecordId kChunk = 256;

// Runs `work(thread, begin, end)` over all records, a chunk at a time.
template <typename Work>
void ForEachChunk(RecordId total, int thread_count, const Work& work) {
  std::atomic<RecordId> next = 0;
  const auto run = [&](int thread) {
    for (RecordId begin = next.fetch_add(kChunk); begin < total; begin = next.fetch_add(kChunk)) {
      work(thread, begin, std::min(total, begin + kChunk));
    }
  };
  std::vector<std::jthread> threads;
  for (int thread = 1; thread < thread_count; ++thread) threads.emplace_back(run, thread);
  run(0);
}

}  // namespace

void ComparePairs(
    const Corpus& corpus,
    const BatchOptions& options,
    absl::FunctionRef<void(int thread, RecordId left, RecordId right, const Levels& levels)> each) {
  const auto total = static_cast<RecordId>(corpus.capacity());
  std::atomic<RecordId> done = 0;
  std::mutex telling;
  ForEachChunk(total, options.threads, [&](int thread, RecordId begin, RecordId end) {
    const Words words = corpus.MakeWords();
    const CompareContext context = corpus.ContextFor(words);
    std::vector<RecordId> candidates;
    for (RecordId id = begin; id < end; ++id) {
      corpus.FindCandidates(words, corpus[id], id, candidates);
      for (const RecordId other : candidates) {
        if (options.may_pair && !options.may_pair(other, id)) continue;
        each(thread, other, id, CompareRecords(context, corpus[other], corpus[id]));
      }
    }
    done += end - begin;
    if (options.progress && telling.try_lock()) {
      options.progress(done, total);
      telling.unlock();
    }
  });
}

std::size_t CountTooCommon(const Corpus& corpus, int threads) {
  std::atomic<std::size_t> count = 0;
  ForEachChunk(static_cast<RecordId>(corpus.capacity()), threads,
               [&](int /*thread*/, RecordId begin, RecordId end) {
                 const Words words = corpus.MakeWords();
                 for (RecordId id = begin; id < end; ++id) {
                   if (corpus.HasTooCommonValue(words, corpus[id])) ++count;
                 }
               });
  return count;
}

std::vector<ScoredPair> ScorePairs(const Corpus& corpus,
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
  for (auto& part : found) pairs.insert(pairs.end(), part.begin(), part.end());
  std::sort(pairs.begin(), pairs.end(), [](const ScoredPair& a, const ScoredPair& b) {
    return std::pair(a.left, a.right) < std::pair(b.left, b.right);
  });
  return pairs;
}

}  // namespace brobygger::matching
