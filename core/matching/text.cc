#include "core/matching/text.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include "core/model/text.h"

namespace brobygger::matching {
namespace {

constexpr std::size_t kMostWords = 64;
constexpr std::size_t kMostLetters = 48;
constexpr std::size_t kMostBytes = 1024;  // of a name: more is noise, and time

// Code points below this are folded by a table; the others by ICU.
constexpr UChar32 kTableEnd = 0x250;

// What becomes of a code point: letters, or a sign of its own meaning.
constexpr char kBreak = ' ';  // between words
constexpr char kJoin = '-';   // between words that belong together
constexpr char kDot = '.';    // ends an abbreviation
constexpr char kNothing = 0;  // as if it were not there

std::string ByIcu(const icu::UnicodeString& text) {
  UErrorCode error = U_ZERO_ERROR;
  // One a thread: making it costs milliseconds, and it is not said to be shareable.
  thread_local const std::unique_ptr<icu::Transliterator> kToAscii(
      icu::Transliterator::createInstance("NFKC; Any-Latin; Latin-ASCII; Lower; [:^ASCII:] Remove",
                                          UTRANS_FORWARD, error));
  icu::UnicodeString folded = text;
  if (kToAscii != nullptr) kToAscii->transliterate(folded);
  std::string ascii;
  folded.toUTF8String(ascii);
  return ascii;
}

// The letters that Latin-ASCII would write with two, or not as Danes do.
std::optional<char> OneLetter(UChar32 code_point) {
  switch (code_point) {
    case 0xC6:
    case 0xE6:
    case 0xC4:
    case 0xE4:
    case 0xC5:
    case 0xE5:
      return 'a';
    case 0xD8:
    case 0xF8:
    case 0xD6:
    case 0xF6:
    case 0x152:
    case 0x153:
      return 'o';
    case 0xDC:
    case 0xFC:
      return 'u';
    case 0x131:
    case 0x130:
      return 'i';
    default:
      return std::nullopt;
  }
}

char SignOf(UChar32 code_point) {
  switch (code_point) {
    case '\'':
    case '`':
    case 0xB4:
    case 0x2018:
    case 0x2019:
    case 0x02BB:
    case 0x02BC:
    case 0x02BF:
    case 0x02BE:
    case 0x200B:
    case 0x200C:
    case 0x200D:
    case 0xAD:
    case 0xFEFF:
      return kNothing;
    case '-':
    case 0x2010:
    case 0x2011:
      return kJoin;
    case '.':
      return kDot;
    default:
      return kBreak;
  }
}

struct Folded {
  std::array<char, 3> letters = {};
  std::uint8_t count = 0;
  char sign = kBreak;  // if there are no letters
};

Folded FoldOne(UChar32 code_point) {
  Folded folded;
  if (const auto letter = OneLetter(code_point)) return {{*letter}, 1, kBreak};
  if (!u_isalnum(code_point)) {
    folded.sign = SignOf(code_point);
    return folded;
  }
  for (const char c : ByIcu(icu::UnicodeString(code_point))) {
    const bool wanted = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (wanted && folded.count < folded.letters.size()) folded.letters[folded.count++] = c;
  }
  if (folded.count == 0) folded.sign = kNothing;
  return folded;
}

const Folded& FoldByTable(UChar32 code_point) {
  static const std::array<Folded, kTableEnd> kTable = [] {
    std::array<Folded, kTableEnd> made;
    for (UChar32 i = 0; i < kTableEnd; ++i) made[static_cast<std::size_t>(i)] = FoldOne(i);
    return made;
  }();
  return kTable[static_cast<std::size_t>(code_point)];
}

// Text read as Windows-1252 that was UTF-8, turned back: C3 and a byte from 80 to
// BF, each shown as the letter Windows-1252 gives it.
bool LooksRepairable(std::string_view text) {
  // U+00C3 or U+00C5 is C3 83 or C3 85 in UTF-8, and then comes C2, C3, C5, CB or E2.
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    if (byte(i) == 0xC3 && (byte(i + 1) == 0x83 || byte(i + 1) == 0x84 || byte(i + 1) == 0x85) &&
        byte(i + 2) >= 0xC2) {
      return true;
    }
  }
  return false;
}

std::string Repaired(std::string_view text) {
  const auto wide = icu::UnicodeString::fromUTF8({text.data(), static_cast<int>(text.size())});
  UErrorCode error = U_ZERO_ERROR;
  UConverter* converter = ucnv_open("windows-1252", &error);
  if (U_FAILURE(error)) return std::string(text);
  ucnv_setFromUCallBack(converter, UCNV_FROM_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &error);
  std::string bytes(static_cast<std::size_t>(wide.length()) * 2 + 8, '\0');
  const int size = ucnv_fromUChars(converter, bytes.data(), static_cast<int>(bytes.size()),
                                   wide.getBuffer(), wide.length(), &error);
  ucnv_close(converter);
  if (U_FAILURE(error) || size < 0) return std::string(text);
  bytes.resize(static_cast<std::size_t>(size));
  return model::IsUtf8(bytes) ? bytes : std::string(text);
}

std::string FromWindows1252(std::string_view text) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::UnicodeString wide(text.data(), static_cast<int>(text.size()), "windows-1252");
  std::string utf8;
  if (U_SUCCESS(error)) wide.toUTF8String(utf8);
  return utf8;
}

// Collects words from folded letters.
class WordMaker {
 public:
  bool full() const { return words_.size() >= kMostWords; }

  void Letter(char letter, bool upper) {
    if (word_.text.size() >= kMostLetters) return;
    upper_ = word_.text.empty() ? upper : upper_ && upper;
    word_.text += letter;
  }

  void Sign(char sign) {
    if (sign == kNothing) return;
    if (sign == kDot) word_.dotted = !word_.text.empty();
    EndWord();
    if (sign == kJoin && !words_.empty()) next_joined_ = true;
    if (sign == kBreak) next_joined_ = false;
  }

  std::vector<Word> Finish() {
    EndWord();
    return std::move(words_);
  }

 private:
  void EndWord() {
    if (word_.text.empty()) return;
    word_.capitals = upper_ && word_.text.size() >= 2;
    word_.joined = next_joined_;
    next_joined_ = false;
    MeetSpellings(word_.text);
    words_.push_back(std::move(word_));
    word_ = Word();
  }

  // ae, oe, ue and aa as one letter.
  static void MeetSpellings(std::string& word) {
    std::size_t to = 0;
    for (std::size_t from = 0; from < word.size(); ++from) {
      const char letter = word[from];
      const char before = to > 0 ? word[to - 1] : '\0';
      const bool second = (letter == 'e' && (before == 'a' || before == 'o' || before == 'u')) ||
                          (letter == 'a' && before == 'a');
      if (!second) word[to++] = letter;
    }
    word.resize(to);
  }

  std::vector<Word> words_;
  Word word_;
  bool upper_ = false;
  bool next_joined_ = false;
};

void TakeForeign(std::string_view run, WordMaker& maker) {
  const auto wide = icu::UnicodeString::fromUTF8({run.data(), static_cast<int>(run.size())});
  for (const char c : ByIcu(wide)) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (letter) {
      maker.Letter(c, false);
    } else {
      maker.Sign(SignOf(c));
    }
  }
}

void TakeByTable(UChar32 code_point, WordMaker& maker) {
  const Folded& folded = FoldByTable(code_point);
  const bool upper = folded.count > 0 && u_isupper(code_point) != 0;
  for (std::uint8_t i = 0; i < folded.count; ++i) maker.Letter(folded.letters[i], upper);
  if (folded.count == 0) maker.Sign(folded.sign);
}

// Letters of other scripts sound as their neighbours let them, so a run of them is
// folded at once: from `begin` to the first that the table has. Returns where that is.
std::int32_t TakeRun(std::string_view text, std::int32_t begin, WordMaker& maker) {
  const auto length = static_cast<std::int32_t>(text.size());
  std::int32_t offset = begin;
  std::int32_t end = begin;
  while (offset < length) {
    UChar32 code_point = 0;
    U8_NEXT_OR_FFFD(text.data(), offset, length, code_point);
    if (code_point < kTableEnd) break;
    end = offset;
  }
  const auto from = static_cast<std::size_t>(begin);
  TakeForeign(text.substr(from, static_cast<std::size_t>(end - begin)), maker);
  return end;
}

void TakeSign(UChar32 code_point, WordMaker& maker) {
  const std::int32_t digit = u_charDigitValue(code_point);
  if (digit >= 0) {
    maker.Letter(static_cast<char>('0' + digit), false);
  } else {
    maker.Sign(SignOf(code_point));
  }
}

bool IsForeignLetter(UChar32 code_point) {
  return u_isalpha(code_point) != 0 || u_charType(code_point) == U_NON_SPACING_MARK;
}

void TakeUtf8(std::string_view text, WordMaker& maker) {
  const auto length = static_cast<std::int32_t>(text.size());
  std::int32_t offset = 0;
  while (offset < length && !maker.full()) {
    const std::int32_t begin = offset;
    UChar32 code_point = 0;
    U8_NEXT_OR_FFFD(text.data(), offset, length, code_point);
    if (code_point < kTableEnd) {
      TakeByTable(code_point, maker);
    } else if (IsForeignLetter(code_point)) {
      offset = TakeRun(text, begin, maker);
    } else {
      TakeSign(code_point, maker);
    }
  }
}

}  // namespace

std::vector<Word> FoldWords(std::string_view text) {
  // Cutting inside a letter leaves a broken one at the end, which folds to nothing.
  std::string changed;
  if (text.size() > kMostBytes) text = text.substr(0, kMostBytes);
  const bool cut_clean = model::IsUtf8(text);
  if (!cut_clean && text.size() < kMostBytes) {
    changed = FromWindows1252(text);
    text = changed;
  } else if (LooksRepairable(text)) {
    changed = Repaired(text);
    text = changed;
  }
  WordMaker maker;
  TakeUtf8(text, maker);
  return maker.Finish();
}

std::string FoldText(std::string_view text) {
  std::string folded;
  for (const Word& word : FoldWords(text)) {
    if (!folded.empty()) folded += ' ';
    folded += word.text;
  }
  return folded;
}

std::string Digits(std::string_view text) {
  std::string digits;
  for (std::size_t i = 0; i < text.size();) {
    const auto digit = model::DigitAt(text.substr(i));
    if (digit) digits += static_cast<char>('0' + digit->value);
    i += digit ? digit->size : 1;
  }
  return digits;
}

std::uint64_t MixHash(std::uint64_t left, std::uint64_t right) {
  std::uint64_t mixed = left ^ (right + 0x9E3779B97F4A7C15ULL + (left << 6) + (left >> 2));
  mixed ^= mixed >> 33;
  mixed *= 0xFF51AFD7ED558CCDULL;
  mixed ^= mixed >> 33;
  mixed *= 0xC4CEB9FE1A85EC53ULL;
  return mixed ^ (mixed >> 33);
}

std::uint64_t StableHash(std::string_view text, std::uint64_t seed) {
  std::uint64_t hash = 0xCBF29CE484222325ULL ^ seed;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001B3ULL;
  }
  return MixHash(hash, seed);
}

}  // namespace brobygger::matching
