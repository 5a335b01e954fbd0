#include "core/matching/lists.h"

#include <algorithm>
#include <atomic>
#include <limits>
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

// A list in a corpus, each of what several records say alike only once.
class LoadedList {
 public:
  LoadedList() : corpus_(Tables::Shipped()) {}

  void Load(const std::vector<Record>& records, const ListProgress& progress) {
    constexpr std::size_t kTellEvery = 4096;
    for (const Record& record : records) corpus_.AddPlace(record);
    absl::flat_hash_map<std::uint64_t, std::uint32_t> known;
    known.reserve(records.size());
    for (std::size_t i = 0; i < records.size(); ++i) {
      const auto next = static_cast<std::uint32_t>(first_.size());
      const auto [place, is_new] = known.try_emplace(StableHash(WholeText(records[i])), next);
      if (is_new) {
        corpus_.Add(records[i], kNoOwner);
        first_.push_back(static_cast<std::uint32_t>(i));
      }
      stands_for_.push_back(place->second);
      if (progress && i % kTellEvery == 0) progress("Reading names", i, records.size());
    }
  }

  const Corpus& corpus() const { return corpus_; }
  // Of each record, its number in the corpus; and back, the first that said so.
  const std::vector<std::uint32_t>& stands_for() const { return stands_for_; }
  const std::vector<std::uint32_t>& first() const { return first_; }

 private:
  Corpus corpus_;
  std::vector<std::uint32_t> stands_for_;
  std::vector<std::uint32_t> first_;
};

// Whether two records that both say exactly this are the same: a bare "Forening"
// twice may well be two.
bool SameAsItself(const Corpus& corpus, const Scorecard& card, RecordId id) {
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
                                  const std::vector<Record>& records,
                                  const ListOptions& options) {
  const Scorecard& card =
      options.scorecard != nullptr ? *options.scorecard : ChooseScorecard(model, SharesOf(records));
  Corpus corpus(Tables::Shipped());
  for (const Record& record : records) corpus.AddPlace(record);
  for (const Record& record : records) corpus.Add(record, kNoOwner);
  BatchOptions batch = ToBatch(options, "Comparing");
  if (const auto first = static_cast<RecordId>(options.first_count); first > 0) {
    batch.may_pair = [first](RecordId left, RecordId right) {
      return left < first && right >= first;
    };
  }
  return ScorePairs(corpus, card, -std::numeric_limits<double>::infinity(), batch);
}

ListClusters ClusterList(const Model& model,
                         const std::vector<Record>& records,
                         const ListOptions& options) {
  const Scorecard& card =
      options.scorecard != nullptr ? *options.scorecard : ChooseScorecard(model, SharesOf(records));
  LoadedList list;
  list.Load(records, options.progress);
  const Corpus& corpus = list.corpus();
  ListClusters result;
  result.scorecard = card.key;
  result.repeated = records.size() - list.first().size();
  const BatchOptions batch = ToBatch(options, "Comparing");
  const std::vector<ScoredPair> pairs = ScorePairs(corpus, card, kKept, batch);
  result.compared_pairs = pairs.size();
  result.too_common = CountTooCommon(corpus, batch.threads);
  if (options.progress) options.progress("Grouping", 0, 0);
  const ClusterOptions how{.join = card.join, .unlike = card.unlike};
  const std::vector<std::uint32_t> clusters = ClusterPairs(list.first().size(), pairs, how);
  const std::vector<double> scores = BestScores(pairs, clusters);
  result.clusters.resize(records.size());
  result.scores.resize(records.size());
  std::vector<std::int8_t> joined(list.first().size(), -1);
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::uint32_t number = list.stands_for()[i];
    result.scores[i] = scores[number];
    result.clusters[i] = list.first()[clusters[number]];
    if (list.first()[number] == i) continue;
    if (joined[number] < 0) joined[number] = SameAsItself(corpus, card, number) ? 1 : 0;
    if (joined[number] == 0) result.clusters[i] = static_cast<std::uint32_t>(i);
  }
  return result;
}

ListLinks LinkLists(const Model& model,
                    const std::vector<Record>& registry,
                    const std::vector<Record>& records,
                    const ListOptions& options) {
  std::vector<Record> all = registry;
  all.insert(all.end(), records.begin(), records.end());
  const Scorecard& card =
      options.scorecard != nullptr ? *options.scorecard : ChooseScorecard(model, SharesOf(all));
  const auto registry_size = static_cast<std::uint32_t>(registry.size());
  // Not as a LoadedList: what stands in both lists alike is what is looked for.
  Corpus corpus(Tables::Shipped());
  for (const Record& record : all) corpus.AddPlace(record);
  for (std::size_t i = 0; i < all.size(); ++i) {
    corpus.Add(all[i], kNoOwner);
    if (options.progress && i % 4096 == 0) options.progress("Reading names", i, all.size());
  }
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
