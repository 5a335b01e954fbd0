#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/search/query.h"
#include "core/search/segment.h"

namespace brobygger::search {

// How a word was found.
enum class How : std::uint8_t {
  kExact,    // as it was asked
  kPhrase,   // the words side by side
  kEnding,   // with another ending
  kPrefix,   // it begins so
  kPart,     // in a compound
  kSound,    // spelt in another way that sounds alike
  kMeaning,  // another word of the same meaning
  kMistake,  // with a letter or two that differ
};

// Whether the word is there, rather than one that may be meant.
constexpr bool IsDirect(How how) { return how != How::kSound && how != How::kMistake; }

// A term that stands for a word that was asked, and how much it counts.
struct Expansion {
  TermId term = 0;
  float weight = 0;
  How how = How::kExact;
  std::uint8_t fields = 0;  // only found in these
};

// What one query may still cost: postings looked at.
struct Budget {
  std::int64_t left = 0;
  bool cut = false;  // something was left out

  // False: no more.
  bool Take(std::size_t amount) {
    left -= static_cast<std::int64_t>(amount);
    if (left < 0) cut = true;
    return left >= 0;
  }
};

// The terms that a word or a prefix stands for in these fields (one bit each), each once, in the
// order of terms. At most 256 of a prefix, those with the most documents.
std::vector<Expansion> Expand(const Segment& segment,
                              const Wording& wording,
                              std::uint8_t fields,
                              Budget& budget);

// The same, and beyond that what may be meant by a word that is nowhere: words a letter or two
// away, and words that sound a little like it; at most 32 of each, the likeliest.
std::vector<Expansion> ExpandWidely(const Segment& segment,
                                    const Wording& wording,
                                    std::uint8_t fields,
                                    Budget& budget);

// The terms that stand for a word in a phrase or behind a minus: itself, and with other endings.
std::vector<Expansion> ExpandStrictly(const Segment& segment,
                                      const std::string& word,
                                      std::uint8_t fields);

}  // namespace brobygger::search
