#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/matching/cluster.h"

namespace brobygger::matching {

// A pair counts as found if both of its records are in one cluster; F1 is the
// harmonic mean of precision and recall over pairs.
struct PairFigures {
  double precision = 0;
  double recall = 0;
  double f1 = 0;
};

// The right answer: the cluster of each record, by record number.
using Truth = std::vector<std::uint32_t>;

PairFigures FiguresOfClusters(const std::vector<std::uint32_t>& clusters, const Truth& truth);

// The same for links between two lists: `links` against all pairs of the truth
// with one record below `first_count` and one from there on.
PairFigures FiguresOfLinks(const std::vector<std::pair<std::uint32_t, std::uint32_t>>& links,
                           const Truth& truth,
                           std::size_t first_count);

// What scored pairs are worth, whatever is done with them.
struct ScoreFigures {
  double completeness = 0;  // of the true pairs, those that were scored
  double best_f1 = 0;       // over all thresholds
  double best_threshold = 0;
  double recall_at_precision_99 = 0;  // at the lowest threshold with 99 % precision
  double threshold_99 = 0;
  // Pairs a person must look at to come from there to a recall of 0.90, best
  // first, for each 1,000 records; -1 if it is never reached.
  double review_per_1000 = -1;
};
ScoreFigures FiguresOfScores(std::vector<ScoredPair> pairs, const Truth& truth);

// Recall of the pairs whose records are all (`true`) or not in the group.
std::pair<double, double> RecallByGroup(const std::vector<std::uint32_t>& clusters,
                                        const Truth& truth,
                                        const std::vector<bool>& in_group);

}  // namespace brobygger::matching
