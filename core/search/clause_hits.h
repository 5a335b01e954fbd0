#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/search/bits.h"
#include "core/search/expand.h"
#include "core/search/query.h"
#include "core/search/view.h"

namespace brobygger::search {

// A document in which a phrase stands, and in which text fields (one bit each).
struct PhraseHit {
  DocId doc = 0;
  std::uint8_t fields = 0;
  float weight = 0;
};

// The terms that each word of a phrase may be, sorted.
using PhraseTerms = std::vector<std::vector<TermId>>;

// The fields (one bit each) of a document's words in which the phrase's stand side by side.
std::uint8_t PhraseFields(std::span<const std::uint32_t> words, const PhraseTerms& phrase);

// The documents of one part in which a clause holds, and what they were found by.
struct ClauseHits {
  Bits docs;            // within reach
  bool direct = false;  // what was asked is there, rather than what may be meant
  std::vector<Expansion> terms;
  std::vector<PhraseHit> phrases;
  std::vector<Expansion> phrase_terms;  // of the words of phrases
  std::vector<PhraseTerms> phrase_words;
};

// How a clause is looked for.
enum class Manner : std::uint8_t {
  kUsual,
  kWidely,    // for what is nowhere as it was asked: with words that may be meant
  kStrictly,  // only as it was asked, or with another ending: for what must not be there
};

// What hits are read from, and what reading may cost.
struct Reading {
  const Segment& segment;
  const Bits& reach;  // what the caller may know of
  Budget& budget;
};

// Leaves out what the budget does not allow.
ClauseHits ReadClause(const Reading& reading, const TextClause& clause, Manner manner);

// What a document counts for a clause that it was found by with this weight and in these fields: a
// name before a purpose.
float ScoreIn(std::uint8_t fields, float weight);

inline constexpr std::uint8_t kNameFields = FieldSet({Field::kName, Field::kOtherName}).text_bits();

// How much a name counts of which so many words were asked: one that holds little else counts more.
float NameFactor(int asked_words, int name_words);

// What orders the ways in which a clause found one document, the best of which counts: its score,
// and more if it is in the name.
inline float Value(float score, std::uint8_t fields, int name_words) {
  return (fields & kNameFields) == 0 ? score : score * NameFactor(1, name_words);
}

}  // namespace brobygger::search
