#pragma once

#include <cstdint>
#include <vector>

#include <absl/functional/function_ref.h>

namespace brobygger::matching {

// A compared pair of records and its score, in nats.
struct ScoredPair {
  std::uint32_t left;
  std::uint32_t right;
  float score;
};

struct ClusterOptions {
  double join = -0.5;    // clusters are joined if the mean over their cross pairs is above
  double unlike = -1;    // what a cross pair counts that was not compared
  double consider = -1;  // pairs below are no reason to look at two clusters
};

// Groups `count` records by average link: the best pair of clusters first, as
// long as the mean over all cross pairs is above `join`. `must` pairs are joined
// before anything else; `cannot` pairs are never in one cluster, and win over
// pairs, not over `must`. Returns the number of each record's cluster, which is
// that of its first record. A function of the pairs alone: their order does not
// matter.
std::vector<std::uint32_t> ClusterPairs(
    std::size_t count,
    std::vector<ScoredPair> pairs,
    const ClusterOptions& options,
    const std::vector<std::pair<std::uint32_t, std::uint32_t>>& must = {},
    const std::vector<std::pair<std::uint32_t, std::uint32_t>>& cannot = {});

}  // namespace brobygger::matching
