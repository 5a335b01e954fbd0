#include "core/model/names.h"

#include <array>
#include <cstdint>
#include <utility>

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

namespace brobygger::model {
namespace {

// The three letters after z. Their UTF-8 forms would come in the wrong order, so
// the key has the three ASCII signs after z instead, which no name keeps.
constexpr char kAe = '{';
constexpr char kOe = '|';
constexpr char kAa = '}';

// Letters that Danish order (Retskrivningsordbogen) puts elsewhere than their
// Unicode decomposition would, or that have none. All are lower case here.
constexpr std::array<std::pair<UChar32, std::string_view>, 14> kLetters = {{
    {0x00E6, "{"},   // ae
    {0x00E4, "{"},   // a with diaeresis, the Swedish and German form
    {0x00F8, "|"},   // o with stroke
    {0x00F6, "|"},   // o with diaeresis
    {0x0153, "|"},   // oe
    {0x0151, "|"},   // o with double acute
    {0x00E5, "}"},   // a with ring
    {0x00FC, "y"},   // u with diaeresis
    {0x0171, "y"},   // u with double acute
    {0x00F0, "d"},   // eth
    {0x0111, "d"},   // d with stroke
    {0x00FE, "th"},  // thorn
    {0x0142, "l"},   // l with stroke
    {0x0131, "i"},   // dotless i
}};

std::string_view DanishLetter(UChar32 code_point) {
  for (const auto& [letter, key] : kLetters) {
    if (letter == code_point) return key;
  }
  return "";
}

// Collects a key from code points that are already lower case.
class KeyMaker {
 public:
  void Take(UChar32 code_point) {
    if (code_point < 0x80) {
      TakeAscii(static_cast<char>(code_point));
    } else if (const std::string_view key = DanishLetter(code_point); !key.empty()) {
      PutSpace();
      key_ += key;
    } else {
      TakeOther(code_point);
    }
  }

  std::string Finish() { return std::move(key_); }

 private:
  void TakeAscii(char c) {
    const bool upper = c >= 'A' && c <= 'Z';
    const char lower = upper ? static_cast<char>(c + ('a' - 'A')) : c;
    if ((lower < 'a' || lower > 'z') && (lower < '0' || lower > '9')) {
      space_ = true;
    } else if (lower == 'a' && !space_ && key_.ends_with('a')) {
      key_.back() = kAa;
    } else {
      PutSpace();
      key_ += lower;
    }
  }

  void TakeOther(UChar32 code_point) {
    static const icu::Normalizer2* nfc = [] {
      UErrorCode error = U_ZERO_ERROR;
      return icu::Normalizer2::getNFCInstance(error);
    }();
    icu::UnicodeString parts;
    if (nfc == nullptr || !nfc->getDecomposition(code_point, parts)) return TakeWhole(code_point);
    for (std::int32_t i = 0; i < parts.length(); i = parts.moveIndex32(i, 1)) {
      const UChar32 part = parts.char32At(i);
      part < 0x80 ? TakeAscii(static_cast<char>(part)) : TakeWhole(part);
    }
  }

  void TakeWhole(UChar32 code_point) {
    const std::int32_t digit = u_charDigitValue(code_point);
    const auto mask = U_GET_GC_MASK(code_point);
    UErrorCode error = U_ZERO_ERROR;
    if (digit >= 0) {
      TakeAscii(static_cast<char>('0' + digit));
    } else if (const std::string_view key = DanishLetter(code_point); !key.empty()) {
      PutSpace();
      key_ += key;
    } else if ((mask & U_GC_M_MASK) != 0 &&
               uscript_getScript(code_point, &error) == USCRIPT_INHERITED) {
      // An accent, or a vowel sign that is seldom written: dropped. The vowels of
      // Tamil and its like belong to their script and stay.
      return;
    } else if ((mask & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK)) != 0) {
      PutSpace();
      icu::UnicodeString(code_point).toUTF8String(key_);
    } else {
      space_ = true;
    }
  }

  void PutSpace() {
    if (space_ && !key_.empty()) key_ += ' ';
    space_ = false;
  }

  std::string key_;
  bool space_ = false;
};

// Lower case, compatible forms (full-width letters, ligatures) made plain.
std::string Lower(std::string_view name) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* fold = icu::Normalizer2::getNFKCCasefoldInstance(error);
  std::string lower;
  if (U_SUCCESS(error)) {
    icu::StringByteSink<std::string> sink(&lower);
    const icu::StringPiece piece(name.data(), static_cast<std::int32_t>(name.size()));
    fold->normalizeUTF8(0, piece, sink, nullptr, error);
  }
  return U_SUCCESS(error) ? lower : std::string(name);
}

// Reads the character at `offset` and moves `offset` behind it.
UChar32 Next(const std::string& text, std::int32_t& offset) {
  const auto length = static_cast<std::int32_t>(text.size());
  UChar32 code_point = 0;
  U8_NEXT_OR_FFFD(text.data(), offset, length, code_point);
  return code_point;
}

}  // namespace

std::string FoldName(std::string_view name) {
  KeyMaker key;
  const std::string lower = Lower(name);
  const auto length = static_cast<std::int32_t>(lower.size());
  std::int32_t offset = 0;
  while (offset < length) key.Take(Next(lower, offset));
  return key.Finish();
}

}  // namespace brobygger::model
