#include "core/model/text.h"

#include <catch2/catch.hpp>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

namespace brobygger::model {
namespace {

std::string Utf8(UChar32 code_point) {
  std::string text;
  icu::UnicodeString(code_point).toUTF8String(text);
  return text;
}

bool IsSurrogate(UChar32 code_point) { return code_point >= 0xD800 && code_point <= 0xDFFF; }

// The short ways through the text are rules of thumb about bytes; ICU knows.
TEST_CASE("every code point is a control character, or not, as Unicode says") {
  for (UChar32 code_point = 0; code_point <= 0x10FFFF; ++code_point) {
    if (IsSurrogate(code_point)) continue;
    const bool expected = u_charType(code_point) == U_CONTROL_CHAR;
    if (HasControlCharacter("a" + Utf8(code_point) + "b", false) != expected) {
      CAPTURE(code_point);
      CHECK(HasControlCharacter("a" + Utf8(code_point) + "b", false) == expected);
    }
  }
  CHECK_FALSE(HasControlCharacter("a\nb", true));
  CHECK(HasControlCharacter("a\nb", false));
  CHECK(HasControlCharacter("a\tb", true));
}

TEST_CASE("every code point is kept in normal form, and white space of any kind is one space") {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(error);
  REQUIRE(U_SUCCESS(error));
  for (UChar32 code_point = 0x20; code_point <= 0x2FFF; ++code_point) {
    const bool space = u_isUWhiteSpace(code_point) != 0;
    std::string normal;
    nfc->normalize(icu::UnicodeString("a").append(code_point).append('b'), error)
        .toUTF8String(normal);
    const std::string expected = space ? "a b" : normal;
    if (NormalLine("a" + Utf8(code_point) + "b") != expected) {
      CAPTURE(code_point);
      CHECK(NormalLine("a" + Utf8(code_point) + "b") == expected);
    }
  }
}

TEST_CASE("Danish text is tidied like any other") {
  const std::string tidy = "Foreningen samler b\xC3\xB8rn p\xC3\xA5 \xC3\x86r\xC3\xB8.";
  CHECK(NormalLine(tidy) == tidy);
  CHECK(NormalLine(" " + tidy + "  ") == tidy);
  CHECK(NormalLine("\xC3\x86r\xC3\xB8  by") == "\xC3\x86r\xC3\xB8 by");
  CHECK(NormalText("\xC3\x86r\xC3\xB8\r\nby") == "\xC3\x86r\xC3\xB8\nby");
  // A letter and the ring above it, as some systems write it.
  CHECK(NormalLine("Aa\xCC\x8A") == "A\xC3\xA5");
}

TEST_CASE("text is UTF-8 only if all of it is") {
  CHECK(IsUtf8("plain, and longer than eight bytes"));
  CHECK(IsUtf8("\xC3\x86r\xC3\xB8"));
  CHECK_FALSE(IsUtf8("eight ok\xE6"));
  CHECK_FALSE(IsUtf8("cut off at the end \xC3"));
}

}  // namespace
}  // namespace brobygger::model
