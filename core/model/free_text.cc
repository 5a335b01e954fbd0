#include "core/model/free_text.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/container/flat_hash_map.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "core/model/data.h"
#include "core/model/names.h"

namespace brobygger::model {
namespace {

// A word of a text, folded.
struct Word {
  std::string text;
  bool capital = false;  // begins with one, and goes on in small letters
  bool first = false;    // of its sentence
  int sentence = 0;
};

struct Entry {
  std::vector<std::string> words;  // folded
  bool any_ending = false;         // of the last one
  bool beside_person = false;      // counts only there
  std::string shown;
};

std::vector<std::string> FoldedWords(std::string_view text) {
  const std::string folded = FoldName(text);
  return absl::StrSplit(folded, ' ', absl::SkipEmpty());
}

bool HasCapital(std::string_view word) {
  const auto* const bytes = reinterpret_cast<const uint8_t*>(word.data());
  const auto size = static_cast<int32_t>(word.size());
  int32_t at = 0;
  UChar32 first = 0;
  U8_NEXT(bytes, at, size, first);
  if (first < 0 || !u_isupper(first) || at >= size) return false;
  UChar32 second = 0;
  U8_NEXT(bytes, at, size, second);
  // "DGI" and "IT" are no names of persons.
  return second >= 0 && !u_isupper(second);
}

std::vector<Word> WordsOf(std::string_view text) {
  constexpr std::string_view kBetween = " \t\n,.;:!?()[]\"";
  constexpr std::string_view kEnds = ".;!?\n";
  std::vector<Word> words;
  int sentence = 0;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find_first_of(kBetween, begin), text.size());
    const std::string_view written = text.substr(begin, end - begin);
    for (std::string& folded : FoldedWords(written)) {
      const bool first = words.empty() || words.back().sentence != sentence;
      words.push_back({std::move(folded), HasCapital(written), first, sentence});
    }
    if (end < text.size() && kEnds.find(text[end]) != std::string_view::npos) ++sentence;
    begin = end + 1;
  }
  return words;
}

// What the data file has.
class WordList {
 public:
  WordList() {
    for (const auto line : absl::StrSplit(kSensitiveWords.data(), '\n', absl::SkipWhitespace())) {
      Read({line.data(), line.size()});
    }
  }

  // By the first byte of their first word, so that a text is not compared with the whole list.
  const std::vector<Entry>& EntriesAt(const Word& word) const {
    static const auto* const kNone = new std::vector<Entry>;
    const auto found = entries_.find(word.text.front());
    return found == entries_.end() ? *kNone : found->second;
  }

  // What the list says of a single word: one of the signs at the beginning of its lines.
  bool Is(char sign, const Word& word) const {
    const auto found = signs_.find(word.text);
    return found != signs_.end() && found->second.find(sign) != std::string::npos;
  }

  bool HasEndingOfWork(const Word& word) const {
    return std::any_of(endings_.begin(), endings_.end(), [&](const std::string& ending) {
      return absl::EndsWith(word.text, ending);
    });
  }

 private:
  void Read(std::string text) {
    constexpr std::string_view kSigns = "+>-&@";
    const char sign = text.front();
    if (sign == '#') return;
    if (sign == '=') {
      for (std::string& ending : FoldedWords(text.substr(1))) endings_.push_back(std::move(ending));
      return;
    }
    if (kSigns.find(sign) != std::string_view::npos) {
      for (const std::string& word : FoldedWords(text.substr(1))) signs_[word] += sign;
      return;
    }
    Entry entry;
    entry.beside_person = sign == '~';
    if (entry.beside_person) text.erase(0, 1);
    entry.any_ending = text.back() == '*';
    if (entry.any_ending) text.pop_back();
    entry.words = FoldedWords(text);
    entry.shown = std::move(text);
    entries_[entry.words.front().front()].push_back(std::move(entry));
  }

  absl::flat_hash_map<char, std::vector<Entry>> entries_;
  absl::flat_hash_map<std::string, std::string> signs_;
  std::vector<std::string> endings_;
};

const WordList& List() {
  static const auto* const kList = new WordList;  // never destroyed: threads may still ask at exit
  return *kList;
}

bool StandsAt(const Entry& entry, const std::vector<Word>& words, std::size_t at) {
  if (at + entry.words.size() > words.size()) return false;
  for (std::size_t i = 0; i < entry.words.size(); ++i) {
    const bool last = i + 1 == entry.words.size();
    const std::string& word = words[at + i].text;
    const bool same =
        last && entry.any_ending ? absl::StartsWith(word, entry.words[i]) : word == entry.words[i];
    if (!same) return false;
  }
  return true;
}

// What begins a sentence, an association and a place are written with a capital, too.
bool MayBeName(const Word& word) {
  return word.capital && !List().Is('-', word) && !List().HasEndingOfWork(word);
}

// Whether a verb that people are the subject of comes after `at`, perhaps by way of "som".
bool VerbFollows(const std::vector<Word>& words, std::size_t at) {
  ++at;
  if (at < words.size() && List().Is('@', words[at])) ++at;
  return at < words.size() && words[at].sentence == words[at - 1].sentence &&
         List().Is('>', words[at]);
}

// Whether a single person is meant by the word and those behind it.
bool PointsAtPerson(const std::vector<Word>& words, std::size_t at) {
  const Word& word = words[at];
  if (List().Is('+', word)) return true;
  // "Er syg": who is meant was left out.
  if (word.first && List().Is('>', word)) return true;
  if (!MayBeName(word)) return false;
  if (List().Is('&', word) || VerbFollows(words, at)) return true;
  const bool pair =
      at + 1 < words.size() && words[at + 1].sentence == word.sentence && MayBeName(words[at + 1]);
  if (!pair || word.first) return pair && VerbFollows(words, at + 1);
  // "i Fjordby Nord" is a place.
  return at == 0 || !List().Is('@', words[at - 1]);
}

// By sentence, whether a person is meant there.
std::vector<bool> SentencesWithPersons(const std::vector<Word>& words) {
  std::vector<bool> with(words.empty() ? 0 : words.back().sentence + 1, false);
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (PointsAtPerson(words, at)) with[words[at].sentence] = true;
  }
  return with;
}

bool IsNear(const std::vector<bool>& sentences, int sentence) {
  const auto last = static_cast<int>(sentences.size()) - 1;
  for (int each = std::max(0, sentence - 1); each <= std::min(last, sentence + 1); ++each) {
    if (sentences[each]) return true;
  }
  return false;
}

// `about_person`: all of the text is.
std::string FirstSensitive(const std::string& text, bool about_person) {
  const std::vector<Word> words = WordsOf(text);
  std::vector<bool> with_persons;
  for (std::size_t at = 0; at < words.size(); ++at) {
    for (const Entry& entry : List().EntriesAt(words[at])) {
      if (!StandsAt(entry, words, at)) continue;
      if (about_person || !entry.beside_person) return entry.shown;
      if (with_persons.empty()) with_persons = SentencesWithPersons(words);
      if (IsNear(with_persons, words[at].sentence)) return entry.shown;
    }
  }
  return "";
}

absl::Status Refusal(const Place& place, const std::string& word) {
  if (word.empty()) return absl::OkStatus();
  return BrokenRule(
      place,
      absl::StrCat("holds '", word,
                   "', which may tell of a person's belief, origin or health; leave it out"));
}

}  // namespace

std::string SensitiveWordIn(const std::string& text) { return FirstSensitive(text, false); }

std::string SensitiveWordAbout(const std::string& text) { return FirstSensitive(text, true); }

absl::Status RefuseSensitiveWords(const Place& place, const std::string& text) {
  return Refusal(place, SensitiveWordIn(text));
}

absl::Status RefuseSensitiveAbout(const Place& place, const std::string& text) {
  return Refusal(place, SensitiveWordAbout(text));
}

bool IsPersonsName(const std::string& text) {
  constexpr std::size_t kMostNames = 4;
  const std::vector<Word> words = WordsOf(text);
  return words.size() > 1 && words.size() <= kMostNames &&
         std::all_of(words.begin(), words.end(), MayBeName);
}

absl::Status RefusePersonsName(const Place& place, const std::string& text) {
  if (!IsPersonsName(text)) return absl::OkStatus();
  return BrokenRule(place,
                    "looks like a person's name; write what they do, as in fritidskonsulent");
}

}  // namespace brobygger::model
