#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include <absl/time/civil_time.h>

namespace brobygger::graph {

// What was told of one event or series. Everything is a digest or a day.
struct Told {
  std::string external_id;   // 32 hex digits
  std::uint64_t state = 0;   // of what was told; 0: it is to be told again
  absl::CivilDay last = {};  // of its meetings
};

// How far a calendar has been told.
struct CalendarCursor {
  std::string link;  // where the next round of delta begins; "": with a full round
  // The calendar is to be listed, whatever delta says: what it told was not all used yet.
  bool due = false;
  bool begun = false;                // A listing was begun and not finished.
  absl::CivilDay listed = {};        // when one was finished last
  std::map<std::string, Told> told;  // by a digest of Graph's id, 16 hex digits
};

// Where a read goes on. Holds no address, no id of Graph's but in its own links, and no text of a
// calendar.
struct Cursor {
  static constexpr std::uint32_t kVersion = 1;

  std::string what;          // digest of what is read and how; another one makes the rest worthless
  absl::CivilDay week = {};  // the Monday from which the days are counted whose meetings are told
  std::map<std::string, CalendarCursor> calendars = {};  // by their names in the configuration
};

// JSON, always UTF-8.
std::string CursorText(const Cursor& cursor);

// An empty cursor of `what` if `text` is no cursor, or one of something else.
Cursor ParseCursor(std::string_view text, std::uint32_t version, const std::string& what);

}  // namespace brobygger::graph
