#include "core/search/activity_words.h"

#include <algorithm>

namespace brobygger::search {

bool AsksActivity(const TextClause& clause) {
  return clause.firm && !clause.excluded && clause.fields == FieldSet{Field::kActivity};
}

bool AsksArea(const TextClause& clause) {
  return clause.firm && !clause.excluded && clause.fields == FieldSet{Field::kArea};
}

ActivityWords::ActivityWords(const Segment& segment, bool filters_on_activities)
    : segment_(segment), filters_(filters_on_activities) {}

void ActivityWords::Add(const TextClause& clause, const ClauseHits& hits) {
  if (!AsksActivity(clause) && !AsksArea(clause)) return;
  activity_ = activity_ || AsksActivity(clause);
  Asked& asked = asked_.emplace_back();
  asked.field = AsksActivity(clause) ? Field::kActivity : Field::kArea;
  asked.phrases = &hits.phrase_words;
  for (const Expansion& each : hits.terms) {
    if ((each.fields & FieldSet{asked.field}.text_bits()) != 0) asked.terms.push_back(each.term);
  }
  std::sort(asked.terms.begin(), asked.terms.end());
}

bool ActivityWords::asks() const {
  return filters_ ? !asked_.empty() : activity_ && asked_.size() > 1;
}

const WordsOfActivities& ActivityWords::Of(DocId doc) {
  words_.hold.assign(segment_.activities(doc).size(), true);
  words_.hold_without = true;
  for (Asked& asked : asked_) {
    Look(asked, doc);
    if (asked.of_itself) continue;
    words_.hold_without = false;
    for (std::size_t i = 0; i < words_.hold.size(); ++i) {
      if (!asked.of_activity[i]) words_.hold[i] = false;
    }
  }
  return words_;
}

void ActivityWords::Look(Asked& asked, DocId doc) const {
  asked.of_itself = false;
  asked.of_activity.assign(segment_.activities(doc).size(), false);
  const auto words = segment_.words(doc);
  std::size_t begin = 0;  // of the value
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!Segment::IsBoundary(words[i])) continue;
    const std::uint32_t activity = Segment::ActivityAt(words[i]);
    if (IsIn(asked, words.subspan(begin, i - begin))) {
      activity == kNoActivity ? asked.of_itself = true : asked.of_activity[activity] = true;
    }
    begin = i + 1;
  }
}

bool ActivityWords::IsIn(const Asked& asked, std::span<const std::uint32_t> value) {
  if (value.empty() || Segment::FieldAt(value.front()) != asked.field) return false;
  const auto is_asked = [&](std::uint32_t word) {
    return std::binary_search(asked.terms.begin(), asked.terms.end(), Segment::TermOf(word));
  };
  return std::any_of(value.begin(), value.end(), is_asked) ||
         std::any_of(asked.phrases->begin(), asked.phrases->end(),
                     [&](const PhraseTerms& phrase) { return PhraseFields(value, phrase) != 0; });
}

}  // namespace brobygger::search
