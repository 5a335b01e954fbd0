#pragma once

#include <map>
#include <string>
#include <string_view>

#include <absl/time/civil_time.h>

namespace brobygger::caldav {

// How far a calendar has been told.
struct CalendarCursor {
  // The server's own (RFC 6578): what changed after it is not told yet. "": all is to be told.
  std::string token = {};
  // A listing was begun and not finished: what was told is no older than the token, and the rest
  // is not told.
  bool begun = false;
};

// Where a read goes on. Holds no path and no text of a calendar.
struct Cursor {
  static constexpr std::uint32_t kVersion = 1;

  std::string what;         // digest of what is read and how; another one makes the rest worthless
  absl::CivilDay day = {};  // on which all was told: the days whose meetings count move with it
  std::map<std::string, CalendarCursor> calendars = {};  // by their names in the configuration
};

// JSON, always UTF-8.
std::string CursorText(const Cursor& cursor);

// An empty cursor of `what` if `text` is no cursor, or one of something else.
Cursor ParseCursor(std::string_view text, std::uint32_t version, const std::string& what);

}  // namespace brobygger::caldav
