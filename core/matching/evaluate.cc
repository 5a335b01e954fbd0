#include "core/matching/evaluate.h"

#include <algorithm>

#include <absl/container/flat_hash_map.h>

namespace brobygger::matching {
namespace {

double PairsOf(double count) { return count * (count - 1) / 2; }

PairFigures ToFigures(double right, double said, double all) {
  PairFigures figures;
  figures.precision = said == 0 ? 1 : right / said;
  figures.recall = all == 0 ? 1 : right / all;
  const double sum = figures.precision + figures.recall;
  figures.f1 = sum == 0 ? 0 : 2 * figures.precision * figures.recall / sum;
  return figures;
}

// How many pairs have both records in one group.
template <typename Key, typename KeyOf>
double CountPairs(std::size_t count, const KeyOf& key_of) {
  absl::flat_hash_map<Key, double> sizes;
  for (std::size_t i = 0; i < count; ++i) ++sizes[key_of(i)];
  double pairs = 0;
  for (const auto& [key, size] : sizes) pairs += PairsOf(size);
  return pairs;
}

double TruePairs(const Truth& truth) {
  return CountPairs<std::uint32_t>(truth.size(), [&](std::size_t i) { return truth[i]; });
}

}  // namespace

PairFigures FiguresOfClusters(const std::vector<std::uint32_t>& clusters, const Truth& truth) {
  const double said =
      CountPairs<std::uint32_t>(truth.size(), [&](std::size_t i) { return clusters[i]; });
  const double right = CountPairs<std::uint64_t>(
      truth.size(), [&](std::size_t i) { return (std::uint64_t{clusters[i]} << 32) | truth[i]; });
  return ToFigures(right, said, TruePairs(truth));
}

PairFigures FiguresOfLinks(const std::vector<std::pair<std::uint32_t, std::uint32_t>>& links,
                           const Truth& truth,
                           std::size_t first_count) {
  absl::flat_hash_map<std::uint32_t, double> first;
  double all = 0;
  for (std::size_t i = 0; i < first_count; ++i) ++first[truth[i]];
  for (std::size_t i = first_count; i < truth.size(); ++i) {
    const auto found = first.find(truth[i]);
    if (found != first.end()) all += found->second;
  }
  const auto right = std::count_if(links.begin(), links.end(), [&](const auto& link) {
    return truth[link.first] == truth[link.second];
  });
  return ToFigures(static_cast<double>(right), static_cast<double>(links.size()), all);
}

ScoreFigures FiguresOfScores(std::vector<ScoredPair> pairs, const Truth& truth) {
  constexpr double kPrecise = 0.99;
  constexpr double kWantedRecall = 0.90;
  std::sort(pairs.begin(), pairs.end(),
            [](const ScoredPair& a, const ScoredPair& b) { return a.score > b.score; });
  ScoreFigures figures;
  const double all = TruePairs(truth);
  double right = 0;
  double said = 0;
  double said_99 = 0;
  double said_at_recall = -1;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    ++said;
    right += truth[pairs[i].left] == truth[pairs[i].right];
    if (said_at_recall < 0 && right >= kWantedRecall * all) said_at_recall = said;
    // Pairs of one score stand or fall together.
    if (i + 1 < pairs.size() && pairs[i + 1].score == pairs[i].score) continue;
    const PairFigures now = ToFigures(right, said, all);
    if (now.f1 > figures.best_f1) {
      figures.best_f1 = now.f1;
      figures.best_threshold = pairs[i].score;
    }
    if (now.precision >= kPrecise) {
      figures.recall_at_precision_99 = now.recall;
      figures.threshold_99 = pairs[i].score;
      said_99 = said;
    }
  }
  figures.completeness = all == 0 ? 1 : right / all;
  if (said_at_recall >= 0) {
    figures.review_per_1000 = std::max(0.0, said_at_recall - said_99) * 1000.0 /
                              std::max<double>(1, static_cast<double>(truth.size()));
  }
  return figures;
}

std::pair<double, double> RecallByGroup(const std::vector<std::uint32_t>& clusters,
                                        const Truth& truth,
                                        const std::vector<bool>& in_group) {
  const auto recall = [&](bool wanted) {
    Truth truth_part;
    std::vector<std::uint32_t> clusters_part;
    for (std::size_t i = 0; i < truth.size(); ++i) {
      if (in_group[i] != wanted) continue;
      truth_part.push_back(truth[i]);
      clusters_part.push_back(clusters[i]);
    }
    return FiguresOfClusters(clusters_part, truth_part).recall;
  };
  return {recall(true), recall(false)};
}

}  // namespace brobygger::matching
