#include <algorithm>
#include <bit>
#include <utility>

#include "core/matching/text.h"

namespace brobygger::matching {
namespace {

bool IsVowel(char c) {
  return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y' || c == 'j';
}

struct Sound {
  char letter;
  std::size_t size;
};

// The sound that begins at `i`.
Sound SoundAt(std::string_view word, std::size_t i) {
  const char c = word[i];
  const char next = i + 1 < word.size() ? word[i + 1] : '\0';
  if (next == 'h') {
    switch (c) {
      case 'k':
        return {'h', 2};
      case 's':
      case 'c':
        return {'s', 2};
      case 'p':
        return {'f', 2};
      case 't':
        return {'t', 2};
      case 'd':
        return {'d', 2};
      case 'g':
        return {'g', 2};
      case 'z':
        return {'i', 2};
      default:
        break;
    }
  }
  if (c == 's' && next == 'c' && i + 2 < word.size() && word[i + 2] == 'h') return {'s', 3};
  switch (c) {
    case 'x':
      return {'h', 1};
    case 'q':
    case 'c':
      return {'k', 1};
    case 'w':
      return {'v', 1};
    case 'z':
      return {'s', 1};
    case 'y':
    case 'j':
      return {'i', 1};
    default:
      return {c, 1};
  }
}

constexpr std::size_t kArticle = 2;  // letters of an Arabic article

bool HasArticle(std::string_view word) {
  constexpr std::size_t kLeft = 3;
  if (word.size() < kArticle + kLeft || (word[0] != 'a' && word[0] != 'e' && word[0] != 'u')) {
    return false;
  }
  // "al" before any letter, "an", "as", "ar" ... before the same letter.
  const bool before_any = word[1] == 'l';
  return before_any ||
         (word[1] == word[2] && std::string_view("nsrdtz").find(word[1]) != std::string_view::npos);
}

}  // namespace

std::string Skeleton(std::string_view word) {
  std::string skeleton;
  char last = '\0';
  for (std::size_t i = 0; i < word.size();) {
    const Sound sound = SoundAt(word, i);
    const bool first = skeleton.empty();
    const bool silent = !first && (IsVowel(word[i]) && sound.size == 1);
    if (!silent && sound.letter != last) skeleton += sound.letter;
    last = silent ? '\0' : sound.letter;
    i += sound.size;
  }
  return skeleton;
}

std::string SkeletonWithoutArticle(std::string_view word) {
  return HasArticle(word) ? Skeleton(word.substr(kArticle)) : "";
}

std::string Spoken(std::string_view word) {
  if (HasArticle(word)) word = word.substr(kArticle);
  std::string spoken;
  for (std::size_t i = 0; i < word.size();) {
    const Sound sound = SoundAt(word, i);
    if (spoken.empty() || spoken.back() != sound.letter) spoken += sound.letter;
    i += sound.size;
  }
  return spoken;
}

namespace {

constexpr double kPrefixWeight = 0.1;

std::size_t SharedPrefix(std::string_view left, std::string_view right) {
  const std::size_t most = std::min({std::size_t{4}, left.size(), right.size()});
  std::size_t prefix = 0;
  while (prefix < most && left[prefix] == right[prefix]) ++prefix;
  return prefix;
}

}  // namespace

std::uint32_t LettersOf(std::string_view word) {
  std::uint32_t letters = 0;
  for (const char c : word) {
    if (c >= 'a' && c <= 'z') letters |= std::uint32_t{1} << (c - 'a');
  }
  return letters;
}

bool MayBeAlike(const Lettered& left, const Lettered& right, double least) {
  constexpr double kRounding = 1e-9;
  if (left.text.empty() || right.text.empty()) return true;
  // A letter that the other does not have finds no partner.
  const auto left_size = static_cast<double>(left.text.size());
  const auto right_size = static_cast<double>(right.text.size());
  const double matches = std::min(left_size - std::popcount(left.letters & ~right.letters),
                                  right_size - std::popcount(right.letters & ~left.letters));
  const double jaro = (matches / left_size + matches / right_size + 1) / 3;
  const auto prefix = static_cast<double>(SharedPrefix(left.text, right.text));
  return jaro + prefix * kPrefixWeight * (1 - jaro) >= least - kRounding;
}

double JaroWinkler(std::string_view left, std::string_view right) {
  constexpr std::size_t kMost = 64;
  if (left.size() > right.size()) std::swap(left, right);
  if (left == right) return 1;
  if (left.empty() || right.size() > kMost) return 0;
  const std::size_t half = right.size() / 2;
  const std::size_t window = half > 0 ? half - 1 : 0;
  std::uint64_t left_used = 0;
  std::uint64_t right_used = 0;
  for (std::size_t i = 0; i < left.size(); ++i) {
    const std::size_t end = std::min(right.size(), i + window + 1);
    for (std::size_t j = i > window ? i - window : 0; j < end; ++j) {
      if (left[i] != right[j] || ((right_used >> j) & 1) != 0) continue;
      left_used |= std::uint64_t{1} << i;
      right_used |= std::uint64_t{1} << j;
      break;
    }
  }
  const int matches = std::popcount(left_used);
  if (matches == 0) return 0;
  int moved = 0;
  for (std::uint64_t a = left_used, b = right_used; a != 0; a &= a - 1, b &= b - 1) {
    moved += left[static_cast<std::size_t>(std::countr_zero(a))] !=
             right[static_cast<std::size_t>(std::countr_zero(b))];
  }
  const double m = matches;
  const double jaro = (m / static_cast<double>(left.size()) +
                       m / static_cast<double>(right.size()) + (m - moved / 2.0) / m) /
                      3;
  return jaro + static_cast<double>(SharedPrefix(left, right)) * kPrefixWeight * (1 - jaro);
}

}  // namespace brobygger::matching
