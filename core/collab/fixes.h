// What the rules of this module share; for its own files.
#pragma once

#include <string>

#include <absl/status/status.h>

#include "brobygger/registry/v1/common.pb.h"

#include "core/model/rules.h"

namespace brobygger::collab {

// A line, a text, and a text in several languages, in people's own words: in normal form, and
// without words about a single person's belief, origin or health. FIELD_INVALID.
absl::Status FixOwnLine(const model::Place& place, std::size_t least, std::string& text);
absl::Status FixOwnText(const model::Place& place, model::Length length, std::string& text);
absl::Status FixOwnLocalized(const model::Place& place,
                             std::size_t longest,
                             registry::v1::LocalizedText& localized);

// Days that begin and end something; each may be empty. FIELD_INVALID names `from_date` or
// `to_date` as they are called there.
struct DayField {
  const char* name;
  std::string& text;
};
absl::Status FixDays(const model::Place* parent, DayField from, DayField to);

// When people meet: a day, and perhaps from when to when, "17:00". FIELD_INVALID.
struct MeetingTimes {
  std::string& date;
  std::string& from_clock;
  std::string& to_clock;
};
absl::Status FixMeetingTimes(const model::Place* parent, MeetingTimes times);

// That a list which holds `size` has room for one more. FIELD_INVALID.
absl::Status CheckRoom(const char* list, int size, int most);

}  // namespace brobygger::collab
