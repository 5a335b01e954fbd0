#include <algorithm>
#include <numeric>

#include "core/search/segment.h"

namespace brobygger::search {
namespace {

std::uint32_t Size(const std::string& text) { return static_cast<std::uint32_t>(text.size()); }

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
      if (word != Segment::kBoundary) take(doc, word);
    }
  }
}

}  // namespace

SegmentBuilder::SegmentBuilder() : segment_(std::make_shared<Segment>()) { areas_[""] = 0; }

std::uint16_t SegmentBuilder::Numbers::NumberOf(const std::string& text,
                                                std::vector<std::string>& texts) {
  const auto [place, added] =
      numbers.emplace(text, static_cast<std::uint16_t>(std::min<std::size_t>(texts.size(), 65535)));
  // Past the end one number stands for all others; there are some 8,000 languages.
  if (added && texts.size() < 65536) texts.push_back(text);
  return place->second;
}

TermId SegmentBuilder::Intern(std::string_view text) {
  const auto found = ids_.find(text);
  if (found != ids_.end()) return found->second;
  terms_.push_back(std::make_unique<std::string>(text));
  const auto id = static_cast<TermId>(terms_.size() - 1);
  ids_.emplace(*terms_.back(), id);
  return id;
}

void SegmentBuilder::AddId(std::string_view id, const Facts& facts) {
  Segment& made = *segment_;
  made.by_id_.emplace_back(static_cast<std::uint32_t>(matching::StableHash(id)), made.size());
  made.ids_.append(id);
  made.id_starts_.push_back(Size(made.ids_));
  made.facts_.push_back(facts);
}

void SegmentBuilder::AddLanguages(const std::vector<std::string>& tags,
                                  std::vector<std::uint16_t>& numbers) {
  Segment& made = *segment_;
  for (const std::string& tag : tags) {
    const std::uint16_t number = languages_.NumberOf(tag, made.language_tags_);
    if (made.speakers_.size() <= number) made.speakers_.resize(number + 1U);
    const DocId doc = made.size() - 1;
    auto& speakers = made.speakers_[number];
    if (speakers.empty() || speakers.back() != doc) speakers.push_back(doc);
    numbers.push_back(number);
  }
}

void SegmentBuilder::EndDocument(const std::string& area) {
  Segment& made = *segment_;
  made.word_starts_.push_back(Size(made.words_));
  made.activity_starts_.push_back(Size(made.activities_));
  made.language_starts_.push_back(Size(made.languages_));
  const auto [place, added] = areas_.emplace(area, Size(made.area_names_));
  if (added) made.area_names_.push_back(area);
  made.areas_.push_back(place->second);
}

void SegmentBuilder::Add(const Document& document) {
  Segment& made = *segment_;
  AddId(document.id, document.facts);
  for (std::size_t field = 0; field < document.texts.size(); ++field) {
    const auto bits = static_cast<std::uint32_t>(field) << Segment::kFieldShift;
    for (const auto& value : document.texts[field]) {
      for (const std::string& word : value) made.words_.push_back(Intern(word) | bits);
      made.words_.push_back(Segment::kBoundary);
    }
  }
  AddLanguages(document.languages, made.languages_);
  for (const auto& activity : document.activities) {
    made.activities_.push_back(activity.facts);
    AddLanguages(activity.languages, made.activity_languages_);
    made.activity_language_starts_.push_back(Size(made.activity_languages_));
  }
  EndDocument(document.area);
}

void SegmentBuilder::AddFrom(const Segment& other, DocId doc) {
  if (copied_ != &other) {
    copied_ = &other;
    copied_terms_.assign(other.term_count(), Segment::kNoTerm);
  }
  Segment& made = *segment_;
  AddId(other.id(doc), other.facts(doc));
  for (const std::uint32_t word : other.words(doc)) {
    if (word == Segment::kBoundary) {
      made.words_.push_back(word);
      continue;
    }
    TermId& here = copied_terms_[Segment::TermOf(word)];
    if (here == Segment::kNoTerm) here = Intern(other.term(Segment::TermOf(word)));
    made.words_.push_back(here | (word & ~Segment::kTermMask));
  }
  const auto tags_of = [&other](std::span<const std::uint16_t> numbers) {
    std::vector<std::string> tags;
    for (const std::uint16_t number : numbers) tags.push_back(other.language_tags()[number]);
    return tags;
  };
  AddLanguages(tags_of(other.languages(doc)), made.languages_);
  std::uint32_t number = other.first_activity(doc);
  for (const ActivityFacts& activity : other.activities(doc)) {
    made.activities_.push_back(activity);
    AddLanguages(tags_of(other.activity_languages(number++)), made.activity_languages_);
    made.activity_language_starts_.push_back(Size(made.activity_languages_));
  }
  EndDocument(other.area_names()[other.area(doc)]);
}

std::shared_ptr<const Segment> SegmentBuilder::Finish() {
  SortTerms();
  FillPostings();
  FillKin();
  std::sort(segment_->by_id_.begin(), segment_->by_id_.end());
  return std::move(segment_);
}

void SegmentBuilder::SortTerms() {
  Segment& made = *segment_;
  std::vector<TermId> order(terms_.size());
  std::iota(order.begin(), order.end(), TermId{0});
  std::sort(order.begin(), order.end(),
            [this](TermId left, TermId right) { return *terms_[left] < *terms_[right]; });
  std::vector<TermId> place(order.size());
  for (TermId i = 0; i < Size(order); ++i) {
    place[order[i]] = i;
    made.terms_ += *terms_[order[i]];
    made.term_starts_.push_back(Size(made.terms_));
  }
  for (std::uint32_t& word : made.words_) {
    if (word == Segment::kBoundary) continue;
    word = place[Segment::TermOf(word)] | (word & ~Segment::kTermMask);
  }
  ids_ = {};
  terms_.clear();
}

void SegmentBuilder::FillPostings() {
  Segment& made = *segment_;
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

void SegmentBuilder::FillKin() {
  Segment& made = *segment_;
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
  const auto tidy = [](auto&... vectors) { (vectors.shrink_to_fit(), ...); };
  tidy(made.ids_, made.id_starts_, made.by_id_, made.facts_, made.words_, made.word_starts_,
       made.activities_, made.activity_starts_, made.activity_languages_,
       made.activity_language_starts_, made.languages_, made.language_starts_, made.areas_,
       made.terms_, made.term_starts_);
  for (auto& speakers : made.speakers_) speakers.shrink_to_fit();
}

}  // namespace brobygger::search
