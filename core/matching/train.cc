#include "core/matching/train.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include <linear.h>

namespace brobygger::matching {
namespace {

// Numbers the features of a pair: first the levels, then the interactions.
constexpr std::size_t kLevelFeatures = kComparisonCount * kMostLevels;

template <typename Each>
void ForEachFeature(const Levels& levels, const Each& each) {
  for (std::size_t i = 0; i < kComparisonCount; ++i) {
    if (levels[i] != 0) each(i * kMostLevels + levels[i]);
  }
  const auto& interactions = Interactions();
  for (std::size_t i = 0; i < interactions.size(); ++i) {
    if (interactions[i].Holds(levels)) each(kLevelFeatures + i);
  }
}

std::vector<int> CountFeatures(const std::vector<Example>& examples) {
  std::vector<int> counts(kLevelFeatures + Interactions().size(), 0);
  for (const Example& example : examples) {
    ForEachFeature(example.levels, [&](std::size_t feature) { ++counts[feature]; });
  }
  return counts;
}

// liblinear's own arrays: rows of (feature, value), each ended by -1.
struct Rows {
  std::vector<feature_node> nodes;
  std::vector<feature_node*> begins;
  std::vector<double> labels;
};

Rows ToRows(const std::vector<Example>& examples, const std::vector<int>& counts, int least) {
  Rows rows;
  std::vector<std::size_t> begins;
  for (const Example& example : examples) {
    begins.push_back(rows.nodes.size());
    ForEachFeature(example.levels, [&](std::size_t feature) {
      if (counts[feature] >= least) rows.nodes.push_back({static_cast<int>(feature) + 1, 1.0});
    });
    const int bias = static_cast<int>(counts.size()) + 1;
    rows.nodes.push_back({bias, 1.0});
    rows.nodes.push_back({-1, 0});
    rows.labels.push_back(example.same ? 1 : -1);
  }
  for (const std::size_t begin : begins) rows.begins.push_back(&rows.nodes[begin]);
  return rows;
}

}  // namespace

Scorecard Train(const std::vector<Example>& examples, const TrainOptions& options) {
  Scorecard card;
  card.key = options.key;
  card.interaction_weights.assign(Interactions().size(), 0);
  if (examples.empty()) return card;
  const std::vector<int> counts = CountFeatures(examples);
  Rows rows = ToRows(examples, counts, options.least_examples);
  problem given = {};
  given.l = static_cast<int>(examples.size());
  given.n = static_cast<int>(counts.size()) + 1;
  given.y = rows.labels.data();
  given.x = rows.begins.data();
  given.bias = 1;
  parameter how = {};
  how.solver_type = L2R_LR;
  how.C = options.strength;
  how.eps = 1e-4;
  set_print_string_function([](const char*) {});
  const std::unique_ptr<::model, void (*)(::model*)> fitted(
      train(&given, &how), [](::model* made) { free_and_destroy_model(&made); });
  const double sign = fitted->label[0] == 1 ? 1 : -1;
  const auto weight = [&](std::size_t feature) {
    return std::llround(sign * fitted->w[feature] / kWeightUnit);
  };
  for (std::size_t i = 0; i < kComparisonCount; ++i) {
    for (std::size_t level = 1; level < kMostLevels; ++level) {
      card.weights[i][level] = weight(i * kMostLevels + level);
    }
  }
  for (std::size_t i = 0; i < Interactions().size(); ++i) {
    card.interaction_weights[i] = weight(kLevelFeatures + i);
  }
  card.base = weight(counts.size());
  return card;
}

}  // namespace brobygger::matching
