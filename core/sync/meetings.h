#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/plugin/v1/record.pb.h"
#include "brobygger/sync/v1/connection.pb.h"

#include "core/base/clock.h"
#include "core/contact/address_book.h"
#include "core/storage/store.h"
#include "core/supervisor/supervisor.h"
#include "core/sync/guard.h"
#include "core/sync/side_stream.h"

namespace brobygger::sync {

// The stream into which events are published.
inline constexpr char kEventStream[] = "events";

// Where the connection's meetings are. Only if it has calendars.
StreamKey MeetingStreamOf(const v1::Connection& connection);

// CONNECTION_INVALID, DEPARTMENT_NOT_FOUND: whether the calendars can be used.
absl::Status CheckMeetings(const storage::Snapshot& snapshot, const v1::Connection& connection);

// Takes from a calendar object all that may not be kept, before anything is. What is
// left: which association was met on which day, by which sign. plugins/calendars/README.md
// says what a plugin tells. Immutable; safe to share across threads.
class MeetingScreen {
 public:
  static absl::StatusOr<MeetingScreen> Make(const storage::Snapshot& snapshot,
                                            const v1::Connection& connection,
                                            std::shared_ptr<const contact::AddressBook> book);

  // FIELD_INVALID if a key is no digest or a day no day: the object is then kept aside.
  absl::Status Reduce(plugin::v1::Record& record) const;

  // Whether a reduced record says nothing of any association.
  static bool SaysNothing(const plugin::v1::Record& record);

  // Differs when the same calendars would tell of other associations.
  std::uint64_t fingerprint() const;

 private:
  struct Calendar {
    std::string department_id;
    bool category_only = true;
  };

  std::map<std::string, Calendar> calendars_;
  std::shared_ptr<const contact::AddressBook> book_;
};

// What plugins found odd about objects that tell of an association, by code. For one reading; no
// two threads at once.
class MeetingRemarks {
 public:
  // Of a record as the plugin told it, before it is reduced.
  static std::vector<std::string> Of(const plugin::v1::Record& record);
  void Add(const std::vector<std::string>& codes);
  void WriteTo(v1::MeetingCounts& counts) const;

 private:
  std::map<std::string, std::uint64_t> counts_;
};

// What a plan has to say about the meetings that wait.
struct WaitingMeetings {
  v1::MeetingCounts counts;
  std::vector<CalendarLoss> losses = {};
};

absl::StatusOr<WaitingMeetings> PlanMeetings(const SideContext& context,
                                             base::Instant now,
                                             const supervisor::CancelToken& cancel);

absl::StatusOr<v1::MeetingCounts> ApplyMeetings(const SideContext& context,
                                                bool with_gone,
                                                const supervisor::CancelToken& cancel);

// Whether there is anything to bring in.
bool AnyWaiting(const v1::MeetingCounts& counts);

}  // namespace brobygger::sync
