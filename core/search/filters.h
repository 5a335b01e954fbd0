#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/search/query.h"
#include "core/search/segment.h"

namespace brobygger::search {

// Whether a language as it was asked is one as it was told: "ar" also finds "ar-IQ", and "ku",
// which stands for several languages, finds "kmr" and "ckb".
bool SpeaksAs(const std::string& asked, const std::string& told);

// A query's filters, made ready for one segment. Filters on what an activity is, for whom, when,
// for how many and in which language must hold for one and the same activity: a homework café for
// children is no football on Thursdays. Departments are not looked at here.
class SegmentFilters {
 public:
  // Both must outlive it.
  SegmentFilters(const Segment& segment, const Query& query);

  bool Hold(DocId doc) const;
  bool empty() const { return of_activity_.empty() && of_association_.empty(); }

  // Documents of which Hold() may be true, in order; null if that may be all.
  const std::vector<DocId>* candidates() const { return has_candidates_ ? &candidates_ : nullptr; }

 private:
  struct Ready {
    const Filter* filter;
    std::uint32_t bits = 0;       // of the numbers, where they are few
    std::vector<bool> languages;  // by number in the segment
  };
  bool HoldsFor(const Ready& ready, DocId doc) const;
  bool ActivityHolds(const Ready& ready, DocId doc, std::uint32_t activity) const;
  bool Speaks(const Ready& ready, std::span<const std::uint16_t> languages) const;
  void AddLanguages(Ready& ready);

  const Segment& segment_;
  std::vector<Ready> of_activity_;  // to hold for one activity together
  std::vector<Ready> of_association_;
  bool has_candidates_ = false;
  std::vector<DocId> candidates_;
};

}  // namespace brobygger::search
