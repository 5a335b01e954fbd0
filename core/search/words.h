#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace brobygger::search {

// The words of a text of any length, folded as core/matching folds names: that is where spellings
// meet. `joined` adds what a hyphen or an apostrophe keeps apart as one word, too, after the rest.
std::vector<std::string> FoldedWords(std::string_view text);
std::vector<std::string> JoinedWords(std::string_view text);

// What is left of a folded word without its Danish ending (libstemmer). The letters are folded
// before, so that every spelling of one word has one stem; of the Danish endings one alone has a
// letter that folding changes. Thread-safe.
std::string StemOf(const std::string& word);

// How words are kin; each is a number of its own in a segment's table of kin.
enum class Kin : std::uint8_t { kStem, kSound, kPart, kMeaning };

// The numbers under which a word is found as kin of this sort. A word may have none.
std::vector<std::uint64_t> KinOf(Kin kin, const std::string& word);

// Those of its sounds, with and without an Arabic article, that have so many consonants: few say
// little.
std::vector<std::uint64_t> SoundsOf(const std::string& word, std::size_t least);
inline constexpr std::size_t kFewestConsonants = 2;
inline constexpr std::size_t kSafeConsonants = 3;

// The number to look a word's parts up by: the stem of a whole word.
std::uint64_t PartKey(const std::string& word);

// The word, and the word without any one of its letters, as numbers: two words that are one
// mistake apart share one. Nothing for words of fewer than four letters.
std::vector<std::uint32_t> Deletions(std::string_view word);

// The same for who asks: up to two letters away from a word of eight letters or more.
std::vector<std::uint32_t> AskedDeletions(std::string_view word);

// How many letters must be put in, left out, changed or swapped with their neighbour to make one
// of the other; at most `most`, or `most + 1`.
int Mistakes(std::string_view left, std::string_view right, int most);

// How many mistakes a word of this length may have to be taken for another: 0, 1 or 2.
int MostMistakes(std::size_t letters);

}  // namespace brobygger::search
