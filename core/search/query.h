#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "core/search/fields.h"

namespace brobygger::search {

// One way in which a text may be there: a word, the beginning of one, or words side by side.
// Words are folded.
struct Wording {
  enum class Kind : std::uint8_t { kWord, kPrefix, kPhrase };
  Kind kind = Kind::kWord;
  std::vector<std::string> words;
};

// Text that must be there, or must not: in any of these wordings, in any of these fields.
struct TextClause {
  std::vector<Wording> wordings;
  std::string written;  // as it was asked
  FieldSet fields;
  bool excluded = false;
  // It always holds, as filters do: who names the field means it. A word that was only typed may be
  // given up where nothing holds all of them.
  bool firm = false;
  // It says of what sort an association is, as "association" does: too little to be found by where
  // the rest is given up.
  bool generic = false;
};

// What must be so, or must not, of any of these values. Numbers of an enum, a municipality code
// or a day of the week (0: Monday); for kCapacity the least, for kUpdated seconds since
// 1970-01-01. Languages and departments are texts.
struct Filter {
  Field field = Field::kTheme;
  std::vector<std::uint32_t> numbers;
  std::vector<std::string> texts;
  bool excluded = false;
};

// What somebody looks for: all of it must hold.
struct Query {
  std::vector<TextClause> texts;
  std::vector<Filter> filters;
  // Words may be given up where nothing holds all of them.
  bool may_relax = true;
};

// Limits of a query; what goes beyond is refused.
inline constexpr std::size_t kLongestQuery = 2'000;  // bytes
inline constexpr std::size_t kMostClauses = 32;
inline constexpr std::size_t kMostFilters = 32;
inline constexpr std::size_t kMostValues = 64;  // of one filter

struct QueryOptions {
  // What the caller may see. No other field is searched, and to name one is the same error as to
  // name one that is not there.
  FieldSet allowed = FieldSet::All();
  // Somebody is still typing: the last word may be the beginning of one.
  bool as_you_type = false;
};

// Reads a query; README.md has the language. QUERY_INVALID says which part cannot be read, at
// which character (from 1), and what there is instead.
absl::StatusOr<Query> ParseQuery(std::string_view text, const QueryOptions& options);

// The error: `part` is what is wrong with it, `allowed` what there is instead (may be empty).
absl::Status QueryInvalid(std::size_t position,
                          const std::string& what,
                          const std::vector<std::string>& allowed = {});

// Adds one value to a filter of a field that holds no text: "culture", "ar", "0615", "thursday",
// "20", "2026-11-01". The error's `what`, and the values there are, if it is none.
struct ValueError {
  std::string what;
  std::vector<std::string> allowed;
};
std::vector<ValueError> AddFilterValue(const std::string& value, Filter& filter);

// The word of a value of a field that has a code: FacetWord(kTheme, 8) is "culture".
std::string FacetWord(Field field, std::uint32_t number);

}  // namespace brobygger::search
