#pragma once

#include <vector>

#include "core/search/clause_hits.h"
#include "core/search/top_hits.h"

namespace brobygger::search {

// A clause as it was found in one part, and how much finding it tells.
struct Weighed {
  const ClauseHits* hits;
  float rarity;
};

// Adds each of the matches to the top with the sum of what its clauses count. Costs what the terms
// or the matches are, whichever is less.
void AddEach(std::size_t part,
             const Segment& segment,
             const Bits& matches,
             const std::vector<Weighed>& clauses,
             TopHits& top);

// The same for one clause without phrases: goes from what counts most to what counts least, and
// stops where nothing that follows can come before what the top has.
void AddBest(std::size_t part,
             const Segment& segment,
             const Bits& matches,
             const Weighed& clause,
             TopHits& top);

}  // namespace brobygger::search
