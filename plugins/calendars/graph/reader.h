#pragma once

#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include <absl/status/status.h>

#include "brobygger/sdk/connector.h"

#include "plugins/calendars/common/meetings.h"
#include "plugins/calendars/graph/calendar_view.h"
#include "plugins/calendars/graph/client.h"
#include "plugins/calendars/graph/config.h"
#include "plugins/calendars/graph/cursor.h"

namespace brobygger::graph {

inline constexpr char kMeetingsStream[] = "meetings";

// The days whose meetings are told in the week of `today`: from 180 days before its Monday to 90
// days after its Sunday. A delta is bound to its days, so they move once a week and not each day:
// that holds 90 whole days ahead, and what it drops is never less than 180 days old.
calendars::Window WindowIn(absl::CivilDay week);
absl::CivilDay WeekOf(absl::CivilDay today);

// What a reader works with; all must outlive it.
struct ReaderParts {
  const Config& config;
  const std::string& scope;               // told where a snapshot ends
  const std::set<std::string>& selected;  // fields; empty: all
  const calendars::Pseudonyms& pseudonyms;
  Client& client;
  sdk::Log& log;
};

// One read of stream `meetings`. Delta only rings: when it did, and once a day whatever it says,
// the calendar's window is listed whole and compared with what was told, since delta does not
// announce everything. A calendar that fails does not stop the others, unless all of Microsoft 365
// does; the read then ends with its error, and no snapshot is complete. Belongs to one thread.
class MeetingReader {
 public:
  // `today` is the day in Europe/Copenhagen.
  MeetingReader(const ReaderParts& parts, absl::CivilDay today, sdk::Sink& sink);

  absl::Status Read(const sdk::ReadRequest& request);

 private:
  absl::Status ReadAll();
  absl::StatusOr<bool> NothingChanged();
  void BeginSnapshot();
  absl::Status ReadCalendar(const std::string& name);
  absl::StatusOr<Round> NextRound(CalendarView& view, CalendarCursor& at);
  absl::StatusOr<std::vector<Group>> ListWhole(CalendarView& view, bool rows_are_expected);
  absl::Status TellAll(CalendarView& view, const std::vector<Group>& groups);
  absl::Status TellGroup(CalendarView& view, const Group& group);
  absl::Status TellObject(const Event& master, const Group& group);
  absl::Status NoMaster(const Group& group);
  absl::Status TellMissing(const std::unordered_set<std::string>& listed);
  absl::Status TellPast(Told& told);
  absl::Status TellRecord(sdk::Record record);
  absl::Status TellRemoved(const std::string& external_id);
  absl::Status Reject(const std::string& external_id, const std::string& why);
  absl::Status Save();
  absl::Status End(bool unchanged);
  CalendarView ViewOf(const std::string& name);
  std::string ReferenceTo(const std::string& graph_id) const;
  std::string ExternalId(const std::string& uid) const;
  std::uint64_t StateOf(const Group& group) const;

  const ReaderParts parts_;
  const absl::CivilDay today_;
  const absl::CivilDay week_;
  const calendars::Window window_;
  sdk::Sink& sink_;
  Cursor cursor_;
  std::string calendar_;          // that is read
  CalendarCursor* at_ = nullptr;  // of that calendar
  bool snapshot_ = false;
  bool pending_ = false;  // something could not be had, and delta will not tell it again
  std::uint64_t most_records_ = 0;
  std::uint64_t told_ = 0;
  bool enough_ = false;
  std::unordered_set<std::string> ids_;  // that are there; each is told once
};

}  // namespace brobygger::graph
