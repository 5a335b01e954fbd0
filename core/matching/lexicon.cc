#include "core/matching/lexicon.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/matching/text.h"

namespace brobygger::matching {
namespace {

std::uint64_t HashOrNone(const std::string& skeleton) {
  return skeleton.empty() ? 0 : StableHash(skeleton);
}

}  // namespace

KnownWord Lexicon::MakeWord(const std::string& text, const Tables& tables) {
  KnownWord word;
  word.text = text;
  word.skeleton = HashOrNone(Skeleton(text));
  word.bare_skeleton = HashOrNone(SkeletonWithoutArticle(text));
  word.meaning = tables.MeaningOf(text);
  for (const char c : text) {
    if (c >= 'a' && c <= 'z') word.letters |= std::uint32_t{1} << (c - 'a');
  }
  return word;
}

WordId Lexicon::Intern(const std::string& text) {
  if (const auto known = ids_.find(text); known != ids_.end()) return known->second;
  const auto id = static_cast<WordId>(words_.size());
  words_.push_back(MakeWord(text, tables_));
  ids_.emplace(words_.back().text, id);
  return id;
}

WordId Lexicon::Find(std::string_view text) const {
  const auto known = ids_.find(text);
  return known == ids_.end() ? kUnknown : known->second;
}

std::size_t Lexicon::MemoryBytes() const {
  constexpr std::size_t kSlot = sizeof(std::pair<std::string_view, WordId>) + 1;
  return words_.size() * sizeof(KnownWord) + ids_.capacity() * kSlot;
}

const KnownWord& Words::operator[](WordId id) const {
  return id < own_from_ ? lexicon_[id] : own_[id - own_from_];
}

WordId Words::Take(const std::string& text) {
  if (const WordId known = lexicon_.Find(text); known != Lexicon::kUnknown) return known;
  for (std::size_t i = 0; i < own_.size(); ++i) {
    if (own_[i].text == text) return own_from_ + static_cast<WordId>(i);
  }
  own_.push_back(Lexicon::MakeWord(text, lexicon_.tables()));
  return own_from_ + static_cast<WordId>(own_.size() - 1);
}

double Words::Information(WordId id, std::size_t names) const {
  const double held = std::max<double>(0.5, (*this)[id].names);
  return std::max(0.05, std::log((static_cast<double>(names) + 1) / held));
}

}  // namespace brobygger::matching
