#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "plugins/calendars/common/meetings.h"

namespace brobygger::calendars {

// The days from the 1st of January to the 31st of December 2026.
inline const Window kYear2026 = {absl::CivilDay(2026, 1, 1), absl::CivilDay(2026, 12, 31)};

inline const Pseudonyms& Key() {
  static const Pseudonyms kKey("a key of the tests");
  return kKey;
}

// A calendar with these components, one line each, LF for CR LF.
inline std::string Calendar(const std::string& components) {
  return "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Test//EN\n" + components + "END:VCALENDAR\n";
}

// A VEVENT of these lines, which each end in LF, with UID m1@horsens.example.
inline std::string Event(const std::string& lines) {
  return "BEGIN:VEVENT\nUID:m1@horsens.example\n" + lines + "END:VEVENT\n";
}

inline Reading Read(const std::string& text, const Window& window = kYear2026) {
  absl::StatusOr<Reading> reading = ReadMeetings(text, window, Key());
  if (!reading.ok()) throw std::runtime_error(reading.status().ToString());
  return *std::move(reading);
}

// The one object in a calendar with these components; throws if there is not one.
inline MeetingObject ReadOne(const std::string& components, const Window& window = kYear2026) {
  Reading reading = Read(Calendar(components), window);
  if (reading.objects.size() != 1 || !reading.bad.empty()) {
    throw std::runtime_error(reading.bad.empty() ? "no object" : reading.bad[0].why);
  }
  return reading.objects[0];
}

// All its meetings' days in order, those that are cancelled with an "x": "2026-05-04 2026-05-11x".
inline std::string Days(const MeetingObject& object) {
  std::vector<std::string> days;
  for (const MeetingPart& part : object.parts) {
    for (const Meeting& meeting : part.meetings) {
      days.push_back(absl::FormatCivilTime(meeting.date) + (meeting.cancelled ? "x" : ""));
    }
  }
  std::sort(days.begin(), days.end());
  std::string text;
  for (const std::string& day : days) text += (text.empty() ? "" : " ") + day;
  return text;
}

// The days of the one event with these lines.
inline std::string DaysOf(const std::string& lines) { return Days(ReadOne(Event(lines))); }

// The key of a meeting of the event that Event() makes.
inline std::string KeyOf(const std::string& instance) {
  return Key().Of("meeting", "m1@horsens.example\n" + instance);
}

}  // namespace brobygger::calendars
