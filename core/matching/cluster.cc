#include "core/matching/cluster.h"

#include <algorithm>
#include <numeric>
#include <queue>
#include <tuple>
#include <utility>

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>

namespace brobygger::matching {
namespace {

using Number = std::uint32_t;
using Ties = std::vector<std::pair<Number, Number>>;

// What is known between two clusters.
struct Between {
  double sum = 0;           // of compared pairs
  std::uint32_t pairs = 0;  // how many were
  bool forbidden = false;
};

// Disjoint sets of records, each known by its first one.
class Sets {
 public:
  explicit Sets(std::size_t count) : parent_(count) {
    std::iota(parent_.begin(), parent_.end(), Number{0});
  }

  Number Find(Number record) {
    while (parent_[record] != record) {
      parent_[record] = parent_[parent_[record]];
      record = parent_[record];
    }
    return record;
  }
  bool IsFirst(Number record) const { return parent_[record] == record; }
  void Join(Number first, Number other) { parent_[other] = first; }

 private:
  std::vector<Number> parent_;
};

class Clusterer {
 public:
  Clusterer(std::size_t count, const ClusterOptions& options)
      : options_(options), sets_(count), size_(count, 1), beside_(count) {}

  Number Find(Number record) { return sets_.Find(record); }

  void JoinFirst(const Ties& must) {
    for (const auto& [left, right] : must) {
      const auto [a, b] = std::minmax({Find(left), Find(right)});
      if (a == b) continue;
      sets_.Join(a, b);
      size_[a] += size_[b];
    }
  }

  void AddPair(const ScoredPair& pair) {
    const Number a = Find(pair.left);
    const Number b = Find(pair.right);
    if (a == b) return;
    for (const auto& [from, to] : {std::pair(a, b), std::pair(b, a)}) {
      Between& between = beside_[from][to];
      between.sum += pair.score;
      ++between.pairs;
    }
  }

  void Forbid(const Ties& cannot) {
    for (const auto& [left, right] : cannot) {
      const Number a = Find(left);
      const Number b = Find(right);
      if (a == b) continue;
      beside_[a][b].forbidden = true;
      beside_[b][a].forbidden = true;
    }
  }

  void Run() {
    for (Number a = 0; a < beside_.size(); ++a) {
      for (const auto& [b, between] : beside_[a]) {
        if (a < b) Push(a, b, between);
      }
    }
    while (!queue_.empty()) {
      const Candidate best = queue_.top();
      queue_.pop();
      if (!sets_.IsFirst(best.a) || !sets_.IsFirst(best.b)) continue;
      const auto between = beside_[best.a].find(best.b);
      // A newer entry stands for what has changed since.
      if (between == beside_[best.a].end() || Mean(best.a, best.b, between->second) != best.mean) {
        continue;
      }
      Join(best.a, best.b);
    }
  }

 private:
  struct Candidate {
    double mean;
    Number a;
    Number b;
    // Ties by the smaller numbers, so that the order of the pairs does not matter.
    bool operator<(const Candidate& other) const {
      return std::tie(mean, other.a, other.b) < std::tie(other.mean, a, b);
    }
  };

  double Mean(Number a, Number b, const Between& between) const {
    const double all = static_cast<double>(size_[a]) * static_cast<double>(size_[b]);
    return (between.sum + (all - between.pairs) * options_.unlike) / all;
  }

  void Push(Number a, Number b, const Between& between) {
    if (between.forbidden) return;
    const double mean = Mean(a, b, between);
    if (mean > options_.join) queue_.push({mean, std::min(a, b), std::max(a, b)});
  }

  // The smaller number stays.
  void Join(Number a, Number b) {
    sets_.Join(a, b);
    size_[a] += size_[b];
    const auto old = std::exchange(beside_[b], {});
    for (const auto& [other, between] : old) {
      beside_[other].erase(b);
      if (other == a) continue;
      for (Between* kept : {&beside_[a][other], &beside_[other][a]}) {
        kept->sum += between.sum;
        kept->pairs += between.pairs;
        kept->forbidden = kept->forbidden || between.forbidden;
      }
    }
    for (const auto& [other, between] : beside_[a]) Push(a, other, between);
  }

  const ClusterOptions options_;
  Sets sets_;
  std::vector<std::uint32_t> size_;
  std::vector<absl::flat_hash_map<Number, Between>> beside_;
  std::priority_queue<Candidate> queue_;
};

// Two clusters become one only if some pair between them, or a person, brings them together.
// Most pairs are between records that nothing links, however far one follows: they decide
// nothing, and keeping count of them would take most of the time.
void DropPairsOfStrangers(std::size_t count,
                          const ClusterOptions& options,
                          const Ties& must,
                          std::vector<ScoredPair>& pairs) {
  if (options.unlike > options.join) return;  // then pairs that were not compared bring together
  Sets linked(count);
  const auto link = [&](Number left, Number right) {
    const auto [a, b] = std::minmax({linked.Find(left), linked.Find(right)});
    linked.Join(a, b);
  };
  for (const auto& [left, right] : must) link(left, right);
  for (const ScoredPair& pair : pairs) {
    if (pair.score > options.join) link(pair.left, pair.right);
  }
  std::erase_if(pairs, [&](const ScoredPair& pair) {
    return linked.Find(pair.left) != linked.Find(pair.right);
  });
}

}  // namespace

std::vector<std::uint32_t> ClusterPairs(std::size_t count,
                                        std::vector<ScoredPair> pairs,
                                        const ClusterOptions& options,
                                        const Ties& must,
                                        const Ties& cannot) {
  DropPairsOfStrangers(count, options, must, pairs);
  // Sums of doubles depend on their order; records do not.
  std::sort(pairs.begin(), pairs.end(), [](const ScoredPair& a, const ScoredPair& b) {
    return std::tie(a.left, a.right) < std::tie(b.left, b.right);
  });
  Clusterer clusterer(count, options);
  clusterer.JoinFirst(must);
  for (const ScoredPair& pair : pairs) clusterer.AddPair(pair);
  clusterer.Forbid(cannot);
  clusterer.Run();
  std::vector<std::uint32_t> clusters(count);
  for (Number record = 0; record < count; ++record) clusters[record] = clusterer.Find(record);
  return clusters;
}

}  // namespace brobygger::matching
