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
  const auto told = static_cast<std::ptrdiff_t>(std::min(counts.size(), kMostValues));
  std::partial_sort(counts.begin(), counts.begin() + told, counts.end(),
                    [](const FacetCount& left, const FacetCount& right) {
                      return std::tie(right.count, left.value) < std::tie(left.count, right.value);
                    });
  counts.resize(static_cast<std::size_t>(told));
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
  if (fields_.Has(Field::kActivity)) titles_here_.assign(segment.title_count(), 0);
  const FieldSet by_value = QuickerByValue(segment, docs);
  CountValues(segment, docs, by_value);
  FieldSet one_by_one = fields_;
  one_by_one.Remove(by_value);
  // By itself where nothing else is looked up, which is much cheaper: most others go by value.
  if (one_by_one == FieldSet{Field::kMunicipality}) {
    docs.ForEach([&](DocId doc) { CountMunicipality(segment.facts(doc).municipality); });
  } else if (!one_by_one.empty()) {
    docs.ForEach([&](DocId doc) { CountOne(segment, doc, one_by_one); });
  }
  EndSegment(segment);
}

void FacetCounter::EndSegment(const Segment& segment) {
  for (std::size_t i = 0; i < languages_here_.size(); ++i) {
    if (languages_here_[i] > 0) languages_[segment.language_tags()[i]] += languages_here_[i];
  }
  for (std::size_t i = 0; i < areas_here_.size(); ++i) {
    if (areas_here_[i] > 0) areas_[segment.area_names()[i]] += areas_here_[i];
  }
  for (std::uint32_t i = 0; i < titles_here_.size(); ++i) {
    if (titles_here_[i] == 0) continue;
    titles_.push_back({segment.title_key(i), segment.title(i), titles_here_[i]});
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
  decide(Field::kCapacity, capacities_.size(), kLookUpCost);
  decide(Field::kLanguage, segment.language_tags().size(), kLanguagesCost);
  return quicker;
}

void FacetCounter::CountValues(const Segment& segment, const Bits& docs, FieldSet fields) {
  const auto docs_with = [&](Field field, std::uint32_t value) -> std::uint32_t {
    const ValueDocs* with = segment.docs_with(field, value);
    return with == nullptr ? 0 : with->CountIn(docs);
  };
  const auto count = [&](Field field, auto& counts) {
    if (!fields.Has(field)) return;
    for (std::uint32_t value = 0; value < counts.size(); ++value) {
      counts[value] += docs_with(field, value);
    }
  };
  count(Field::kTheme, themes_);
  count(Field::kAudience, audiences_);
  count(Field::kWeekday, weekdays_);
  count(Field::kStatus, statuses_);
  count(Field::kLanguage, languages_here_);
  if (!fields.Has(Field::kCapacity)) return;
  for (std::size_t i = 0; i < capacities_.size(); ++i) {
    capacities_[i] += docs_with(Field::kCapacity, kCapacitySteps[i]);
  }
}

void FacetCounter::CountOne(const Segment& segment, DocId doc, FieldSet fields) {
  const Facts& facts = segment.facts(doc);
  if (fields.Has(Field::kTheme)) CountBits(facts.themes, themes_);
  if (fields.Has(Field::kAudience)) CountBits(facts.audiences, audiences_);
  if (fields.Has(Field::kWeekday)) CountBits(facts.weekdays, weekdays_);
  if (fields.Has(Field::kStatus)) ++statuses_[facts.status & 7U];
  if (fields.Has(Field::kArea)) ++areas_here_[segment.area(doc)];
  if (fields.Has(Field::kLanguage)) CountLanguages(segment, doc);
  if (fields.Has(Field::kCapacity)) CountCapacity(facts.capacity);
  if (fields.Has(Field::kActivity)) CountTitles(segment, doc);
  if (fields.Has(Field::kMunicipality)) CountMunicipality(facts.municipality);
}

void FacetCounter::CountMunicipality(std::uint16_t code) {
  const auto known = static_cast<std::uint16_t>(code % kCodes);
  if (municipalities_[known]++ == 0) municipalities_seen_.push_back(known);
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

// Whoever has room for thirty has room for ten.
void FacetCounter::CountCapacity(std::uint16_t capacity) {
  for (std::size_t i = 0; i < kCapacitySteps.size() && kCapacitySteps[i] <= capacity; ++i) {
    ++capacities_[i];
  }
}

// Of several activities with one title the first counts, however the others write it.
void FacetCounter::CountTitles(const Segment& segment, DocId doc) {
  const std::uint32_t first = segment.first_activity(doc);
  const auto end = first + static_cast<std::uint32_t>(segment.activities(doc).size());
  const auto key_of = [&](std::uint32_t activity) {
    return segment.title_key(segment.activity_title(activity));
  };
  for (std::uint32_t activity = first; activity < end; ++activity) {
    std::uint32_t same = first;
    while (key_of(same) != key_of(activity)) ++same;
    if (same == activity) ++titles_here_[segment.activity_title(activity)];
  }
}

Facet FacetCounter::Municipalities() const {
  std::vector<FacetCount> told;
  for (const std::uint16_t code : municipalities_seen_) {
    told.push_back({FacetWord(Field::kMunicipality, code), municipalities_[code]});
  }
  return Sorted(Field::kMunicipality, std::move(told));
}

Facet FacetCounter::Capacities() const {
  Facet facet{Field::kCapacity, {}};
  for (std::size_t i = 0; i < capacities_.size(); ++i) {
    if (capacities_[i] == 0) break;
    facet.counts.push_back({FacetWord(Field::kCapacity, kCapacitySteps[i]), capacities_[i]});
  }
  return facet;
}

// Each title in the way that most write it.
Facet FacetCounter::Titles() {
  std::sort(titles_.begin(), titles_.end(),
            [](const WrittenTitle& left, const WrittenTitle& right) {
              return std::tie(left.key, left.written) < std::tie(right.key, right.written);
            });
  std::vector<FacetCount> told;
  for (auto way = titles_.begin(); way != titles_.end();) {
    const std::uint64_t key = way->key;
    FacetCount sum;
    std::uint64_t most = 0;
    while (way != titles_.end() && way->key == key) {
      const std::string_view written = way->written;
      std::uint64_t count = 0;
      for (; way != titles_.end() && way->key == key && way->written == written; ++way) {
        count += way->count;
      }
      sum.count += count;
      if (count > most) sum.value = std::string(written);
      most = std::max(most, count);
    }
    if (!sum.value.empty()) told.push_back(std::move(sum));
  }
  return Sorted(Field::kActivity, std::move(told));
}

std::vector<Facet> FacetCounter::Finish() {
  std::vector<Facet> facets;
  if (fields_.Has(Field::kTheme)) facets.push_back(OfNumbers(Field::kTheme, themes_));
  if (fields_.Has(Field::kAudience)) facets.push_back(OfNumbers(Field::kAudience, audiences_));
  if (fields_.Has(Field::kLanguage)) facets.push_back(OfTexts(Field::kLanguage, languages_));
  if (fields_.Has(Field::kArea)) facets.push_back(OfTexts(Field::kArea, areas_));
  if (fields_.Has(Field::kMunicipality)) facets.push_back(Municipalities());
  if (fields_.Has(Field::kStatus)) facets.push_back(OfNumbers(Field::kStatus, statuses_));
  if (fields_.Has(Field::kWeekday)) facets.push_back(OfNumbers(Field::kWeekday, weekdays_));
  if (fields_.Has(Field::kCapacity)) facets.push_back(Capacities());
  if (fields_.Has(Field::kActivity)) facets.push_back(Titles());
  return facets;
}

}  // namespace brobygger::search
