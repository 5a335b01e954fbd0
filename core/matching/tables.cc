#include "core/matching/tables.h"

#include <algorithm>
#include <functional>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include "core/base/status_macros.h"
#include "core/matching/data.h"

namespace brobygger::matching {
namespace {

using Fields = std::vector<std::string>;

absl::Status Wrong(const std::string& file, int line, const std::string& what) {
  return absl::InvalidArgumentError(absl::StrCat(file, ":", line, ": ", what));
}

// Every line but comments, empty ones and the heading. No field holds a comma.
absl::Status ForEachLine(const std::string& file,
                         std::string_view text,
                         std::size_t columns,
                         const std::function<absl::Status(const Fields&)>& each) {
  int number = 0;
  bool heading = true;
  const std::vector<std::string> lines = absl::StrSplit(std::string(text), '\n');
  for (const std::string& line : lines) {
    ++number;
    if (line.empty() || line.front() == '#') continue;
    if (std::exchange(heading, false)) continue;
    const Fields fields = absl::StrSplit(line, ',');
    if (fields.size() != columns) {
      return Wrong(file, number, absl::StrCat("needs ", columns, " fields, has ", fields.size()));
    }
    if (absl::Status status = each(fields); !status.ok()) {
      return Wrong(file, number, std::string(status.message()));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Role> RoleNamed(const std::string& word) {
  static const TextMap<Role> kRoles = {{"word", Role::kWord},         {"type", Role::kType},
                                       {"legal", Role::kLegal},       {"filler", Role::kFiller},
                                       {"national", Role::kNational}, {"branch", Role::kBranch}};
  const auto role = kRoles.find(word);
  if (role == kRoles.end()) return absl::InvalidArgumentError("no role is called " + word);
  return role->second;
}

}  // namespace

const Tables& Tables::Shipped() {
  static const Tables kTables = [] {
    auto parsed = Parse({.concepts = data::kConcepts,
                         .communities = data::kCommunities,
                         .abbreviations = data::kAbbreviations,
                         .suffixes = data::kSuffixes,
                         .free_mail = data::kFreeMail,
                         .streets = data::kStreets,
                         .cuts = data::kCuts});
    // A test reads the shipped tables, so a program with wrong ones is not built.
    return parsed.ok() ? *std::move(parsed) : Tables();
  }();
  return kTables;
}

absl::StatusOr<Tables> Tables::Parse(const Texts& texts) {
  Tables tables;
  BB_RETURN_IF_ERROR(tables.AddConcepts(texts.concepts));
  BB_RETURN_IF_ERROR(tables.AddCommunities(texts.communities));
  BB_RETURN_IF_ERROR(tables.AddAbbreviations(texts.abbreviations));
  BB_RETURN_IF_ERROR(tables.AddSuffixes(texts.suffixes));
  BB_RETURN_IF_ERROR(ForEachLine("free_mail.csv", texts.free_mail, 1, [&](const Fields& fields) {
    tables.free_mail_.insert(fields[0]);
    return absl::OkStatus();
  }));
  BB_RETURN_IF_ERROR(ForEachLine("streets.csv", texts.streets, 2, [&](const Fields& fields) {
    const bool end = fields[0].starts_with('.');
    (end ? tables.street_ends_ : tables.street_words_)
        .emplace(fields[0].substr(end ? 1 : 0), fields[1]);
    return absl::OkStatus();
  }));
  BB_RETURN_IF_ERROR(ForEachLine("cuts.csv", texts.cuts, 1, [&](const Fields& fields) {
    tables.cuts_.push_back(fields[0]);
    return absl::OkStatus();
  }));
  return tables;
}

absl::Status Tables::AddConcepts(std::string_view text) {
  return ForEachLine("concepts.csv", text, 3, [&](const Fields& fields) -> absl::Status {
    BB_ASSIGN_OR_RETURN(const Role role, RoleNamed(fields[0]));
    AddWords(fields[2], NewMeaning(role));
    return absl::OkStatus();
  });
}

absl::Status Tables::AddCommunities(std::string_view text) {
  return ForEachLine("communities.csv", text, 2, [&](const Fields& fields) {
    AddWords(fields[1], NewMeaning(Role::kCommunity));
    return absl::OkStatus();
  });
}

// The first file that names a word has it.
void Tables::AddWords(const std::string& words, Meaning meaning) {
  const Fields each = absl::StrSplit(words, '|');
  for (const std::string& word : each) {
    if (word.ends_with('*')) {
      beginnings_.emplace(word.substr(0, word.size() - 1), meaning);
    } else {
      whole_.emplace(word, meaning);
    }
  }
}

absl::Status Tables::AddAbbreviations(std::string_view text) {
  return ForEachLine("abbreviations.csv", text, 3, [&](const Fields& fields) {
    const bool needs_dot = fields[2] == "yes";
    abbreviations_.emplace(
        fields[0], Abbreviation{absl::StrSplit(fields[1], ' ', absl::SkipEmpty()), needs_dot});
    return absl::OkStatus();
  });
}

absl::Status Tables::AddSuffixes(std::string_view text) {
  BB_RETURN_IF_ERROR(
      ForEachLine("suffixes.csv", text, 3, [&](const Fields& fields) -> absl::Status {
        Suffix suffix{.text = fields[0], .means = fields[1]};
        if (!absl::SimpleAtoi(fields[2], &suffix.keeps)) {
          return absl::InvalidArgumentError("`keeps` is not a number");
        }
        suffixes_.push_back(std::move(suffix));
        return absl::OkStatus();
      }));
  std::stable_sort(suffixes_.begin(), suffixes_.end(),
                   [](const Suffix& a, const Suffix& b) { return a.text.size() > b.text.size(); });
  return absl::OkStatus();
}

Meaning Tables::WholeMeaning(std::string_view word) const {
  const auto found = whole_.find(word);
  return found == whole_.end() ? Meaning() : found->second;
}

Meaning Tables::MeaningOf(std::string_view word) const {
  // Of Roman numbers those that are no word of another kind.
  static const absl::flat_hash_set<std::string_view> kRoman = {"ii",  "iii",  "iv",
                                                               "vii", "viii", "ix"};
  const bool digits =
      std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!word.empty() && (digits || kRoman.contains(word))) return {Role::kNumber, 0};
  if (const Meaning whole = WholeMeaning(word); whole.number != 0) return whole;
  constexpr std::size_t kShortest = 2;
  for (std::size_t size = word.size(); size >= kShortest; --size) {
    const auto found = beginnings_.find(word.substr(0, size));
    if (found != beginnings_.end()) return found->second;
  }
  return {};
}

const std::vector<std::string>* Tables::LongForm(const std::string& word, bool dotted) const {
  const auto found = abbreviations_.find(word);
  if (found == abbreviations_.end() || (found->second.needs_dot && !dotted)) return nullptr;
  return &found->second.words;
}

bool Tables::NamesCountry(const std::string& name) const {
  const std::vector<Word> words = FoldWords(name);
  return std::any_of(words.begin(), words.end(), [&](const Word& word) {
    return MeaningOf(word.text).role == Role::kNational;
  });
}

std::string Tables::StreetWord(const std::string& word, bool dotted) const {
  if (const auto found = street_words_.find(word); found != street_words_.end()) {
    return found->second;
  }
  constexpr std::size_t kLongestEnd = 3;
  for (std::size_t size = kLongestEnd; dotted && size > 0; --size) {
    if (word.size() <= size) continue;
    const auto end = street_ends_.find(word.substr(word.size() - size));
    if (end != street_ends_.end()) return word.substr(0, word.size() - size) + end->second;
  }
  return word;
}

std::string_view Tables::BeforeCut(std::string_view name) const {
  for (const std::string& mark : cuts_) {
    const auto found = std::search(name.begin(), name.end(), mark.begin(), mark.end(),
                                   [](char a, char b) { return absl::ascii_tolower(a) == b; });
    // Not all of it: a name that only begins so is no name of somebody else's.
    if (found != name.end() && found != name.begin()) {
      name = name.substr(0, static_cast<std::size_t>(found - name.begin()));
    }
  }
  return name;
}

Tables::Compound Tables::Cut(std::string_view word) const {
  for (const Suffix& suffix : suffixes_) {
    if (word.size() < suffix.text.size() + suffix.keeps || !word.ends_with(suffix.text)) continue;
    std::string_view first = word.substr(0, word.size() - suffix.text.size());
    // The s that joins two words: "besogsvenner", "ungdomsklub".
    if (first.size() > suffix.keeps + 1 && first.back() == 's') first.remove_suffix(1);
    return {first, suffix.means};
  }
  return {};
}

}  // namespace brobygger::matching
