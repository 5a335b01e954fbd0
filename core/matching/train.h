#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/matching/comparisons.h"
#include "core/matching/scorecard.h"

namespace brobygger::matching {

// A compared pair of which it is known whether both mean the same association.
struct Example {
  Levels levels;
  bool same = false;
};

struct TrainOptions {
  std::string key;          // of the scorecard
  double strength = 1;      // how much the examples weigh against keeping weights small
  int least_examples = 20;  // a level or interaction that fewer show gets no weight
};

// Fits an additive scorecard by logistic regression with a quadratic penalty (by
// liblinear). The same examples in the same order give the same scorecard.
Scorecard Train(const std::vector<Example>& examples, const TrainOptions& options);

}  // namespace brobygger::matching
