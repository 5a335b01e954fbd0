#include "plugins/calendars/ics/cursor.h"

#include <charconv>
#include <vector>

namespace brobygger::ics {
namespace {

constexpr char kAll[] = "all";
constexpr std::size_t kParts = 4;

}  // namespace

std::string Cursor::Serialize() const {
  return form + "\n" + text + "\n" + (sent ? std::to_string(*sent) : kAll) + "\n" + etag;
}

Cursor Cursor::Parse(const std::string& bytes) {
  std::vector<std::string> parts(1);
  for (const char sign : bytes) {
    if (sign == '\n') {
      parts.emplace_back();
    } else {
      parts.back() += sign;
    }
  }
  if (parts.size() != kParts) return {};
  Cursor cursor{.form = parts[0], .text = parts[1], .sent = std::nullopt, .etag = parts[3]};
  if (parts[2] == kAll) return cursor;
  std::size_t sent = 0;
  const char* end = parts[2].data() + parts[2].size();
  const auto [rest, error] = std::from_chars(parts[2].data(), end, sent);
  if (error != std::errc() || rest != end) return {};
  cursor.sent = sent;
  return cursor;
}

}  // namespace brobygger::ics
