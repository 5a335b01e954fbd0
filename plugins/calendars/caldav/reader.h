#pragma once

#include <set>
#include <string>
#include <unordered_set>

#include <absl/status/status.h>

#include "brobygger/sdk/connector.h"

#include "plugins/calendars/caldav/collection.h"
#include "plugins/calendars/caldav/config.h"
#include "plugins/calendars/caldav/cursor.h"
#include "plugins/calendars/common/meetings.h"

namespace brobygger::caldav {

inline constexpr char kMeetingsStream[] = "meetings";

// What a reader works with; all must outlive it.
struct ReaderParts {
  const Config& config;
  const std::string& scope;               // told where a snapshot ends
  const std::set<std::string>& selected;  // fields; empty: all
  const calendars::Pseudonyms& pseudonyms;
  Dav& dav;
  sdk::Log& log;
};

// One read of stream `meetings`. A calendar that fails does not stop the others, unless the whole
// server does; the read then ends with its error, and no snapshot is complete. Belongs to one
// thread.
class MeetingReader {
 public:
  // `today` is the day in Europe/Copenhagen that the window of days is counted from.
  MeetingReader(const ReaderParts& parts, absl::CivilDay today, sdk::Sink& sink);

  absl::Status Read(const sdk::ReadRequest& request);

 private:
  absl::Status ReadAll();
  absl::StatusOr<bool> NothingChanged();
  absl::Status ReadCalendar(const std::string& name);
  absl::Status ReadOne(Collection& collection, CalendarCursor& at);
  absl::Status Follow(Collection& collection, CalendarCursor& at, bool only_removed);
  absl::Status TellPage(Collection& collection, const Page& page, bool only_removed);
  absl::Status ListWhole(Collection& collection, CalendarCursor& at);
  absl::Status FetchAndTell(Collection& collection, const std::vector<std::string>& paths);
  absl::Status Tell(const Object& object);
  absl::Status TellRecord(sdk::Record record);
  absl::Status TellRemoved(const std::string& external_id);
  absl::Status Reject(const std::string& external_id, const absl::Status& why);
  absl::Status Save();
  absl::Status End(bool unchanged);
  Collection CollectionOf(const std::string& name) const;

  const ReaderParts parts_;
  const absl::CivilDay today_;
  const calendars::Window window_;
  sdk::Sink& sink_;
  Cursor cursor_;
  std::string calendar_;  // that is read
  bool snapshot_ = false;
  std::uint64_t most_records_ = 0;
  std::uint64_t told_ = 0;
  std::uint64_t looked_at_ = 0;
  bool enough_ = false;
  std::unordered_set<std::string> ids_;  // of a snapshot: each is told once
};

}  // namespace brobygger::caldav
