#include "plugins/files/csv/encoding.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "brobygger/sdk/utf8.h"

namespace brobygger::csv {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";

// Windows-1252 from 0x80 to 0x9F; the rest is Latin-1. 0 is a hole in the table.
constexpr std::array<std::uint16_t, 32> kUpper = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char sign) { return static_cast<unsigned char>(sign) < 0x80; });
}

void AppendPoint(std::string& out, std::uint16_t point) {
  if (point >= 0x800) {
    out += static_cast<char>(0xE0 | point >> 12);
    out += static_cast<char>(0x80 | (point >> 6 & 0x3F));
  } else {
    out += static_cast<char>(0xC0 | point >> 6);
  }
  out += static_cast<char>(0x80 | (point & 0x3F));
}

std::optional<std::string> FromWindows(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 4);
  for (const char sign : text) {
    const auto byte = static_cast<unsigned char>(sign);
    if (byte < 0x80) {
      out += sign;
      continue;
    }
    const std::uint16_t point = byte < 0xA0 ? kUpper[byte - 0x80U] : byte;
    if (point == 0) return std::nullopt;
    AppendPoint(out, point);
  }
  return out;
}

}  // namespace

bool HasMark(std::string_view text) { return text.substr(0, kMark.size()) == kMark; }

std::string_view WithoutMark(std::string_view text) {
  return HasMark(text) ? text.substr(kMark.size()) : text;
}

Encoding GuessEncoding(std::string_view text) {
  return HasMark(text) || sdk::IsUtf8(text) ? Encoding::kUtf8 : Encoding::kWindows1252;
}

std::optional<std::string> ToUtf8(std::string_view text, Encoding encoding) {
  if (IsAscii(text)) return std::string(text);
  if (encoding == Encoding::kWindows1252) return FromWindows(text);
  if (!sdk::IsUtf8(text)) return std::nullopt;
  return std::string(text);
}

}  // namespace brobygger::csv
