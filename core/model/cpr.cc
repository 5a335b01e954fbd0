#include <array>
#include <cstdint>

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "core/model/identifiers.h"

namespace brobygger::model {
namespace {

// A text as its CPR check sees it: digits 0-9 as themselves, and:
constexpr char kSpace = ' ';
constexpr char kDash = '-';
constexpr char kPlus = '+';
constexpr char kOther = 'x';

bool HasTenDigitBytes(std::string_view text) {
  // Each digit outside ASCII takes a byte that is not ASCII.
  int count = 0;
  for (const char c : text) {
    count += (c >= '0' && c <= '9') || (c & 0x80) != 0;
    if (count == 10) return true;
  }
  return false;
}

char ClassOf(UChar32 code_point) {
  const std::int32_t digit = u_charDigitValue(code_point);
  if (digit >= 0) return static_cast<char>('0' + digit);
  if (code_point == '+' || code_point == 0xFF0B) return kPlus;
  if (code_point == 0x2212 || u_charType(code_point) == U_DASH_PUNCTUATION) return kDash;
  return u_isUWhiteSpace(code_point) ? kSpace : kOther;
}

// Reads the character at `offset` and moves `offset` behind it; negative if there
// is none that is whole.
UChar32 Next(std::string_view text, std::int32_t& offset) {
  const auto length = static_cast<std::int32_t>(text.size());
  UChar32 code_point = 0;
  U8_NEXT(text.data(), offset, length, code_point);
  return code_point;
}

std::string Simplify(std::string_view text) {
  std::string simple;
  const auto length = static_cast<std::int32_t>(text.size());
  std::int32_t offset = 0;
  while (offset < length) {
    const UChar32 code_point = Next(text, offset);
    // Marks that nobody sees, such as a soft hyphen, do not part a number.
    if (code_point >= 0 && u_hasBinaryProperty(code_point, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) {
      continue;
    }
    simple += code_point < 0 ? kOther : ClassOf(code_point);
  }
  return simple;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool AreDigits(std::string_view text, std::size_t count) {
  if (text.size() < count) return false;
  for (std::size_t i = 0; i < count; ++i) {
    if (!IsDigit(text[i])) return false;
  }
  return true;
}

bool IsDate(std::string_view ddmmyy) {
  // The century is not known, and every fourth of its years may be a leap year.
  constexpr std::array<int, 13> kDays = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const auto two = [&](std::size_t i) { return (ddmmyy[i] - '0') * 10 + (ddmmyy[i + 1] - '0'); };
  const int day = two(0);
  const int month = two(2);
  if (month < 1 || month > 12 || day < 1) return false;
  const bool leap_day = month == 2 && day == 29 && two(4) % 4 == 0;
  return leap_day || day <= kDays[static_cast<std::size_t>(month)];
}

// How many characters stand between a date and its four digits: none, a space,
// or a dash with at most one space on either side.
std::size_t GapAt(std::string_view text) {
  std::size_t size = text.starts_with(kSpace) ? 1 : 0;
  if (text.substr(size).starts_with(kDash)) {
    ++size;
    if (text.substr(size).starts_with(kSpace)) ++size;
  }
  return size;
}

bool IsCprAt(std::string_view text, std::size_t start) {
  if (!AreDigits(text.substr(start), 6) || !IsDate(text.substr(start))) return false;
  const std::size_t serial = start + 6 + GapAt(text.substr(start + 6));
  if (!AreDigits(text.substr(serial), 4)) return false;
  const bool ends = serial + 4 == text.size() || !IsDigit(text[serial + 4]);
  if (!ends || start == 0) return ends;
  // No country code begins with 0.
  const bool telephone = text[start - 1] == kPlus && text[start] != '0';
  return !IsDigit(text[start - 1]) && !telephone;
}

}  // namespace

bool LooksLikeCpr(std::string_view text) {
  if (!HasTenDigitBytes(text)) return false;
  const std::string simple = Simplify(text);
  for (std::size_t start = 0; start + 10 <= simple.size(); ++start) {
    if (IsCprAt(simple, start)) return true;
  }
  return false;
}

}  // namespace brobygger::model
