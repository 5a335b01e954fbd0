#include "core/search/filters.h"

#include <algorithm>
#include <array>

namespace brobygger::search {
namespace {

// ISO 639-3 macrolanguages that municipalities write, and what they stand for.
struct Macrolanguage {
  const char* tag;
  std::array<const char*, 3> of;
};
constexpr std::array<Macrolanguage, 5> kMacrolanguages = {{
    {"ku", {"kmr", "ckb", "sdh"}},
    {"fa", {"pes", "prs", ""}},
    {"zh", {"cmn", "yue", ""}},
    {"ar", {"arb", "apc", "acm"}},
    {"sq", {"als", "aln", ""}},
}};

bool IsWithin(std::string_view asked, std::string_view told) {
  return told.substr(0, asked.size()) == asked &&
         (told.size() == asked.size() || told[asked.size()] == '-');
}

bool HasNumber(const Filter& filter, std::uint32_t number) {
  return std::find(filter.numbers.begin(), filter.numbers.end(), number) != filter.numbers.end();
}

}  // namespace

bool OfActivity(Field field) {
  return field == Field::kTheme || field == Field::kAudience || field == Field::kWeekday ||
         field == Field::kCapacity || field == Field::kLanguage;
}

bool SpeaksAs(const std::string& asked, const std::string& told) {
  if (IsWithin(asked, told)) return true;
  for (const Macrolanguage& macro : kMacrolanguages) {
    if (asked != macro.tag) continue;
    return std::any_of(macro.of.begin(), macro.of.end(),
                       [&](std::string_view one) { return !one.empty() && IsWithin(one, told); });
  }
  return false;
}

SegmentFilters::SegmentFilters(const Segment& segment, const Query& query) : segment_(segment) {
  for (const Filter& filter : query.filters) {
    if (filter.field == Field::kKnownBy) continue;
    Ready ready{.filter = &filter, .bits = 0, .languages = {}, .least = 0};
    for (const std::uint32_t number : filter.numbers) ready.bits |= 1U << (number & 31U);
    if (filter.field == Field::kLanguage) AddLanguages(ready);
    if (filter.field == Field::kCapacity) AddCapacity(ready);
    // What must not be is asked of the whole association.
    const bool one_activity = OfActivity(filter.field) && !filter.excluded;
    if (filter.field == Field::kUpdated) exact_ = false;
    (one_activity ? of_activity_ : of_association_).push_back(std::move(ready));
  }
  // Whether it is one and the same activity bits do not tell.
  if (of_activity_.size() > 1) exact_ = false;
}

void SegmentFilters::AddLanguages(Ready& ready) {
  const auto& tags = segment_.language_tags();
  ready.languages.assign(tags.size(), false);
  for (std::uint16_t number = 0; number < tags.size(); ++number) {
    ready.languages[number] =
        std::any_of(ready.filter->texts.begin(), ready.filter->texts.end(),
                    [&](const auto& asked) { return SpeaksAs(asked, tags[number]); });
  }
}

// There are bits for some numbers of places only: between two of them those of the lower hold more
// than is wanted, of which Hold() keeps what fits. Those cannot be taken away.
void SegmentFilters::AddCapacity(Ready& ready) {
  const auto& numbers = ready.filter->numbers;
  const std::uint32_t least = std::max(*std::min_element(numbers.begin(), numbers.end()), 1U);
  ready.least = 1;
  for (const std::uint16_t step : kCapacitySteps) {
    if (step <= least) ready.least = step;
  }
  if (ready.least == least) return;
  exact_ = false;
  if (ready.filter->excluded) ready.least = 0;
}

std::optional<Bits> SegmentFilters::DocsOf(const Ready& ready) const {
  const Field field = ready.filter->field;
  const bool capacity = field == Field::kCapacity;
  if (field == Field::kUpdated || (capacity && ready.least == 0)) return std::nullopt;
  Bits docs(segment_.size());
  const auto add = [&](std::uint32_t value) {
    const ValueDocs* with = segment_.docs_with(field, value);
    if (with != nullptr) with->AddTo(docs);
  };
  if (capacity) add(ready.least);
  if (!capacity) {
    for (const std::uint32_t value : ready.filter->numbers) add(value);
  }
  for (std::uint32_t number = 0; number < ready.languages.size(); ++number) {
    if (ready.languages[number]) add(number);
  }
  return docs;
}

void SegmentFilters::Narrow(Bits& docs) const {
  for (const auto* filters : {&of_activity_, &of_association_}) {
    for (const Ready& ready : *filters) {
      const auto with = DocsOf(ready);
      if (!with) continue;
      ready.filter->excluded ? docs.Subtract(*with) : docs.And(*with);
    }
  }
}

bool SegmentFilters::Hold(DocId doc, const WordsOfActivities* words) const {
  for (const Ready& ready : of_association_) {
    if (HoldsFor(ready, doc) == ready.filter->excluded) return false;
  }
  if (of_activity_.empty() && words == nullptr) return true;
  const std::uint32_t first = segment_.first_activity(doc);
  const auto count = static_cast<std::uint32_t>(segment_.activities(doc).size());
  for (std::uint32_t activity = first; activity < first + count; ++activity) {
    if (words != nullptr && !words->hold[activity - first]) continue;
    if (std::all_of(of_activity_.begin(), of_activity_.end(),
                    [&](const Ready& ready) { return ActivityHolds(ready, doc, activity); })) {
      return true;
    }
  }
  if (words != nullptr && !words->hold_without) return false;
  // An association that speaks a language may have told of no activity.
  return std::all_of(of_activity_.begin(), of_activity_.end(), [&](const Ready& ready) {
    return ready.filter->field == Field::kLanguage && Speaks(ready, segment_.languages(doc));
  });
}

bool SegmentFilters::HoldsFor(const Ready& ready, DocId doc) const {
  const Facts& facts = segment_.facts(doc);
  const Filter& filter = *ready.filter;
  switch (filter.field) {
    case Field::kMunicipality:
      return HasNumber(filter, facts.municipality);
    case Field::kStatus:
      return HasNumber(filter, facts.status);
    case Field::kUpdated:
      return std::any_of(filter.numbers.begin(), filter.numbers.end(),
                         [&](std::uint32_t since) { return facts.updated >= since; });
    default:
      break;
  }
  if (filter.field == Field::kLanguage && Speaks(ready, segment_.languages(doc))) return true;
  const std::uint32_t first = segment_.first_activity(doc);
  const auto count = static_cast<std::uint32_t>(segment_.activities(doc).size());
  for (std::uint32_t activity = first; activity < first + count; ++activity) {
    if (ActivityHolds(ready, doc, activity)) return true;
  }
  return false;
}

bool SegmentFilters::ActivityHolds(const Ready& ready, DocId doc, std::uint32_t activity) const {
  const ActivityFacts& facts = segment_.activities(doc)[activity - segment_.first_activity(doc)];
  switch (ready.filter->field) {
    case Field::kTheme:
      return (facts.themes & ready.bits) != 0;
    case Field::kAudience:
      return (facts.audiences & ready.bits) != 0;
    case Field::kWeekday:
      return (facts.weekdays & ready.bits) != 0;
    case Field::kCapacity:
      return std::any_of(
          ready.filter->numbers.begin(), ready.filter->numbers.end(),
          [&](std::uint32_t least) { return facts.capacity != 0 && facts.capacity >= least; });
    case Field::kLanguage:
      // Those who speak it are there for each of the association's activities.
      return Speaks(ready, segment_.activity_languages(activity)) ||
             Speaks(ready, segment_.languages(doc));
    default:
      return false;
  }
}

bool SegmentFilters::Speaks(const Ready& ready, std::span<const std::uint16_t> languages) const {
  return std::any_of(languages.begin(), languages.end(),
                     [&](std::uint16_t number) { return ready.languages[number]; });
}

}  // namespace brobygger::search
