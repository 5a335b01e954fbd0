#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <absl/container/inlined_vector.h>

#include "core/matching/lexicon.h"
#include "core/matching/packed.h"
#include "core/matching/places.h"
#include "core/matching/record.h"

namespace brobygger::matching {

// One name of a record, ready to be compared.
struct PreparedName {
  // What a word is in this name. A place is one by where it stands, not by itself.
  enum class Part : std::uint8_t { kBody, kType, kPlace, kLegal, kFiller };

  struct PlacedWord {
    PlacedWord(WordId word, Part stands_as) : id(word), part(stands_as) {}
    WordId id : 29;
    Part part : 3;
  };

  absl::InlinedVector<PlacedWord, 6> words;
  absl::InlinedVector<PlaceKey, 1> places;
  std::array<std::uint64_t, 4> letter_pairs = {};  // which pairs of letters it has, hashed
  // Meanings of its words, sorted; 0 fills up. Numbers as hashes.
  std::array<std::uint16_t, 4> kinds = {};
  std::array<std::uint16_t, 2> communities = {};
  std::array<std::uint32_t, 2> numbers = {};
  std::uint64_t whole = 0;           // hash of its words, in any order
  std::uint64_t joined_sound = 0;    // hash of the skeleton of its body, as one word
  std::uint64_t body_sounds = 0;     // a bit for the skeleton of each word of its body: SoundBit()
  PackedLetters initials;            // of its words but fillers; empty for a name of one word
  PackedLetters all_initials;        // of all its words
  PackedLetters acronym;             // the name, if it may be nothing but initials
  std::uint64_t initials_sound = 0;  // as own_words have it
  std::uint64_t acronym_sound = 0;
  std::uint16_t letter_pair_count = 0;
  bool national = false;  // it says that it is for the whole country
  bool branch = false;    // it says that it is a local part
};

// A set of hashes in one number: what has no bit in it is not there, what has may be.
inline std::uint64_t SoundBit(std::uint64_t hash) { return std::uint64_t{1} << (hash & 63); }

// One e-mail address. Hashes; 0 is none.
struct PreparedEmail {
  std::uint64_t whole = 0;
  std::uint64_t domain = 0;
  bool free_mail = false;
  std::uint32_t letters = 0;  // of `local`: LettersOf()
  std::string local;          // folded letters before the "@"
};

struct PreparedWebsite {
  std::uint64_t whole = 0;
  std::uint64_t host = 0;
};

// Sounds of the labels of a record's own domains. Two take no more room than none.
using OwnWords = absl::InlinedVector<std::uint64_t, 2>;

struct PreparedContact {
  absl::InlinedVector<std::uint64_t, 3> words;  // hashes, sorted
};

// A record, ready to be compared: everything is normalised once and hashed where
// only equality matters. 0 and empty are "not told".
struct Prepared {
  absl::InlinedVector<PreparedName, 1> names;  // at most kMostNames, without repetitions
  std::uint64_t source = 0;
  std::uint64_t cvr = 0;
  absl::InlinedVector<PreparedEmail, 1> emails;
  absl::InlinedVector<std::uint64_t, 1> phones;  // the last eight digits
  absl::InlinedVector<PreparedWebsite, 1> websites;
  std::uint64_t street = 0;        // hash of its sound
  std::uint32_t house_number = 0;  // with its letter
  std::uint32_t postal_code = 0;   // hash
  PlaceKey city = 0;
  std::uint32_t municipality = 0;
  std::uint32_t country = 0;
  int founded = 0;
  bool cvr_valid = false;  // as far as its check digit says
  absl::InlinedVector<PreparedContact, 1> contacts;
  std::uint64_t parent = 0;  // hash of the parent's words, as PreparedName::whole
  OwnWords own_words;
  // Names the record without what tends to vary, for counting how many
  // associations share a value: see ValueCounts.
  std::uint64_t name_key = 0;
};

inline constexpr std::size_t kMostNames = 6;

using RecordId = std::uint32_t;

// Turns records into their prepared form. For one thread: what it finds out about a word it
// remembers, since names are made of the same ones.
class Preparer {
 public:
  // Finds or makes the number of a word; and back.
  using TakeWord = std::function<WordId(const std::string&)>;
  using WordOf = std::function<const KnownWord&(WordId)>;

  // `tables` and `places` must outlive it.
  Preparer(const Tables& tables, const Places& places, TakeWord take_word, WordOf word_of)
      : tables_(tables),
        places_(places),
        take_word_(std::move(take_word)),
        word_of_(std::move(word_of)) {}

  Prepared Prepare(const Record& record);

 private:
  // What a word comes to where it is no place: one word or, cut in pieces or written out, more.
  struct Reading {
    absl::InlinedVector<PreparedName::PlacedWord, 3> words;
    bool national = false;
    bool branch = false;
  };

  PreparedName PrepareName(const std::string& name);
  void FinishName(PreparedName& name) const;
  const Reading& ReadWord(const Word& word);
  void Read(const std::string& text, Reading& reading) const;
  bool IsFiller(const std::string& text);
  void SetInitials(const std::vector<Word>& words, PreparedName& name);
  void PrepareAddress(const Record& record, Prepared& prepared) const;
  void PrepareReach(const Record& record, Prepared& prepared) const;

  const Tables& tables_;
  const Places& places_;
  const TakeWord take_word_;
  const WordOf word_of_;
  TextMap<Reading> readings_;  // of words, and of words with their full stop
  TextMap<bool> fillers_;
};

// How alike the letters of two names are: about the Dice coefficient of their pairs
// of letters, 0 to 1.
double LetterPairDice(const PreparedName& left, const PreparedName& right);

// Whether any two of the names have letters in common to speak of.
bool ResembleByLetters(const Prepared& left, const Prepared& right);

}  // namespace brobygger::matching
