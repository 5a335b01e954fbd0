#include "core/search/segment.h"

#include <algorithm>

namespace brobygger::search {
namespace {

template <typename T>
std::size_t BytesOf(const std::vector<T>& values) {
  return values.capacity() * sizeof(T);
}

}  // namespace

Run Frequent::run(std::size_t number) const {
  const std::uint32_t begin = number == 0 ? 0 : runs_[number - 1].end;
  const RunEnd& run = runs_[number];
  return {run.fields, run.name_words, {by_run_.data() + begin, by_run_.data() + run.end}};
}

std::size_t Frequent::MemoryBytes() const {
  return docs_.MemoryBytes() + BytesOf(by_run_) + BytesOf(runs_);
}

void ValueDocs::AddTo(Bits& docs) const {
  if (list.empty()) return docs.Or(bits);
  for (const DocId doc : list) docs.Set(doc);
}

std::uint32_t ValueDocs::CountIn(const Bits& docs) const {
  if (list.empty()) return docs.CountIn(bits);
  return static_cast<std::uint32_t>(
      std::count_if(list.begin(), list.end(), [&docs](DocId doc) { return docs.Has(doc); }));
}

const ValueDocs* Segment::docs_with(Field field, std::uint32_t value) const {
  const auto found = values_.find(ValueKey(field, value));
  return found == values_.end() ? nullptr : &found->second;
}

const Frequent* Segment::frequent(TermId term) const {
  const auto found = std::lower_bound(frequent_terms_.begin(), frequent_terms_.end(), term);
  if (found == frequent_terms_.end() || *found != term) return nullptr;
  return &frequents_[static_cast<std::size_t>(found - frequent_terms_.begin())];
}

template <typename Key>
std::span<const TermId> Segment::Table<Key>::Find(Key key) const {
  const auto [first, last] = std::equal_range(keys.begin(), keys.end(), key);
  return {terms.data() + (first - keys.begin()), terms.data() + (last - keys.begin())};
}

std::optional<DocId> Segment::Find(std::string_view id) const {
  const auto hash = static_cast<std::uint32_t>(matching::StableHash(id));
  auto at = std::lower_bound(by_id_.begin(), by_id_.end(), std::pair(hash, DocId{0}));
  for (; at != by_id_.end() && at->first == hash; ++at) {
    if (this->id(at->second) == id) return at->second;
  }
  return std::nullopt;
}

TermId Segment::FindTerm(std::string_view text) const {
  TermId low = 0;
  TermId high = term_count();
  while (low < high) {
    const TermId middle = low + (high - low) / 2;
    if (term(middle) < text) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < term_count() && term(low) == text ? low : kNoTerm;
}

std::pair<TermId, TermId> Segment::TermsWithPrefix(std::string_view prefix) const {
  // The first term of which `past` is true; it is false for all before.
  const auto first = [this](TermId low, const auto& past) {
    TermId high = term_count();
    while (low < high) {
      const TermId middle = low + (high - low) / 2;
      if (past(term(middle))) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  };
  const TermId begin = first(0, [&](std::string_view term) { return term >= prefix; });
  const TermId end =
      first(begin, [&](std::string_view term) { return term.substr(0, prefix.size()) != prefix; });
  return {begin, end};
}

std::span<const TermId> Segment::kin(Kin kin, std::uint64_t key) const {
  return kin_[static_cast<std::size_t>(kin)].Find(key);
}

std::span<const TermId> Segment::near(std::uint32_t deletion) const { return near_.Find(deletion); }

std::size_t Segment::MemoryBytes() const {
  std::size_t bytes = ids_.capacity() + terms_.capacity() + BytesOf(id_starts_) + BytesOf(by_id_) +
                      BytesOf(facts_) + BytesOf(words_) + BytesOf(word_starts_) +
                      BytesOf(activities_) + BytesOf(activity_starts_) +
                      BytesOf(activity_languages_) + BytesOf(activity_language_starts_) +
                      BytesOf(activity_titles_) + titles_.capacity() + BytesOf(title_starts_) +
                      BytesOf(title_keys_) + BytesOf(languages_) + BytesOf(language_starts_) +
                      BytesOf(areas_) + BytesOf(term_starts_) + BytesOf(term_fields_) +
                      BytesOf(posting_starts_) + BytesOf(docs_) + BytesOf(fields_) +
                      BytesOf(near_.keys) + BytesOf(near_.terms);
  for (const auto& kin : kin_) bytes += BytesOf(kin.keys) + BytesOf(kin.terms);
  for (const Frequent& frequent : frequents_) bytes += frequent.MemoryBytes();
  bytes += BytesOf(frequent_terms_) + frequents_.capacity() * sizeof(Frequent);
  for (const auto& [key, docs] : values_) {
    bytes += sizeof(key) + sizeof(docs) + BytesOf(docs.list) + docs.bits.MemoryBytes();
  }
  bytes += shown_to_centres_.MemoryBytes() + shown_to_municipalities_.MemoryBytes();
  return bytes;
}

}  // namespace brobygger::search
