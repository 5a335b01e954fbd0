#pragma once

#include <vector>

#include "core/search/clause_hits.h"
#include "core/search/filters.h"

namespace brobygger::search {

// Whether a clause asks for words in activities, or for an area: an activity's place is one, too.
bool AsksActivity(const TextClause& clause);
bool AsksArea(const TextClause& clause);

// The words that must hold for one and the same activity, together with the filters on activities:
// homework help on Mondays and cooking on Thursdays are no homework help on Thursdays. Those
// that are asked in activities, and areas where anything else is asked of an activity; an area of
// the association itself is one of each of its activities. For one segment, and for one thread.
class ActivityWords {
 public:
  ActivityWords(const Segment& segment, bool filters_on_activities);

  // A clause that must hold, and where it was found in the segment. `hits` must outlive this.
  void Add(const TextClause& clause, const ClauseHits& hits);

  // Whether there is anything to look at: one requirement alone holds for some activity anyway.
  bool asks() const;

  const Segment& segment() const { return segment_; }

  // Valid until the next call.
  const WordsOfActivities& Of(DocId doc);

 private:
  struct Asked {
    Field field;
    std::vector<TermId> terms;  // sorted
    const std::vector<PhraseTerms>* phrases;
    bool of_itself = false;  // of the document looked at: it holds for all activities
    std::vector<bool> of_activity;
  };
  static bool IsIn(const Asked& asked, std::span<const std::uint32_t> value);
  void Look(Asked& asked, DocId doc) const;

  const Segment& segment_;
  const bool filters_;
  bool activity_ = false;  // a clause asks for words in activities
  std::vector<Asked> asked_;
  WordsOfActivities words_;
};

}  // namespace brobygger::search
