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
  word.letters = LettersOf(text);
  return word;
}

WordId Lexicon::Intern(const std::string& text) {
  if (const auto known = ids_.find(text); known != ids_.end()) return known->second;
  const auto id = static_cast<WordId>(size_++);
  if (id % kChunk == 0) chunks_.push_back(std::make_unique<std::array<KnownWord, kChunk>>());
  KnownWord& word = (*chunks_.back())[id % kChunk];
  word = MakeWord(text, tables_);
  ids_.emplace(word.text, id);
  return id;
}

WordId Lexicon::Find(std::string_view text) const {
  const auto known = ids_.find(text);
  return known == ids_.end() ? kUnknown : known->second;
}

std::size_t Lexicon::MemoryBytes() const {
  constexpr std::size_t kSlot = sizeof(std::pair<std::string_view, WordId>) + 1;
  return chunks_.size() * kChunk * sizeof(KnownWord) + ids_.capacity() * kSlot;
}

WordId Words::Take(const std::string& text) {
  if (const WordId known = lexicon_.Find(text); known != Lexicon::kUnknown) return known;
  for (std::size_t i = 0; i < own_.size(); ++i) {
    if (own_[i].text == text) return own_from_ + static_cast<WordId>(i);
  }
  own_.push_back(Lexicon::MakeWord(text, lexicon_.tables()));
  return own_from_ + static_cast<WordId>(own_.size() - 1);
}

double Information(std::uint32_t held_by, double ln_names) {
  constexpr double kLeast = 0.05;
  // Most words are held by few names, and a logarithm costs as much as the rest.
  static const std::vector<double> kLogarithms = [] {
    std::vector<double> made(std::size_t{1} << 16);
    for (std::size_t i = 0; i < made.size(); ++i) {
      made[i] = std::log(std::max(0.5, static_cast<double>(i)));
    }
    return made;
  }();
  const double ln_held =
      held_by < kLogarithms.size() ? kLogarithms[held_by] : std::log(static_cast<double>(held_by));
  return std::max(kLeast, ln_names - ln_held);
}

}  // namespace brobygger::matching
