#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "core/matching/evaluate.h"
#include "core/matching/model.h"
#include "core/matching/record.h"

namespace brobygger::matching {

// What records that come one by one come to.
struct OnlineFigures {
  std::size_t arrivals = 0;
  // Of the arrivals whose association was there: those linked to it, at the
  // threshold that links at most 1 % of all arrivals wrongly.
  double right_links = 0;
  double p50_us = 0;  // of one look-up
  double p99_us = 0;
  std::size_t associations = 0;  // in the index when the first one came
  double index_bytes_per_record = 0;
};

// Lets the last tenth of a list arrive one by one (`arrival`: in which order; empty
// is the list's own), against an index of what came before, grouped as `clusters`
// says. Each is then added: to what it was linked to, or as a new one.
OnlineFigures MeasureOnline(const std::shared_ptr<const Model>& model,
                            const RecordSource& records,
                            const std::vector<std::uint32_t>& clusters,
                            const Truth& truth,
                            const std::vector<double>& arrival);

}  // namespace brobygger::matching
