#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>
#include <absl/time/civil_time.h>
#include <absl/time/time.h>

#include "brobygger/plugin/v1/record.pb.h"
#include "brobygger/plugin/v1/schema.pb.h"

#include "plugins/calendars/common/pseudonym.h"

namespace brobygger::calendars {

// One instance of a meeting: that it was or will be, and on which day.
struct Meeting {
  std::string key;      // Digest of UID and instance.
  absl::CivilDay date;  // Of its start, in Europe/Copenhagen.
  bool cancelled = false;
};

// Instances with the same people asked.
struct MeetingPart {
  std::vector<Meeting> meetings;
  std::vector<std::string> codes;      // What follows "Brobygger:" in its categories.
  std::vector<std::string> addresses;  // Digests.
  std::vector<std::string> domains;    // Digests.
};

// All that may be told of one calendar object: plugins/calendars/README.md.
struct MeetingObject {
  std::string uid_digest;  // Kind `href`, of the UID: what a feed calls it by.
  bool opted_out = false;  // `parts` is empty then.
  bool own = false;        // The hub published it: it is not told at all.
  std::vector<MeetingPart> parts;
  std::vector<std::string> remarks;
};

// The days whose instances are told, both included.
struct Window {
  absl::CivilDay first;
  absl::CivilDay last;
};

// What is told at `now`: 180 days back and 90 ahead of the day in Europe/Copenhagen. CLASS_CONFIG
// if the system has no time zone data.
absl::StatusOr<Window> WindowAt(absl::Time now);

// One object that could not be read. `why` is a stable code ("no_start", "too_large"); nothing of
// the object's text is in it.
struct BadObject {
  std::string uid_digest;  // Empty where no UID could be told.
  std::string why;
};

// What calendar text says.
struct Reading {
  std::vector<MeetingObject> objects;
  std::vector<BadObject> bad;
};

// Reads calendar text (RFC 5545): one object from CalDAV or a whole feed. One broken event is
// counted in `bad` and never stops the others. Never fails on an event's account; an error means
// that the text as a whole is no calendar (HTML, cut off, nested too deep, too large), or that the
// system has no time zone data, and then nothing may be concluded from it. Bounded: at most 1 s and
// 64 MB for one object, whatever it holds, and `budget` for all of them: those that it does not
// reach are bad, "out_of_time". 10,000 honest objects take less than a second. Thread-safe.
absl::StatusOr<Reading> ReadMeetings(std::string_view text,
                                     const Window& window,
                                     const Pseudonyms& pseudonyms,
                                     std::chrono::nanoseconds budget = std::chrono::minutes(1));

// The record of stream `meetings` that tells `object`.
plugin::v1::Record ToRecord(const MeetingObject& object,
                            std::string external_id,
                            const std::string& calendar);

// The fields of stream `meetings`; the caller adds its abilities.
plugin::v1::StreamSchema MeetingsSchema();

}  // namespace brobygger::calendars
