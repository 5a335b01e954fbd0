#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/matching/comparisons.h"
#include "core/matching/record_fields.h"

namespace brobygger::matching {

// Weights are whole numbers of ten-thousandths of a nat, so that a sum of them is
// exact, whatever the order: what an explanation's lines add up to *is* the score.
using Weight = std::int64_t;
inline constexpr double kWeightUnit = 1e-4;
inline double ToScore(Weight weight) { return static_cast<double>(weight) * kWeightUnit; }

// What several comparisons come to together, where that tells more than each by
// itself: the same name, but another town.
struct Interaction {
  struct Part {
    Comparison comparison;
    std::uint16_t levels;  // bit i: level i counts
  };
  std::string key;                  // its pieces with "_and_" between
  std::vector<std::string> pieces;  // what it says, in words that explanations know
  std::vector<Part> parts;          // all must hold

  bool Holds(const Levels& levels) const {
    for (const Part& part : parts) {
      if (((part.levels >> LevelOf(levels, part.comparison)) & 1) == 0) return false;
    }
    return true;
  }
};

// Which interactions hold, as bits in the order of Interactions().
inline constexpr std::size_t kInteractionWords = 3;
using InteractionBits = std::array<std::uint64_t, kInteractionWords>;
InteractionBits HoldingInteractions(const Levels& levels);

// All interactions, in a fixed order. Which of them a model gives weight is its
// own affair.
const std::vector<Interaction>& Interactions();

// An additive scorecard: the log-odds that two records mean the same association
// are the base, a weight for the level of each comparison, and one for each
// interaction that holds.
struct Scorecard {
  std::string key;  // "associations"
  Weight base = 0;
  std::array<std::array<Weight, kMostLevels>, kComparisonCount> weights = {};
  std::vector<Weight> interaction_weights;  // as Interactions()

  // Thresholds, in nats.
  double same = 2;     // from here on a record is linked to an association
  double ask = -1;     // from here on a person is asked
  double join = -0.5;  // the mean over cross pairs from which clusters of a list are joined
  double unlike = -3;  // what a pair counts that shares no key

  // How the lists were filled that it was fitted to.
  FieldShares fields = {};

  Weight Sum(const Levels& levels) const;
};

}  // namespace brobygger::matching
