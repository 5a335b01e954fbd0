#include "core/matching/places.h"

#include <algorithm>
#include <array>

#include "core/model/places.h"

namespace brobygger::matching {
namespace {

constexpr std::size_t kMostWords = 3;

std::uint64_t PhraseHash(std::span<const Word> words) {
  std::uint64_t hash = 1;
  for (const Word& word : words) hash = MixHash(hash, StableHash(word.text));
  return hash;
}

// What follows a town's name and is no town: "N", "SV", "Strand".
bool IsTail(const Word& word) {
  constexpr std::size_t kShort = 2;
  return word.text.size() <= kShort || word.text == "strand" || word.text == "kommune" ||
         word.text == "by";
}

std::span<const Word> WithoutTail(std::span<const Word> words) {
  while (words.size() > 1 && IsTail(words.back())) words = words.first(words.size() - 1);
  return words;
}

Places MakeShipped() {
  constexpr int kCodes = 10000;
  Places places;
  for (int code = 0; code < kCodes; ++code) {
    std::string text = std::to_string(code);
    text.insert(0, 4 - text.size(), '0');
    if (const auto district = model::PostalDistrict(text)) places.Add(*district);
  }
  for (const auto& municipality : model::Municipalities()) {
    places.Add(municipality.official_name());
  }
  return places;
}

}  // namespace

const Places& Places::Shipped() {
  static const Places kPlaces = MakeShipped();
  return kPlaces;
}

void Places::Add(const std::string& city) {
  const std::vector<Word> words = FoldWords(city);
  if (words.empty() || words.size() > kMostWords) return;
  constexpr std::size_t kShortest = 3;
  const auto main = WithoutTail(words);
  if (main.front().text.size() < kShortest && main.size() == 1) return;
  phrases_.insert(PhraseHash(words));
  phrases_.insert(PhraseHash(main));
}

std::size_t Places::CountAt(std::span<const Word> words) const {
  for (std::size_t count = std::min(kMostWords, words.size()); count > 0; --count) {
    if (phrases_.contains(PhraseHash(words.first(count)))) return count;
  }
  return 0;
}

PlaceKey Places::KeyOf(std::span<const Word> words) {
  return words.empty() ? 0 : PhraseHash(WithoutTail(words));
}

PlaceKey Places::KeyOf(const std::string& city) { return KeyOf(FoldWords(city)); }

}  // namespace brobygger::matching
