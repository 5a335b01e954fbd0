#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/search/bits.h"
#include "core/search/query.h"
#include "core/search/segment.h"

namespace brobygger::search {

// Whether a language as it was asked is one as it was told: "ar" also finds "ar-IQ", and "ku",
// which stands for several languages, finds "kmr" and "ckb".
bool SpeaksAs(const std::string& asked, const std::string& told);

// Whether the field tells of one activity, so that filters on several such fields must hold for one
// and the same.
bool OfActivity(Field field);

// Of one document: by its activities, whether all words hold that are asked of activities, and
// whether they hold without any.
struct WordsOfActivities {
  std::vector<bool> hold;
  bool hold_without = true;
};

// A query's filters, made ready for one segment. Filters on what an activity is, for whom, when,
// for how many and in which language must hold for one and the same activity: a homework café for
// children is no football on Thursdays. Departments are not looked at here.
class SegmentFilters {
 public:
  // Both must outlive it.
  SegmentFilters(const Segment& segment, const Query& query);

  bool Hold(DocId doc) const { return Hold(doc, nullptr); }
  // The same, for an activity of which the words hold, too. Null: no words are asked of activities.
  bool Hold(DocId doc, const WordsOfActivities* words) const;
  // Whether any is to hold for an activity.
  bool any_of_activity() const { return !of_activity_.empty(); }

  // Leaves only documents of which Hold() may be true.
  void Narrow(Bits& docs) const;
  // Whether all that Narrow() leaves hold.
  bool exact() const { return exact_; }

 private:
  struct Ready {
    const Filter* filter;
    std::uint32_t bits = 0;       // of the numbers, where they are few
    std::vector<bool> languages;  // by number in the segment
    std::uint32_t least = 0;      // places that documents with bits for it have; 0: do not look
  };
  bool HoldsFor(const Ready& ready, DocId doc) const;
  bool ActivityHolds(const Ready& ready, DocId doc, std::uint32_t activity) const;
  bool Speaks(const Ready& ready, std::span<const std::uint16_t> languages) const;
  void AddLanguages(Ready& ready);
  void AddCapacity(Ready& ready);
  // Documents with any of the values; none if bits do not tell.
  std::optional<Bits> DocsOf(const Ready& ready) const;

  const Segment& segment_;
  std::vector<Ready> of_activity_;  // to hold for one activity together
  std::vector<Ready> of_association_;
  bool exact_ = true;
};

}  // namespace brobygger::search
