#include "core/search/words.h"

#include <algorithm>
#include <array>
#include <memory>

#include <libstemmer.h>

#include "core/matching/tables.h"
#include "core/matching/text.h"

namespace brobygger::search {
namespace {

// FoldWords() reads at most 64 words of a text; so many bytes cannot hold more.
constexpr std::size_t kPiece = 126;
constexpr std::size_t kShortestForMistakes = 4;
constexpr std::size_t kLongestForMistakes = 32;
constexpr std::size_t kShortestForTwo = 8;

bool IsSpace(char c) { return c == ' ' || c == '\n' || c == '\t'; }

// Where a piece that begins at `from` ends: at white space, where there is any.
std::size_t PieceEnd(std::string_view text, std::size_t from) {
  if (text.size() - from <= kPiece) return text.size();
  std::size_t end = from + kPiece;
  while (end > from && !IsSpace(text[end])) --end;
  if (end > from) return end;
  // One word of that length; cut between two letters.
  end = from + kPiece;
  while (end > from + 1 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return end;
}

template <typename Take>
void ForEachWord(std::string_view text, const Take& take) {
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = PieceEnd(text, from);
    for (matching::Word& word : matching::FoldWords(text.substr(from, end - from))) take(word);
    from = end;
  }
}

struct Snowball {
  Snowball() : stemmer(sb_stemmer_new("danish", nullptr), sb_stemmer_delete) {}
  std::unique_ptr<sb_stemmer, decltype(&sb_stemmer_delete)> stemmer;
};

bool HasDigit(std::string_view word) {
  return std::any_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<std::uint64_t> PartsOf(const std::string& word) {
  const auto compound = matching::Tables::Shipped().Cut(word);
  if (compound.first.empty() || compound.second.empty()) return {};
  return {PartKey(std::string(compound.first)), PartKey(std::string(compound.second))};
}

std::vector<std::uint64_t> MeaningsOf(const std::string& word) {
  const matching::Meaning meaning = matching::Tables::Shipped().WholeMeaning(word);
  const bool tells =
      meaning.role == matching::Role::kWord || meaning.role == matching::Role::kCommunity;
  if (meaning.number == 0 || !tells) return {};
  return {matching::MixHash(meaning.number, 4)};
}

std::uint32_t Short(std::string_view text) {
  return static_cast<std::uint32_t>(matching::StableHash(text, 5));
}

void AddWithout(const std::string& word, std::vector<std::uint32_t>& hashes) {
  std::string shorter;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (i > 0 && word[i] == word[i - 1]) continue;  // the same word again
    shorter.assign(word, 0, i);
    shorter.append(word, i + 1);
    hashes.push_back(Short(shorter));
  }
}

void Tidy(std::vector<std::uint32_t>& hashes) {
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
}

}  // namespace

std::vector<std::string> FoldedWords(std::string_view text) {
  std::vector<std::string> words;
  ForEachWord(text, [&](matching::Word& word) { words.push_back(std::move(word.text)); });
  return words;
}

std::vector<std::string> JoinedWords(std::string_view text) {
  std::vector<std::string> joined;
  std::string before;
  ForEachWord(text, [&](const matching::Word& word) {
    if (word.joined && !before.empty()) joined.push_back(before + word.text);
    before = word.text;
  });
  return joined;
}

std::string StemOf(const std::string& word) {
  if (HasDigit(word)) return word;
  thread_local const Snowball kDanish;
  if (kDanish.stemmer == nullptr) return word;
  const auto* letters = reinterpret_cast<const sb_symbol*>(word.data());
  const sb_symbol* stem =
      sb_stemmer_stem(kDanish.stemmer.get(), letters, static_cast<int>(word.size()));
  if (stem == nullptr) return word;
  const auto size = static_cast<std::size_t>(sb_stemmer_length(kDanish.stemmer.get()));
  return {reinterpret_cast<const char*>(stem), size};
}

std::vector<std::uint64_t> KinOf(Kin kin, const std::string& word) {
  switch (kin) {
    case Kin::kStem:
      return {matching::StableHash(StemOf(word), 1)};
    case Kin::kSound:
      return SoundsOf(word, kFewestConsonants);
    case Kin::kPart:
      return PartsOf(word);
    case Kin::kMeaning:
      return MeaningsOf(word);
  }
  return {};
}

std::vector<std::uint64_t> SoundsOf(const std::string& word, std::size_t least) {
  std::vector<std::uint64_t> sounds;
  if (HasDigit(word)) return sounds;
  for (const std::string& sound :
       {matching::Skeleton(word), matching::SkeletonWithoutArticle(word)}) {
    if (sound.size() >= least) sounds.push_back(matching::StableHash(sound, 2));
  }
  return sounds;
}

std::uint64_t PartKey(const std::string& word) { return matching::StableHash(StemOf(word), 3); }

std::vector<std::uint32_t> Deletions(std::string_view word) {
  std::vector<std::uint32_t> hashes;
  if (word.size() < kShortestForMistakes || word.size() > kLongestForMistakes) return hashes;
  hashes.push_back(Short(word));
  AddWithout(std::string(word), hashes);
  Tidy(hashes);
  return hashes;
}

std::vector<std::uint32_t> AskedDeletions(std::string_view word) {
  std::vector<std::uint32_t> hashes = Deletions(word);
  if (hashes.empty() || MostMistakes(word.size()) < 2) return hashes;
  std::string shorter;
  for (std::size_t i = 0; i < word.size(); ++i) {
    shorter.assign(word, 0, i);
    shorter.append(word, i + 1, std::string::npos);
    AddWithout(shorter, hashes);
  }
  Tidy(hashes);
  return hashes;
}

int Mistakes(std::string_view left, std::string_view right, int most) {
  constexpr std::size_t kWidest = kLongestForMistakes + 3;
  if (left.size() >= kWidest || right.size() >= kWidest) return most + 1;
  const std::size_t width = right.size() + 1;
  // Three rows of the table of optimal string alignment.
  std::array<std::array<int, kWidest>, 3> rows = {};
  for (std::size_t j = 0; j < width; ++j) rows[0][j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= left.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i + 2) % 3];
    row[0] = static_cast<int>(i);
    int least = row[0];
    for (std::size_t j = 1; j < width; ++j) {
      const int change = above[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, change});
      const bool swapped =
          i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
      if (swapped) row[j] = std::min(row[j], rows[(i + 1) % 3][j - 2] + 1);
      least = std::min(least, row[j]);
    }
    if (least > most) return most + 1;
  }
  return std::min(rows[left.size() % 3][right.size()], most + 1);
}

int MostMistakes(std::size_t letters) {
  if (letters < kShortestForMistakes) return 0;
  return letters < kShortestForTwo ? 1 : 2;
}

}  // namespace brobygger::search
