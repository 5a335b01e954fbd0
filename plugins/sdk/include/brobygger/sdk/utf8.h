#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace brobygger::sdk {

// The bytes that follow a lead byte, and the bounds of the first of them, which
// rule out over-long forms, surrogates and what lies beyond Unicode.
struct Utf8Lead {
  int followers;
  unsigned char least;
  unsigned char most;
};

constexpr Utf8Lead LeadOf(unsigned char byte) {
  if (byte >= 0xC2 && byte <= 0xDF) return {1, 0x80, 0xBF};
  if (byte == 0xE0) return {2, 0xA0, 0xBF};
  if (byte == 0xED) return {2, 0x80, 0x9F};
  if (byte >= 0xE1 && byte <= 0xEF) return {2, 0x80, 0xBF};
  if (byte == 0xF0) return {3, 0x90, 0xBF};
  if (byte >= 0xF1 && byte <= 0xF3) return {3, 0x80, 0xBF};
  if (byte == 0xF4) return {3, 0x80, 0x8F};
  return {0, 0, 0};
}

// Whether `text` is UTF-8. One text that is not would cost the whole message it is
// in: the hub cannot parse it.
inline bool IsUtf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto byte = static_cast<unsigned char>(text[at++]);
    if (byte < 0x80) continue;
    Utf8Lead lead = LeadOf(byte);
    if (lead.followers == 0) return false;
    for (; lead.followers > 0; --lead.followers, lead.least = 0x80, lead.most = 0xBF) {
      if (at >= text.size()) return false;
      const auto next = static_cast<unsigned char>(text[at++]);
      if (next < lead.least || next > lead.most) return false;
    }
  }
  return true;
}

// The first bytes of `text`, at most `most`, that end with a whole sign; "" if the
// text is no UTF-8.
inline std::string Utf8Prefix(std::string_view text, std::size_t most) {
  if (!IsUtf8(text)) return "";
  std::size_t size = text.size() < most ? text.size() : most;
  while (size > 0 && size < text.size() &&
         (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) {
    --size;
  }
  return std::string(text.substr(0, size));
}

}  // namespace brobygger::sdk
