#include "plugins/calendars/caldav/cursor.h"

#include <nlohmann/json.hpp>

namespace brobygger::caldav {
namespace {

using nlohmann::json;

// No server's own is near it; what is longer is not kept, and all is told again.
constexpr std::size_t kMostTokenBytes = 4096;

}  // namespace

std::string CursorText(const Cursor& cursor) {
  json calendars = json::object();
  for (const auto& [name, at] : cursor.calendars) {
    if (at.token.empty() || at.token.size() > kMostTokenBytes) continue;
    calendars[name] = {{"token", at.token}, {"begun", at.begun}};
  }
  const json text = {
      {"what", cursor.what}, {"day", absl::FormatCivilTime(cursor.day)}, {"calendars", calendars}};
  return text.dump(-1, ' ', false, json::error_handler_t::replace);
}

Cursor ParseCursor(std::string_view text, std::uint32_t version, const std::string& what) {
  Cursor cursor{.what = what};
  if (version != Cursor::kVersion) return cursor;
  const json parsed = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!parsed.is_object()) return cursor;
  try {
    if (parsed.at("what").get<std::string>() != what) return cursor;
    absl::CivilDay day;
    if (!absl::ParseCivilTime(parsed.at("day").get<std::string>(), &day)) return cursor;
    Cursor read{.what = what, .day = day};
    for (const auto& [name, at] : parsed.at("calendars").items()) {
      read.calendars[name] = {at.at("token").get<std::string>(), at.at("begun").get<bool>()};
    }
    return read;
  } catch (const json::exception&) {
    // What is not ours is as good as none.
    return cursor;
  }
}

}  // namespace brobygger::caldav
