#include "core/model/free_text.h"

#include <string_view>
#include <vector>

#include <absl/container/flat_hash_map.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include "core/model/data.h"
#include "core/model/names.h"

namespace brobygger::model {
namespace {

struct Entry {
  std::vector<std::string> words;  // folded
  bool any_ending = false;         // of the last one
  std::string shown;
};

std::vector<std::string> WordsOf(std::string_view text) {
  const std::string folded = FoldName(text);
  return absl::StrSplit(folded, ' ', absl::SkipEmpty());
}

std::vector<Entry> ReadList() {
  std::vector<Entry> entries;
  for (const auto line : absl::StrSplit(kSensitiveWords.data(), '\n', absl::SkipWhitespace())) {
    std::string text(line.data(), line.size());
    if (text.front() == '#') continue;
    Entry entry;
    entry.any_ending = text.back() == '*';
    if (entry.any_ending) text.pop_back();
    entry.words = WordsOf(text);
    entry.shown = std::move(text);
    entries.push_back(std::move(entry));
  }
  return entries;
}

bool StandsAt(const Entry& entry, const std::vector<std::string>& words, std::size_t at) {
  if (at + entry.words.size() > words.size()) return false;
  for (std::size_t i = 0; i < entry.words.size(); ++i) {
    const bool last = i + 1 == entry.words.size();
    const bool same = last && entry.any_ending ? absl::StartsWith(words[at + i], entry.words[i])
                                               : words[at + i] == entry.words[i];
    if (!same) return false;
  }
  return true;
}

// By the first byte of their first word, so that a text is not compared with the whole list.
using ByFirstByte = absl::flat_hash_map<char, std::vector<Entry>>;

const ByFirstByte& Entries() {
  static const auto* const kEntries = [] {
    auto* by_first = new ByFirstByte;  // never destroyed: threads may still ask at exit
    for (Entry& entry : ReadList()) {
      (*by_first)[entry.words.front().front()].push_back(std::move(entry));
    }
    return by_first;
  }();
  return *kEntries;
}

}  // namespace

std::string SensitiveWordIn(const std::string& text) {
  const std::vector<std::string> words = WordsOf(text);
  for (std::size_t at = 0; at < words.size(); ++at) {
    const auto found = Entries().find(words[at].front());
    if (found == Entries().end()) continue;
    for (const Entry& entry : found->second) {
      if (StandsAt(entry, words, at)) return entry.shown;
    }
  }
  return "";
}

absl::Status RefuseSensitiveWords(const Place& place, const std::string& text) {
  const std::string word = SensitiveWordIn(text);
  if (word.empty()) return absl::OkStatus();
  return BrokenRule(
      place,
      absl::StrCat("holds '", word,
                   "', which may tell of a person's belief, origin or health; leave it out"));
}

}  // namespace brobygger::model
