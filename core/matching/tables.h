#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <absl/container/flat_hash_set.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "core/matching/text.h"

namespace brobygger::matching {

// What a word does in a name.
enum class Role : std::uint8_t {
  kProper,     // it may be the association's own: everything that no table knows
  kWord,       // a common idea: "youth", "democratic"
  kType,       // what kind of association it is: "network", "institute"
  kCommunity,  // a community, a language, a country of origin
  kNumber,     // digits
  kNational,   // for a whole country
  kBranch,     // a local part
  kLegal,      // a legal form: says nothing of who it is
  kFiller,     // "of", "and"
};

// Words of the same meaning, whatever their language, have the same number; 0 is
// a word that no table knows.
struct Meaning {
  Role role = Role::kProper;
  std::uint16_t number = 0;
};

// The tables in data/: words of many languages, abbreviations, ends of compounds,
// mail services. Immutable; safe to share across threads. Another country or
// language is more lines in these files, and no code.
class Tables {
 public:
  // Those built into the program.
  static const Tables& Shipped();

  // The texts of the files, in the form data/ has. INVALID_ARGUMENT with file and
  // line.
  struct Texts {
    std::string_view concepts;
    std::string_view communities;
    std::string_view abbreviations;
    std::string_view suffixes;
    std::string_view free_mail;
    std::string_view streets;
    std::string_view cuts;
  };
  static absl::StatusOr<Tables> Parse(const Texts& texts);

  // By folded words (text.h): as it stands in a table, and also by how it begins.
  Meaning WholeMeaning(std::string_view word) const;
  Meaning MeaningOf(std::string_view word) const;
  // Whether the name says that it is for a whole country.
  bool NamesCountry(const std::string& name) const;
  // The words it is short for; null if it is none.
  const std::vector<std::string>* LongForm(const std::string& word, bool dotted) const;
  // Cuts a compound in two: what is left, and the word its end stands for; both
  // empty if it is none.
  struct Compound {
    std::string_view first;
    std::string_view second;
  };
  Compound Cut(std::string_view word) const;
  // The word as streets are compared; empty if it does not count.
  std::string StreetWord(const std::string& word, bool dotted) const;
  // The name without what follows a mark such as " v/".
  std::string_view BeforeCut(std::string_view name) const;
  bool IsFreeMail(const std::string& domain) const { return free_mail_.contains(domain); }

 private:
  Tables() = default;
  absl::Status AddConcepts(std::string_view text);
  absl::Status AddCommunities(std::string_view text);
  absl::Status AddAbbreviations(std::string_view text);
  absl::Status AddSuffixes(std::string_view text);
  void AddWords(const std::string& words, Meaning meaning);
  Meaning NewMeaning(Role role) { return {role, ++last_number_}; }

  struct Abbreviation {
    std::vector<std::string> words;
    bool needs_dot = false;
  };
  struct Suffix {
    std::string text;
    std::string means;
    std::size_t keeps = 0;
  };

  std::uint16_t last_number_ = 0;
  TextMap<Meaning> whole_;
  TextMap<Meaning> beginnings_;  // "univers*" without its star
  TextMap<Abbreviation> abbreviations_;
  std::vector<Suffix> suffixes_;  // longest first
  absl::flat_hash_set<std::string> free_mail_;
  TextMap<std::string> street_words_;
  TextMap<std::string> street_ends_;
  std::vector<std::string> cuts_;
};

}  // namespace brobygger::matching
