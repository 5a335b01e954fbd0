#include "core/matching/cluster.h"

#include <algorithm>
#include <random>
#include <set>

#include <catch2/catch.hpp>

namespace brobygger::matching {
namespace {

using Clusters = std::vector<std::uint32_t>;

TEST_CASE("a chain of look-alikes is not one cluster", "[matching]") {
  // 0-1 and 2-3 are surely the same; only 1-2 looks a little alike.
  const auto clusters = ClusterPairs(4, {{0, 1, 5}, {2, 3, 5}, {1, 2, 0.5F}}, {});
  CHECK(clusters == Clusters{0, 0, 2, 2});
}

TEST_CASE("the order of the pairs does not matter", "[matching]") {
  std::mt19937 random(20261124);
  std::vector<ScoredPair> pairs;
  std::uniform_real_distribution<float> score(-4, 4);
  for (std::uint32_t a = 0; a < 60; ++a) {
    for (std::uint32_t b = a + 1; b < 60; ++b) {
      if (random() % 5 == 0) pairs.push_back({a, b, score(random)});
    }
  }
  const auto once = ClusterPairs(60, pairs, {});
  for (int i = 0; i < 20; ++i) {
    std::shuffle(pairs.begin(), pairs.end(), random);
    CHECK(ClusterPairs(60, pairs, {}) == once);
  }
}

TEST_CASE("what a person said outranks every score", "[matching]") {
  const std::vector<ScoredPair> pairs = {{0, 1, 9}, {1, 2, -9}};
  CHECK(ClusterPairs(3, pairs, {}, {{1, 2}}, {{0, 1}}) == Clusters{0, 1, 1});
  CHECK(ClusterPairs(3, pairs, {}, {}, {{0, 1}}) == Clusters{0, 1, 2});
}

TEST_CASE("a forbidden pair is not joined by way of a third", "[matching]") {
  const auto clusters = ClusterPairs(3, {{0, 1, 9}, {1, 2, 9}, {0, 2, 9}}, {}, {}, {{0, 2}});
  CHECK(clusters[0] != clusters[2]);
}

TEST_CASE("taking a tie away gives back what was there before it", "[matching]") {
  const std::vector<ScoredPair> pairs = {{0, 1, 3}, {2, 3, 3}, {1, 2, -2}};
  const auto before = ClusterPairs(4, pairs, {});
  CHECK(ClusterPairs(4, pairs, {}, {{0, 3}}) != before);
  CHECK(ClusterPairs(4, pairs, {}) == before);
}

TEST_CASE("pairs between those that nothing links change no cluster", "[matching]") {
  std::mt19937 random(20261127);
  std::uniform_real_distribution<float> score(-3, 3);
  std::uniform_real_distribution<float> low(-6, -0.5F);
  std::vector<ScoredPair> pairs;
  std::vector<ScoredPair> more;
  const auto family = [](std::uint32_t record) { return record / 6; };
  for (std::uint32_t a = 0; a < 120; ++a) {
    for (std::uint32_t b = a + 1; b < 120; ++b) {
      if (family(a) == family(b) && random() % 3 != 0) pairs.push_back({a, b, score(random)});
      if (family(a) != family(b) && random() % 3 == 0) more.push_back({a, b, low(random)});
    }
  }
  more.insert(more.end(), pairs.begin(), pairs.end());
  const auto clusters = ClusterPairs(120, pairs, {});
  CHECK(ClusterPairs(120, more, {}) == clusters);
  CHECK(std::set(clusters.begin(), clusters.end()).size() < 100);
  // What is only just above the line is no stranger.
  CHECK(ClusterPairs(3, {{0, 1, -0.4F}, {1, 2, -0.6F}}, {}) == Clusters{0, 0, 2});
}

}  // namespace
}  // namespace brobygger::matching
