#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <tuple>

#include "core/search/segment.h"

namespace brobygger::search {
namespace {

// A term that so many documents hold is kept as bits, too; and one that every 64th of more holds.
constexpr std::size_t kFewestFrequent = 64;
constexpr std::size_t kFrequentShare = 64;
// Bits for a value take less than a list of those that have it.
constexpr std::size_t kValueShare = 32;
constexpr std::uint8_t kNames = FieldSet({Field::kName, Field::kOtherName}).text_bits();

template <typename T>
std::uint32_t Size(const std::vector<T>& values) {
  return static_cast<std::uint32_t>(values.size());
}

// Puts keys and terms side by side, sorted; `pairs` are emptied.
template <typename Key, typename Table>
void FillTable(std::vector<std::pair<Key, TermId>>& pairs, Table& table) {
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  table.keys.reserve(pairs.size());
  table.terms.reserve(pairs.size());
  for (const auto& [key, term] : pairs) {
    table.keys.push_back(key);
    table.terms.push_back(term);
  }
  pairs = {};
}

// Calls `take(document, word)` for each word of each document, in order.
template <typename Take>
void ForEachWord(const Segment& segment, const Take& take) {
  for (DocId doc = 0; doc < segment.size(); ++doc) {
    for (const std::uint32_t word : segment.words(doc)) {
      if (!Segment::IsBoundary(word)) take(doc, word);
    }
  }
}

template <typename Take>
void ForEachBit(std::uint32_t bits, const Take& take) {
  for (; bits != 0; bits &= bits - 1) take(static_cast<std::uint32_t>(std::countr_zero(bits)));
}

}  // namespace

void SegmentTables::Fill() {
  FillPostings();
  FillFrequent();
  FillValues();
  FillKin();
  Segment& made = segment_;
  const auto tidy = [](auto&... vectors) { (vectors.shrink_to_fit(), ...); };
  tidy(made.ids_, made.id_starts_, made.by_id_, made.facts_, made.words_, made.word_starts_,
       made.activities_, made.activity_starts_, made.activity_languages_,
       made.activity_language_starts_, made.activity_titles_, made.titles_, made.title_starts_,
       made.title_keys_, made.languages_, made.language_starts_, made.areas_, made.terms_,
       made.term_starts_);
}

void SegmentTables::FillPostings() {
  Segment& made = segment_;
  const TermId terms = made.term_count();
  made.term_fields_.assign(terms, 0);
  // The document a term was seen in last, so that it counts once in each.
  std::vector<DocId> seen(terms, ~DocId{0});
  std::vector<std::uint32_t> next(terms + 1U, 0);
  const auto count = [&](DocId doc, std::uint32_t word) {
    const TermId term = Segment::TermOf(word);
    if (std::exchange(seen[term], doc) != doc) ++next[term + 1U];
  };
  ForEachWord(made, count);
  std::partial_sum(next.begin(), next.end(), next.begin());
  made.posting_starts_ = next;
  made.docs_.resize(next.back());
  made.fields_.resize(next.back());
  std::fill(seen.begin(), seen.end(), ~DocId{0});
  const auto put = [&](DocId doc, std::uint32_t word) {
    const TermId term = Segment::TermOf(word);
    if (std::exchange(seen[term], doc) != doc) made.docs_[next[term]++] = doc;
    const auto bit = FieldSet({Segment::FieldAt(word)}).text_bits();
    made.fields_[next[term] - 1] |= bit;
    made.term_fields_[term] |= bit;
  };
  ForEachWord(made, put);
}

void SegmentTables::FillFrequent() {
  Segment& made = segment_;
  const std::size_t fewest = std::max<std::size_t>(kFewestFrequent, made.size() / kFrequentShare);
  for (TermId term = 0; term < made.term_count(); ++term) {
    if (made.postings(term).docs.size() < fewest) continue;
    made.frequent_terms_.push_back(term);
    made.frequents_.push_back(FrequentOf(term));
  }
}

Frequent SegmentTables::FrequentOf(TermId term) const {
  const Postings postings = segment_.postings(term);
  Frequent made;
  Bits docs(segment_.size());
  // By what a document counts for, then by its number.
  std::vector<std::tuple<std::uint8_t, std::uint8_t, DocId>> sorted;
  sorted.reserve(postings.docs.size());
  for (std::size_t i = 0; i < postings.docs.size(); ++i) {
    const DocId doc = postings.docs[i];
    const std::uint8_t fields = postings.fields[i];
    docs.Set(doc);
    const bool in_name = (fields & kNames) != 0;
    sorted.emplace_back(fields, in_name ? segment_.facts(doc).name_words : 0, doc);
  }
  std::sort(sorted.begin(), sorted.end());
  made.by_run_.reserve(sorted.size());
  for (const auto& [fields, words, doc] : sorted) {
    const bool same = !made.runs_.empty() && made.runs_.back().fields == fields &&
                      made.runs_.back().name_words == words;
    if (!same) made.runs_.push_back({fields, words, 0});
    made.by_run_.push_back(doc);
    made.runs_.back().end = Size(made.by_run_);
  }
  made.docs_ = RankedBits(std::move(docs));
  return made;
}

void SegmentTables::AddValuesOf(DocId doc) {
  Segment& made = segment_;
  const auto add = [&made, doc](Field field, std::uint32_t value) {
    auto& list = made.values_[Segment::ValueKey(field, value)].list;
    if (list.empty() || list.back() != doc) list.push_back(doc);
  };
  const auto add_bits = [&add](Field field, std::uint32_t bits, std::uint32_t also) {
    ForEachBit(bits, [&](std::uint32_t value) { add(field, value | also); });
  };
  const Facts& facts = made.facts(doc);
  add_bits(Field::kTheme, facts.themes, 0);
  add_bits(Field::kTheme, facts.themes_ever, Segment::kEver);
  add_bits(Field::kAudience, facts.audiences, 0);
  add_bits(Field::kAudience, facts.audiences_ever, Segment::kEver);
  add_bits(Field::kWeekday, facts.weekdays, 0);
  add(Field::kStatus, facts.status);
  add(Field::kMunicipality, facts.municipality);
  if (facts.capacity > 0) add(Field::kCapacity, 1);
  for (const std::uint16_t step : kCapacitySteps) {
    if (facts.capacity >= step) add(Field::kCapacity, step);
  }
  for (const std::uint16_t language : made.languages(doc)) add(Field::kLanguage, language);
  const std::uint32_t first = made.first_activity(doc);
  const auto count = static_cast<std::uint32_t>(made.activities(doc).size());
  for (std::uint32_t activity = first; activity < first + count; ++activity) {
    for (const std::uint16_t language : made.activity_languages(activity)) {
      add(Field::kLanguage, language);
    }
  }
}

void SegmentTables::FillValues() {
  Segment& made = segment_;
  made.shown_to_centres_ = Bits(made.size());
  made.shown_to_municipalities_ = Bits(made.size());
  for (DocId doc = 0; doc < made.size(); ++doc) {
    AddValuesOf(doc);
    if (made.facts(doc).shown_to_centres) made.shown_to_centres_.Set(doc);
    if (made.facts(doc).shown_to_municipalities) made.shown_to_municipalities_.Set(doc);
  }
  for (auto& [key, docs] : made.values_) {
    docs.count = Size(docs.list);
    if (docs.list.size() < made.size() / kValueShare) {
      docs.list.shrink_to_fit();
      continue;
    }
    docs.bits = Bits(made.size());
    for (const DocId doc : docs.list) docs.bits.Set(doc);
    docs.list = {};
  }
}

void SegmentTables::FillKin() {
  Segment& made = segment_;
  for (std::size_t i = 0; i < made.kin_.size(); ++i) {
    std::vector<std::pair<std::uint64_t, TermId>> pairs;
    for (TermId term = 0; term < made.term_count(); ++term) {
      const std::string text(made.term(term));
      for (const std::uint64_t key : KinOf(static_cast<Kin>(i), text))
        pairs.emplace_back(key, term);
    }
    FillTable(pairs, made.kin_[i]);
  }
  std::vector<std::pair<std::uint32_t, TermId>> near;
  for (TermId term = 0; term < made.term_count(); ++term) {
    for (const std::uint32_t deletion : Deletions(made.term(term)))
      near.emplace_back(deletion, term);
  }
  FillTable(near, made.near_);
}

}  // namespace brobygger::search
