#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "core/base/clock.h"
#include "core/contact/address_book.h"
#include "core/storage/store.h"

namespace brobygger::contact {

// One meeting with one association, as a calendar object tells it.
struct Sighting {
  std::string meeting_key;
  std::string date;  // ISO 8601
  Recognised with;
};

// All that one calendar object tells of touchpoints.
struct Sightings {
  std::string record;  // "connection/stream/external id"
  std::string department_id;
  std::vector<Sighting> meetings;
  std::vector<std::string> cancelled;  // keys of meetings that are off
  // The object may not count any more, so nothing of it stands.
  bool opted_out = false;
};

// What became of touchpoints.
struct SightingCounts {
  std::uint64_t added = 0;
  std::uint64_t removed = 0;
  std::uint64_t changed = 0;    // as to day or sign
  std::uint64_t in_review = 0;  // of those added

  bool any() const { return added + removed + changed > 0; }
};

// What See() would do.
absl::StatusOr<SightingCounts> WouldSee(const storage::Snapshot& snapshot,
                                        const Sightings& sightings,
                                        base::Instant now);

// Makes the touchpoints of this record what it tells now. What a person has said of one
// stays. A contact whose day is over goes only when the meeting was off after all, or the object
// opted out: that a calendar no longer tells of it (it tells half a year back), or that an
// association has another address or name since, does not undo that they met.
absl::StatusOr<SightingCounts> See(storage::Transaction& transaction, const Sightings& sightings);

// Of a department that decides in citizens' cases: takes away what calendars told by an address or
// a domain, from before anybody said that it does. It may be a citizen's own case. What a person
// wrote down or confirmed stays. How many are gone; AnyGuesses() is whether there are some.
absl::StatusOr<std::uint64_t> ForgetGuesses(storage::Transaction& transaction,
                                            const std::string& department_id);
absl::StatusOr<bool> AnyGuesses(const storage::Snapshot& snapshot,
                                const std::string& department_id);

// What LoseSight() would do.
absl::StatusOr<SightingCounts> WouldLoseSight(const storage::Snapshot& snapshot,
                                              const std::string& record,
                                              base::Instant now);

// The source no longer has the record. What was planned is off; what took place stays, as
// `source_gone_time` says.
absl::StatusOr<SightingCounts> LoseSight(storage::Transaction& transaction,
                                         const std::string& record);

}  // namespace brobygger::contact
