#include "core/cli/text_width.h"

#include <cstdint>

#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

namespace brobygger::cli {
namespace {

constexpr UChar32 kReplacement = 0xFFFD;

// Reads the character at `at` and moves `at` behind it.
UChar32 Next(const std::string& text, std::int32_t& at) {
  const auto length = static_cast<std::int32_t>(text.size());
  UChar32 character = 0;
  U8_NEXT(text.data(), at, length, character);
  return character < 0 ? kReplacement : character;
}

int WidthOf(UChar32 character) {
  switch (u_charType(character)) {
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_FORMAT_CHAR:
    case U_CONTROL_CHAR:
      return 0;
    default:
      break;
  }
  const int east_asian = u_getIntPropertyValue(character, UCHAR_EAST_ASIAN_WIDTH);
  return east_asian == U_EA_WIDE || east_asian == U_EA_FULLWIDTH ? 2 : 1;
}

// A zero-width joiner or non-joiner shapes letters (Persian, Kurdish); all other
// format characters only hide or turn text.
bool IsInvisibleTrick(UChar32 character) {
  return u_charType(character) == U_FORMAT_CHAR && character != 0x200C && character != 0x200D;
}

}  // namespace

int DisplayWidth(const std::string& text) {
  int width = 0;
  const auto length = static_cast<std::int32_t>(text.size());
  for (std::int32_t at = 0; at < length;) width += WidthOf(Next(text, at));
  return width;
}

std::string CutToWidth(const std::string& text, int width) {
  if (width <= 0) return "";
  if (DisplayWidth(text) <= width) return text;
  int used = 0;
  std::int32_t at = 0;
  std::int32_t kept = 0;
  const auto length = static_cast<std::int32_t>(text.size());
  while (at < length) {
    used += WidthOf(Next(text, at));
    if (used > width - 1) break;
    kept = at;
  }
  return text.substr(0, static_cast<size_t>(kept)) + "…";
}

std::string OneCleanLine(const std::string& text) {
  std::string clean;
  const auto length = static_cast<std::int32_t>(text.size());
  for (std::int32_t at = 0; at < length;) {
    const UChar32 character = Next(text, at);
    if (IsInvisibleTrick(character)) continue;
    const auto type = u_charType(character);
    const bool breaks =
        type == U_CONTROL_CHAR || type == U_LINE_SEPARATOR || type == U_PARAGRAPH_SEPARATOR;
    const UChar32 shown = breaks ? ' ' : character;
    icu::UnicodeString(shown).toUTF8String(clean);
  }
  return clean;
}

}  // namespace brobygger::cli
