#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <absl/container/flat_hash_map.h>

namespace brobygger::matching {

// A word of a text, folded: lower-case ASCII letters and digits, without accents,
// every script in Latin letters; ae, oe, ue and aa as one letter each, so that
// all spellings of the Danish letters meet.
struct Word {
  std::string text;
  bool dotted = false;    // a full stop came right after: it may be an abbreviation
  bool joined = false;    // a hyphen or an apostrophe stood between it and the word before
  bool capitals = false;  // written in capitals only, two letters or more
};

// The words of the text, in order; at most 64, of at most 48 letters each. What
// looks like UTF-8 that was once read as Windows-1252 is repaired first. Bytes
// that are not UTF-8 count as Windows-1252.
std::vector<Word> FoldWords(std::string_view text);

// The words with single spaces between.
std::string FoldText(std::string_view text);

// How a folded word sounds to somebody who spells by ear: its first letter and
// the consonants after it, with sounds that are often mixed up written alike (kh
// and x as h, sh and ch as s, q and c as k, w as v, z as s, y and j as i, double
// letters once). "gunes" and "gynes" are both "gns".
std::string Skeleton(std::string_view word);

// The same without an Arabic article in front ("alnur" and "annur" as "nur");
// empty if there is none.
std::string SkeletonWithoutArticle(std::string_view word);

// The same with its vowels, and without an Arabic article: to see how far two words of one
// skeleton are apart. "welat" and "valat" are "velat" and "valat".
std::string Spoken(std::string_view word);

// Digits of the text in any script, nothing else.
std::string Digits(std::string_view text);

// Jaro-Winkler similarity, 0 to 1 (prefix weight 0.1, up to four letters). Bytes
// count as letters, so for folded words. Written here because the core compares a
// million pairs a second: words of up to 64 letters, no allocation, bit masks.
double JaroWinkler(std::string_view left, std::string_view right);

// Which letters a folded word has: bit 0 is 'a'. Digits are left out.
std::uint32_t LettersOf(std::string_view word);

// A text with what LettersOf() says of it.
struct Lettered {
  std::string_view text;
  std::uint32_t letters;
};

// Whether JaroWinkler() of the two may come to as much as `least`: by how long they are, which
// letters they have and how they begin, for a tenth of what that takes. Never wrongly false.
bool MayBeAlike(const Lettered& left, const Lettered& right, double least);

// A hash that is the same in every build and on every machine: FNV-1a, mixed.
std::uint64_t StableHash(std::string_view text, std::uint64_t seed = 0);
std::uint64_t MixHash(std::uint64_t left, std::uint64_t right);

// For tables that are asked with a std::string_view, which Debian's Abseil does not
// take for its own.
struct TextHash {
  using is_transparent = void;  // NOLINT(readability-identifier-naming): the standard's name
  std::size_t operator()(std::string_view text) const { return StableHash(text); }
};
struct TextEqual {
  using is_transparent = void;  // NOLINT(readability-identifier-naming): the standard's name
  bool operator()(std::string_view left, std::string_view right) const { return left == right; }
};
template <typename Value>
using TextMap = absl::flat_hash_map<std::string, Value, TextHash, TextEqual>;

}  // namespace brobygger::matching
