#include "core/matching/lists.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <span>
#include <utility>

#include <absl/container/flat_hash_map.h>

#include "core/matching/batch.h"
#include "core/matching/cluster.h"
#include "core/matching/explain.h"
#include "core/matching/text.h"

namespace brobygger::matching {
namespace {

// Pairs below this do not matter to any cluster: they count little less than a
// pair that was never compared.
constexpr double kKept = -6;

constexpr std::size_t kChunk = 4096;

// What several records of a list say alike, once.
struct Distinct {
  std::vector<std::uint32_t> first;       // records that no earlier one repeats
  std::vector<std::uint32_t> stands_for;  // of each record, where its first stands in `first`
};

Distinct FindDistinct(const RecordSource& records, int threads) {
  std::vector<std::uint64_t> texts(records.size());
  ForEachChunk(records.size(), kChunk, threads,
               [&](int /*thread*/, std::size_t begin, std::size_t end) {
                 for (std::size_t i = begin; i < end; ++i)
                   texts[i] = StableHash(WholeText(records.At(i)));
               });
  Distinct distinct;
  distinct.stands_for.reserve(records.size());
  absl::flat_hash_map<std::uint64_t, std::uint32_t> known;
  known.reserve(records.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto next = static_cast<std::uint32_t>(distinct.first.size());
    const auto [place, is_new] = known.try_emplace(texts[i], next);
    if (is_new) distinct.first.push_back(static_cast<std::uint32_t>(i));
    distinct.stands_for.push_back(place->second);
  }
  return distinct;
}

const Scorecard& CardFor(const Model& model,
                         const RecordSource& records,
                         const ListOptions& options) {
  return options.scorecard != nullptr ? *options.scorecard
                                      : ChooseScorecard(model, SharesOf(records));
}

ListCorpus Prepare(const RecordSource& records,
                   std::span<const std::uint32_t> numbers,
                   const ListOptions& options) {
  BatchProgress progress;
  if (options.progress) {
    progress = [&options](std::size_t done, std::size_t total) {
      options.progress("Reading names", done, total);
    };
  }
  return ListCorpus(Tables::Shipped(), records, numbers, options.threads, progress);
}

// Whether two records that both say exactly this are the same: a bare "Forening"
// twice may well be two.
bool SameAsItself(const ListCorpus& corpus, const Scorecard& card, RecordId id) {
  const Words words = corpus.MakeWords();
  const Levels levels = CompareRecords(corpus.ContextFor(words), corpus[id], corpus[id]);
  return ToScore(card.Sum(levels)) > card.join && !SaysTooLittle(levels);
}

BatchOptions ToBatch(const ListOptions& options, const char* what) {
  BatchOptions batch;
  batch.threads = options.threads;
  if (options.progress) {
    batch.progress = [&options, what](std::size_t done, std::size_t total) {
      options.progress(what, done, total);
    };
  }
  return batch;
}

std::vector<double> BestScores(const std::vector<ScoredPair>& pairs,
                               const std::vector<std::uint32_t>& clusters) {
  std::vector<double> best(clusters.size(), 0);
  std::vector<bool> has(clusters.size(), false);
  for (const ScoredPair& pair : pairs) {
    if (clusters[pair.left] != clusters[pair.right]) continue;
    for (const std::uint32_t record : {pair.left, pair.right}) {
      const double score = pair.score;
      best[record] = has[record] ? std::max(best[record], score) : score;
      has[record] = true;
    }
  }
  return best;
}

}  // namespace

const Scorecard& ChooseScorecard(const Model& model, const FieldShares& shares) {
  const auto& cards = model.scorecards();
  return *std::min_element(cards.begin(), cards.end(), [&](const Scorecard& a, const Scorecard& b) {
    return ShareDistance(a.fields, shares) < ShareDistance(b.fields, shares);
  });
}

std::vector<ScoredPair> ScoreList(const Model& model,
                                  const RecordSource& records,
                                  const ListOptions& options) {
  const Scorecard& card = CardFor(model, records, options);
  const ListCorpus corpus = Prepare(records, AllOf(records), options);
  BatchOptions batch = ToBatch(options, "Comparing");
  if (const auto first = static_cast<RecordId>(options.first_count); first > 0) {
    batch.may_pair = [first](RecordId left, RecordId right) {
      return left < first && right >= first;
    };
  }
  return ScorePairs(corpus, card, -std::numeric_limits<double>::infinity(), batch);
}

ListClusters ClusterList(const Model& model,
                         const RecordSource& records,
                         const ListOptions& options) {
  const Scorecard& card = CardFor(model, records, options);
  const Distinct distinct = FindDistinct(records, options.threads);
  const ListCorpus corpus = Prepare(records, distinct.first, options);
  ListClusters result;
  result.scorecard = card.key;
  result.repeated = records.size() - distinct.first.size();
  const std::vector<ScoredPair> pairs =
      ScorePairs(corpus, card, kKept, ToBatch(options, "Comparing"));
  result.compared_pairs = pairs.size();
  result.too_common = corpus.too_common();
  if (options.progress) options.progress("Grouping", 0, 0);
  const ClusterOptions how{.join = card.join, .unlike = card.unlike};
  const std::vector<std::uint32_t> clusters = ClusterPairs(distinct.first.size(), pairs, how);
  const std::vector<double> scores = BestScores(pairs, clusters);
  result.clusters.resize(records.size());
  result.scores.resize(records.size());
  std::vector<std::int8_t> joined(distinct.first.size(), -1);
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::uint32_t number = distinct.stands_for[i];
    result.scores[i] = scores[number];
    result.clusters[i] = distinct.first[clusters[number]];
    if (distinct.first[number] == i) continue;
    if (joined[number] < 0) joined[number] = SameAsItself(corpus, card, number) ? 1 : 0;
    if (joined[number] == 0) result.clusters[i] = static_cast<std::uint32_t>(i);
  }
  return result;
}

ListLinks LinkLists(const Model& model,
                    const RecordSource& registry,
                    const RecordSource& records,
                    const ListOptions& options) {
  const RecordsInTurn all(registry, records);
  const Scorecard& card = CardFor(model, all, options);
  const auto registry_size = static_cast<std::uint32_t>(registry.size());
  // Not the distinct ones: what stands in both lists alike is what is looked for.
  const ListCorpus corpus = Prepare(all, AllOf(all), options);
  BatchOptions batch = ToBatch(options, "Comparing");
  batch.may_pair = [registry_size](RecordId left, RecordId right) {
    return left < registry_size && right >= registry_size;
  };
  const std::vector<ScoredPair> pairs =
      ScorePairs(corpus, card, std::min(card.ask, card.join), batch);
  std::vector<ScoredPair> best(records.size(), {0, 0, -std::numeric_limits<float>::infinity()});
  for (const ScoredPair& pair : pairs) {
    ScoredPair& so_far = best[pair.right - registry_size];
    if (pair.score > so_far.score) so_far = pair;
  }
  ListLinks result;
  result.scorecard = card.key;
  result.compared_pairs = pairs.size();
  for (std::size_t i = 0; i < best.size(); ++i) {
    const double score = best[i].score;
    if (score < std::min(card.ask, card.join)) continue;
    result.links.push_back({best[i].left, static_cast<std::uint32_t>(i), score,
                            score > card.join ? Verdict::kSame : Verdict::kAsk});
  }
  return result;
}

}  // namespace brobygger::matching
