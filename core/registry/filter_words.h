#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "core/registry/filter.h"

namespace brobygger::registry {

// A piece of a filter's text.
struct FilterWord {
  enum class Kind { kEnd, kName, kText, kOp, kOpen, kClose, kMinus };
  Kind kind;
  std::string text;      // without quotes
  FilterOp op;           // of kOp
  std::size_t position;  // from 1, in characters
};

// Takes a filter apart; the last word is kEnd. FILTER_INVALID.
absl::StatusOr<std::vector<FilterWord>> SplitFilter(const std::string& text);

// Makes a comparison of its three words. FILTER_INVALID for an unknown field, a
// comparison it does not take, or a value that is not of its form.
absl::StatusOr<Comparison> MakeComparison(const FilterWord& field,
                                          const FilterWord& op,
                                          const FilterWord& value);

// FILTER_INVALID at a place in the filter.
absl::Status FilterError(std::size_t position, const std::string& what);

}  // namespace brobygger::registry
