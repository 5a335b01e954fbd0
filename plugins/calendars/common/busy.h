#pragma once

#include <bitset>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>
#include <absl/time/civil_time.h>
#include <absl/time/time.h>

#include "brobygger/plugin/v1/record.pb.h"
#include "brobygger/plugin/v1/schema.pb.h"

#include "plugins/calendars/common/meetings.h"
#include "plugins/calendars/common/pseudonym.h"

namespace brobygger::calendars {

inline constexpr char kBusyStream[] = "busy";

// The minutes of a day that count: from 08:00 to 17:00.
inline constexpr int kBusyMinutes = 9 * 60;

// A day on which a calendar is not free.
struct BusyDay {
  absl::CivilDay date;  // In Europe/Copenhagen.
  int minutes = 0;      // 1 to kBusyMinutes.
};

// What stream `busy` tells at `now`: from today in Europe/Copenhagen to 90 days ahead. CLASS_CONFIG
// if the system has no time zone data.
absl::StatusOr<Window> BusyWindowAt(absl::Time now);

// How much of each day one calendar is not free: what overlaps, in one object or in several, counts
// once. An event takes time unless it is cancelled or TRANSP says that it does not (RFC 5545,
// 3.8.2.7); a whole day takes all of it. Belongs to one thread.
class BusyDays {
 public:
  // `pseudonyms` must outlive it.
  BusyDays(const Window& window, const Pseudonyms& pseudonyms);

  // Reads calendar text, one object or a whole feed, and adds what takes time. Tells the objects
  // that could not be read, or not as they are meant, of which no more than what is clear counts:
  // `why` is a remark of plugins/calendars/README.md or a code as of ReadMeetings. Errors and
  // bounds are those of ReadMeetings; what `budget` is too short for is an error, since those
  // days would seem free.
  absl::StatusOr<std::vector<BadObject>> Add(
      std::string_view text, std::chrono::nanoseconds budget = std::chrono::minutes(1));

  // The days that are not wholly free, in order.
  std::vector<BusyDay> Days() const;

 private:
  class Object;
  using Minutes = std::bitset<kBusyMinutes>;

  // Takes the time between, in Europe/Copenhagen; a minute that is begun is taken.
  void Take(absl::CivilSecond begin, absl::CivilSecond end);

  const Window window_;
  const Pseudonyms& pseudonyms_;
  std::vector<Minutes> days_;  // From the window's first.
};

// The record of stream `busy` that tells `day` of `calendar`.
plugin::v1::Record ToRecord(const BusyDay& day, const std::string& calendar);

// The fields of stream `busy` and its abilities: it is read as a snapshot only.
plugin::v1::StreamSchema BusySchema();

}  // namespace brobygger::calendars
