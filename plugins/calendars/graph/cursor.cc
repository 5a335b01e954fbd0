#include "plugins/calendars/graph/cursor.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/str_format.h>
#include <nlohmann/json.hpp>

namespace brobygger::graph {
namespace {

using nlohmann::json;

// An entry is hex of fixed width, since there may be thousands: reference, external id, state, and
// the days from 1970 to the last.
constexpr std::size_t kReferenceSigns = 16;
constexpr std::size_t kIdSigns = 32;
constexpr std::size_t kStateSigns = 16;
constexpr std::size_t kDaySigns = 6;
constexpr std::size_t kEntrySigns = kReferenceSigns + kIdSigns + kStateSigns + kDaySigns;
constexpr long kMostDays = 0xffffff;

std::string ToText(const std::map<std::string, Told>& told) {
  std::string text;
  text.reserve(told.size() * kEntrySigns);
  for (const auto& [reference, each] : told) {
    const long days = std::clamp<long>(each.last - absl::CivilDay(), 0L, kMostDays);
    text += reference + each.external_id + absl::StrFormat("%016x%06x", each.state, days);
  }
  return text;
}

std::uint64_t Number(std::string_view hex) {
  std::uint64_t number = 0;
  std::from_chars(hex.data(), hex.data() + hex.size(), number, 16);
  return number;
}

bool ReadDay(const json& text, absl::CivilDay& day) {
  return absl::ParseCivilTime(text.get<std::string>(), &day);
}

bool ReadTold(const std::string& text, std::map<std::string, Told>& told) {
  const bool sound =
      text.size() % kEntrySigns == 0 && std::all_of(text.begin(), text.end(), absl::ascii_isxdigit);
  if (!sound) return false;
  for (std::size_t at = 0; at < text.size(); at += kEntrySigns) {
    const std::string_view entry = std::string_view(text).substr(at, kEntrySigns);
    Told& each = told[std::string(entry.substr(0, kReferenceSigns))];
    each.external_id = entry.substr(kReferenceSigns, kIdSigns);
    each.state = Number(entry.substr(kReferenceSigns + kIdSigns, kStateSigns));
    const auto days = Number(entry.substr(kEntrySigns - kDaySigns));
    each.last = absl::CivilDay() + static_cast<absl::civil_diff_t>(days);
  }
  return true;
}

}  // namespace

std::string CursorText(const Cursor& cursor) {
  json calendars = json::object();
  for (const auto& [name, at] : cursor.calendars) {
    calendars[name] = {{"link", at.link},
                       {"due", at.due},
                       {"begun", at.begun},
                       {"listed", absl::FormatCivilTime(at.listed)},
                       {"told", ToText(at.told)}};
  }
  const json text = {{"what", cursor.what},
                     {"week", absl::FormatCivilTime(cursor.week)},
                     {"calendars", std::move(calendars)}};
  return text.dump(-1, ' ', false, json::error_handler_t::replace);
}

Cursor ParseCursor(std::string_view text, std::uint32_t version, const std::string& what) {
  const Cursor none{.what = what};
  if (version != Cursor::kVersion) return none;
  const json parsed = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!parsed.is_object()) return none;
  try {
    if (parsed.at("what").get<std::string>() != what) return none;
    Cursor cursor{.what = what};
    if (!ReadDay(parsed.at("week"), cursor.week)) return none;
    for (const auto& [name, at] : parsed.at("calendars").items()) {
      CalendarCursor& calendar = cursor.calendars[name];
      calendar.link = at.at("link").get<std::string>();
      calendar.due = at.at("due").get<bool>();
      calendar.begun = at.at("begun").get<bool>();
      if (!ReadDay(at.at("listed"), calendar.listed)) return none;
      if (!ReadTold(at.at("told").get<std::string>(), calendar.told)) return none;
    }
    return cursor;
  } catch (const json::exception&) {
    // What is not ours is as good as none.
    return none;
  }
}

}  // namespace brobygger::graph
