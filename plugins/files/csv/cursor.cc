#include "plugins/files/csv/cursor.h"

#include <charconv>

namespace brobygger::csv {
namespace {

constexpr std::size_t kDigestSigns = 64;

}  // namespace

std::string Cursor::Text() const {
  if (rows > 0) return digest + ":" + std::to_string(rows);
  return etag.empty() ? digest : digest + ";" + form + ";" + etag;
}

Cursor CursorOf(const sdk::ReadRequest& request) {
  const std::string& text = request.cursor();
  if (request.cursor_version() != kCursorVersion || text.size() < kDigestSigns) return {};
  Cursor cursor = {.digest = text.substr(0, kDigestSigns)};
  const std::string rest = text.substr(kDigestSigns);
  if (rest.empty()) return cursor;
  if (rest[0] == ':') {
    const char* const end = rest.data() + rest.size();
    const auto read = std::from_chars(rest.data() + 1, end, cursor.rows);
    return read.ec == std::errc() && read.ptr == end && cursor.rows > 0 ? cursor : Cursor();
  }
  const std::size_t etag = 1 + kFormSigns + 1;
  if (rest[0] != ';' || rest.size() <= etag || rest[etag - 1] != ';') return {};
  cursor.form = rest.substr(1, kFormSigns);
  cursor.etag = rest.substr(etag);
  // It becomes a header.
  if (cursor.etag.find_first_of("\r\n") != std::string::npos) return {};
  return cursor;
}

}  // namespace brobygger::csv
