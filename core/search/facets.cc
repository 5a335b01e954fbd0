#include "core/search/facets.h"

#include <algorithm>
#include <bit>
#include <tuple>

namespace brobygger::search {
namespace {

constexpr std::size_t kMostValues = 100;
// What it costs to look up one field of a document, and its languages: as much as to count one
// value in so many words of bits.
constexpr std::size_t kLookUpCost = 20;
constexpr std::size_t kLanguagesCost = 100;

template <typename Counts>
void CountBits(std::uint32_t bits, Counts& counts) {
  for (; bits != 0; bits &= bits - 1) ++counts[static_cast<std::size_t>(std::countr_zero(bits))];
}

Facet Sorted(Field field, std::vector<FacetCount> counts) {
  std::sort(counts.begin(), counts.end(), [](const FacetCount& left, const FacetCount& right) {
    return std::tie(right.count, left.value) < std::tie(left.count, right.value);
  });
  if (counts.size() > kMostValues) counts.resize(kMostValues);
  return {field, std::move(counts)};
}

template <typename Counts>
Facet OfNumbers(Field field, const Counts& counts) {
  std::vector<FacetCount> told;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    std::string word = FacetWord(field, static_cast<std::uint32_t>(i));
    if (!word.empty()) told.push_back({std::move(word), counts[i]});
  }
  return Sorted(field, std::move(told));
}

Facet OfTexts(Field field, const absl::flat_hash_map<std::string, std::uint64_t>& counts) {
  std::vector<FacetCount> told;
  for (const auto& [value, count] : counts) {
    if (!value.empty()) told.push_back({value, count});
  }
  return Sorted(field, std::move(told));
}

}  // namespace

void FacetCounter::Count(const Segment& segment, const Bits& docs) {
  if (fields_.empty()) return;
  languages_here_.assign(segment.language_tags().size(), 0);
  language_seen_.assign(segment.language_tags().size(), 0);
  areas_here_.assign(segment.area_names().size(), 0);
  const FieldSet by_value = QuickerByValue(segment, docs);
  CountValues(segment, docs, by_value);
  FieldSet one_by_one = fields_;
  one_by_one.Remove(by_value);
  if (!one_by_one.empty()) {
    docs.ForEach([&](DocId doc) { CountOne(segment, doc, one_by_one); });
  }
  for (std::size_t i = 0; i < languages_here_.size(); ++i) {
    if (languages_here_[i] > 0) languages_[segment.language_tags()[i]] += languages_here_[i];
  }
  for (std::size_t i = 0; i < areas_here_.size(); ++i) {
    if (areas_here_[i] > 0) areas_[segment.area_names()[i]] += areas_here_[i];
  }
}

FieldSet FacetCounter::QuickerByValue(const Segment& segment, const Bits& docs) const {
  const std::size_t count = docs.Count();
  FieldSet quicker;
  const auto decide = [&](Field field, std::size_t values, std::size_t cost) {
    const bool wins = values * docs.words().size() < count * cost;
    if (wins && fields_.Has(field)) quicker.Add(field);
  };
  decide(Field::kTheme, themes_.size(), kLookUpCost);
  decide(Field::kAudience, audiences_.size(), kLookUpCost);
  decide(Field::kWeekday, weekdays_.size(), kLookUpCost);
  decide(Field::kStatus, statuses_.size(), kLookUpCost);
  decide(Field::kLanguage, segment.language_tags().size(), kLanguagesCost);
  return quicker;
}

void FacetCounter::CountValues(const Segment& segment, const Bits& docs, FieldSet fields) {
  const auto count = [&](Field field, auto& counts) {
    if (!fields.Has(field)) return;
    for (std::uint32_t value = 0; value < counts.size(); ++value) {
      const ValueDocs* with = segment.docs_with(field, value);
      if (with != nullptr) counts[value] += with->CountIn(docs);
    }
  };
  count(Field::kTheme, themes_);
  count(Field::kAudience, audiences_);
  count(Field::kWeekday, weekdays_);
  count(Field::kStatus, statuses_);
  count(Field::kLanguage, languages_here_);
}

void FacetCounter::CountOne(const Segment& segment, DocId doc, FieldSet fields) {
  const Facts& facts = segment.facts(doc);
  if (fields.Has(Field::kTheme)) CountBits(facts.themes, themes_);
  if (fields.Has(Field::kAudience)) CountBits(facts.audiences, audiences_);
  if (fields.Has(Field::kWeekday)) CountBits(facts.weekdays, weekdays_);
  if (fields.Has(Field::kStatus)) ++statuses_[facts.status & 7U];
  if (fields.Has(Field::kArea)) ++areas_here_[segment.area(doc)];
  if (fields.Has(Field::kLanguage)) CountLanguages(segment, doc);
  if (fields.Has(Field::kMunicipality)) {
    municipalities_.resize(kCodes);
    ++municipalities_[facts.municipality % kCodes];
  }
}

void FacetCounter::CountLanguages(const Segment& segment, DocId doc) {
  const auto count = [&](std::span<const std::uint16_t> languages) {
    for (const std::uint16_t language : languages) {
      if (language_seen_[language] == doc + 1) continue;
      language_seen_[language] = doc + 1;
      ++languages_here_[language];
    }
  };
  count(segment.languages(doc));
  const auto activities = static_cast<std::uint32_t>(segment.activities(doc).size());
  for (std::uint32_t i = 0; i < activities; ++i) {
    count(segment.activity_languages(segment.first_activity(doc) + i));
  }
}

std::vector<Facet> FacetCounter::Finish() {
  std::vector<Facet> facets;
  if (fields_.Has(Field::kTheme)) facets.push_back(OfNumbers(Field::kTheme, themes_));
  if (fields_.Has(Field::kAudience)) facets.push_back(OfNumbers(Field::kAudience, audiences_));
  if (fields_.Has(Field::kLanguage)) facets.push_back(OfTexts(Field::kLanguage, languages_));
  if (fields_.Has(Field::kArea)) facets.push_back(OfTexts(Field::kArea, areas_));
  if (fields_.Has(Field::kMunicipality)) {
    facets.push_back(OfNumbers(Field::kMunicipality, municipalities_));
  }
  if (fields_.Has(Field::kStatus)) facets.push_back(OfNumbers(Field::kStatus, statuses_));
  if (fields_.Has(Field::kWeekday)) facets.push_back(OfNumbers(Field::kWeekday, weekdays_));
  return facets;
}

}  // namespace brobygger::search
