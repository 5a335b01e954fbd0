#pragma once

#include <vector>

#include "core/search/clause_hits.h"
#include "core/search/evaluate.h"
#include "core/search/view.h"

namespace brobygger::search {

// A clause, and how it was found in each part.
struct AskedClause {
  const TextClause* clause;
  const std::vector<ClauseHits>* of_part;
};

// Says why documents are hits. For one thread; what it is given must outlive it.
class Reasons {
 public:
  Reasons(const View& view, std::vector<AskedClause> asked);

  // The best reason of each clause that holds, in the order they were asked.
  std::vector<Reason> Of(std::size_t part, DocId doc);

 private:
  // The terms of each clause in a part, sorted when the first hit in it comes.
  const std::vector<std::vector<Expansion>>& TermsIn(std::size_t part);

  const View& view_;
  const std::vector<AskedClause> asked_;
  std::vector<std::vector<std::vector<Expansion>>> terms_;  // by part, then by clause
};

}  // namespace brobygger::search
