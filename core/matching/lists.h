#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/matching/cluster.h"
#include "core/matching/model.h"
#include "core/matching/record_fields.h"
#include "core/matching/record_source.h"
#include "core/matching/verdict.h"

namespace brobygger::matching {

// The scorecard whose own lists were filled most as this one is.
const Scorecard& ChooseScorecard(const Model& model, const FieldShares& shares);

// What is being done, and how far it has come.
using ListProgress = std::function<void(const char* what, std::size_t done, std::size_t total)>;

struct ListOptions {
  const Scorecard* scorecard = nullptr;  // null: the one that fits the list
  int threads = 2;
  ListProgress progress;
  std::size_t first_count = 0;  // above 0: only pairs of one before and one from there on
};

// What became of a list.
struct ListClusters {
  std::vector<std::uint32_t> clusters;  // of each record: the number of its cluster's first one
  std::vector<double> scores;  // its best score with another of its cluster; 0 where it is alone
  std::string scorecard;
  std::size_t compared_pairs = 0;
  std::size_t repeated = 0;    // records that say exactly what another one says
  std::size_t too_common = 0;  // records of which some values are shared by too many to look at
};

// The pairs of a list and their scores, those worth keeping: for whoever judges
// them.
std::vector<ScoredPair> ScoreList(const Model& model,
                                  const RecordSource& records,
                                  const ListOptions& options);

// Which records of a list mean the same association. Records that say exactly the
// same are compared once, so the same record a thousand times costs no more.
ListClusters ClusterList(const Model& model,
                         const RecordSource& records,
                         const ListOptions& options);

// A record, the registry's record it fits best, and how well.
struct ListLink {
  std::uint32_t registry_record;
  std::uint32_t record;
  double score;
  Verdict verdict;  // kSame or kAsk
};
struct ListLinks {
  std::vector<ListLink> links;  // in the order of the records, at most one each
  std::string scorecard;
  std::size_t compared_pairs = 0;
};

// Which record of `registry` each of `records` means.
ListLinks LinkLists(const Model& model,
                    const RecordSource& registry,
                    const RecordSource& records,
                    const ListOptions& options);

}  // namespace brobygger::matching
