#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>
#include <absl/time/civil_time.h>
#include <absl/time/time.h>

#include "plugins/calendars/common/event.h"
#include "plugins/calendars/common/prefilter.h"

namespace brobygger::calendars {

// A VTIMEZONE (RFC 5545, 3.6.5) that a calendar brings with it. Only plain yearly rules are read.
// Not thread-safe.
class FileZone {
 public:
  // From when on an offset holds.
  struct Observance {
    absl::CivilSecond start;  // In the offset before, as all its times.
    int offset_before = 0;    // Seconds east of UTC.
    int offset = 0;
    std::vector<absl::CivilSecond> dates;
    std::optional<EventRule> rule;
  };

  // Nothing if it tells no offset, or has a rule that is not plain and yearly.
  static std::optional<FileZone> Parse(const std::string& text);

  // A local time that comes twice is the first one; one that does not come is told by the offset
  // before the gap (RFC 5545, 3.3.5).
  absl::Time ToTime(absl::CivilSecond civil);

 private:
  struct Onset {
    absl::CivilSecond civil;
    int offset_before;
    int offset;
  };

  // All that may be the last onset before a time in `year`, in order.
  const std::vector<Onset>& OnsetsAround(absl::CivilYear year);
  int OffsetAt(absl::CivilSecond civil);

  std::vector<Observance> observances_;
  std::map<absl::civil_year_t, std::vector<Onset>> onsets_;  // What was asked for before.
};

// The zone that Denmark's days are told in. CLASS_CONFIG if the system has no time zone data.
absl::StatusOr<absl::TimeZone> Copenhagen();

// What the times of one text mean. A TZID is an IANA name, else a name of Windows, else the
// text's own VTIMEZONE, else Europe/Copenhagen, which is also where floating times are.
// Not thread-safe; one for each reading.
class Zones {
 public:
  // `text` must outlive it.
  Zones(const FilteredText& text, absl::TimeZone copenhagen)
      : text_(text), copenhagen_(copenhagen) {}

  // The instant of `time`, which is no date. Sets `unknown` if nothing is known of its zone.
  absl::Time ToTime(const EventTime& time, bool& unknown);

  // What the clock shows in Europe/Copenhagen.
  absl::CivilSecond Local(absl::Time instant) const;

 private:
  struct Zone {
    std::optional<absl::TimeZone> system;
    std::optional<FileZone> file;
  };
  Zone& Find(std::size_t number);

  const FilteredText& text_;
  absl::TimeZone copenhagen_;
  std::map<std::size_t, Zone> found_;
};

}  // namespace brobygger::calendars
