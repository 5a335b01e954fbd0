#include <algorithm>
#include <numeric>

#include <absl/strings/str_join.h>

#include "core/search/segment.h"
#include "core/search/words.h"

namespace brobygger::search {
namespace {

std::uint32_t SizeOf(const std::string& text) { return static_cast<std::uint32_t>(text.size()); }

template <typename T>
std::uint32_t SizeOf(const std::vector<T>& values) {
  return static_cast<std::uint32_t>(values.size());
}

// Puts what each document has in `all` into the order of `order`; `starts` say where it begins.
template <typename List>
void Gather(const std::vector<DocId>& order, List& all, std::vector<std::uint32_t>& starts) {
  List sorted;
  sorted.reserve(all.size());
  std::vector<std::uint32_t> begins = {0};
  begins.reserve(starts.size());
  for (const DocId doc : order) {
    const auto from = all.begin() + static_cast<std::ptrdiff_t>(starts[doc]);
    const auto to = all.begin() + static_cast<std::ptrdiff_t>(starts[doc + 1U]);
    sorted.insert(sorted.end(), from, to);
    begins.push_back(static_cast<std::uint32_t>(sorted.size()));
  }
  all = std::move(sorted);
  starts = std::move(begins);
}

template <typename T>
void Gather(const std::vector<DocId>& order, std::vector<T>& all) {
  std::vector<T> sorted;
  sorted.reserve(all.size());
  for (const DocId doc : order) sorted.push_back(all[doc]);
  all = std::move(sorted);
}

std::uint64_t TitleKey(const std::string& title) {
  const std::string folded = absl::StrJoin(FoldedWords(title), " ");
  return matching::StableHash(folded.empty() ? title : folded);
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
  made.id_starts_.push_back(SizeOf(made.ids_));
  made.facts_.push_back(facts);
}

void SegmentBuilder::AddLanguages(const std::vector<std::string>& tags,
                                  std::vector<std::uint16_t>& numbers) {
  Segment& made = *segment_;
  for (const std::string& tag : tags) {
    numbers.push_back(languages_.NumberOf(tag, made.language_tags_));
  }
}

void SegmentBuilder::AddActivity(const Document::Activity& activity) {
  Segment& made = *segment_;
  made.activities_.push_back(activity.facts);
  AddLanguages(activity.languages, made.activity_languages_);
  made.activity_language_starts_.push_back(SizeOf(made.activity_languages_));
  const auto [place, added] = titles_.emplace(activity.title, made.title_count());
  if (added) {
    made.titles_ += activity.title;
    made.title_starts_.push_back(SizeOf(made.titles_));
    made.title_keys_.push_back(TitleKey(activity.title));
  }
  made.activity_titles_.push_back(place->second);
}

void SegmentBuilder::EndDocument(const std::string& area) {
  Segment& made = *segment_;
  made.word_starts_.push_back(SizeOf(made.words_));
  made.activity_starts_.push_back(SizeOf(made.activities_));
  made.language_starts_.push_back(SizeOf(made.languages_));
  const auto [place, added] = areas_.emplace(area, SizeOf(made.area_names_));
  if (added) made.area_names_.push_back(area);
  made.areas_.push_back(place->second);
}

void SegmentBuilder::Add(const Document& document) {
  Segment& made = *segment_;
  AddId(document.id, document.facts);
  for (std::size_t field = 0; field < document.texts.size(); ++field) {
    const auto bits = static_cast<std::uint32_t>(field) << Segment::kFieldShift;
    for (const auto& value : document.texts[field]) {
      for (const std::string& word : value.words) made.words_.push_back(Intern(word) | bits);
      made.words_.push_back(Segment::kNoField << Segment::kFieldShift | value.activity);
    }
  }
  AddLanguages(document.languages, made.languages_);
  for (const auto& activity : document.activities) AddActivity(activity);
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
    if (Segment::IsBoundary(word)) {
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
    AddActivity({.facts = activity,
                 .languages = tags_of(other.activity_languages(number)),
                 .title = std::string(other.title(other.activity_title(number)))});
    ++number;
  }
  EndDocument(other.area_names()[other.area(doc)]);
}

std::shared_ptr<const Segment> SegmentBuilder::Finish() {
  SortDocuments();
  SortTerms();
  SegmentTables(*segment_).Fill();
  return std::move(segment_);
}

// In the order in which hits of one score stand.
void SegmentBuilder::SortDocuments() {
  Segment& made = *segment_;
  std::vector<DocId> order(made.size());
  std::iota(order.begin(), order.end(), DocId{0});
  std::sort(order.begin(), order.end(), [&made](DocId left, DocId right) {
    const std::uint64_t left_key = made.facts(left).name_key;
    const std::uint64_t right_key = made.facts(right).name_key;
    return left_key != right_key ? left_key < right_key : made.id(left) < made.id(right);
  });
  places_.resize(order.size());
  for (DocId place = 0; place < SizeOf(order); ++place) places_[order[place]] = place;
  std::vector<std::uint32_t> activities;  // in the new order of their documents
  activities.reserve(made.activities_.size());
  for (const DocId doc : order) {
    for (std::uint32_t i = made.activity_starts_[doc]; i < made.activity_starts_[doc + 1U]; ++i) {
      activities.push_back(i);
    }
  }
  Gather(activities, made.activity_languages_, made.activity_language_starts_);
  Gather(activities, made.activity_titles_);
  Gather(order, made.activities_, made.activity_starts_);
  Gather(order, made.languages_, made.language_starts_);
  Gather(order, made.words_, made.word_starts_);
  Gather(order, made.ids_, made.id_starts_);
  Gather(order, made.facts_);
  Gather(order, made.areas_);
  for (auto& [hash, doc] : made.by_id_) doc = places_[doc];
  std::sort(made.by_id_.begin(), made.by_id_.end());
}

void SegmentBuilder::SortTerms() {
  Segment& made = *segment_;
  std::vector<TermId> order(terms_.size());
  std::iota(order.begin(), order.end(), TermId{0});
  std::sort(order.begin(), order.end(),
            [this](TermId left, TermId right) { return *terms_[left] < *terms_[right]; });
  std::vector<TermId> place(order.size());
  for (TermId i = 0; i < SizeOf(order); ++i) {
    place[order[i]] = i;
    made.terms_ += *terms_[order[i]];
    made.term_starts_.push_back(SizeOf(made.terms_));
  }
  for (std::uint32_t& word : made.words_) {
    if (Segment::IsBoundary(word)) continue;
    word = place[Segment::TermOf(word)] | (word & ~Segment::kTermMask);
  }
  ids_ = {};
  terms_.clear();
}

}  // namespace brobygger::search
