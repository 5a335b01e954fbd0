#pragma once

#include <string>
#include <unordered_set>
#include <vector>

#include <absl/functional/function_ref.h>
#include <absl/status/statusor.h>

#include "plugins/calendars/common/meetings.h"
#include "plugins/calendars/graph/client.h"
#include "plugins/calendars/graph/config.h"
#include "plugins/calendars/graph/meeting_object.h"

namespace brobygger::graph {

// What a round of delta told: that something changed, and about what.
struct Round {
  std::string link;                         // where the next round begins
  std::unordered_set<std::string> touched;  // ids of events, masters and instances
  bool rang = false;                        // there was a row, whatever it says
  bool has_events = false;                  // there was one with a day in the window
};

// One calendar, within fixed days, as Graph has it. Belongs to one thread.
class CalendarView {
 public:
  // All must outlive it.
  CalendarView(Client& client,
               const CalendarConfig& calendar,
               const calendars::Window& window,
               Subject subject);

  // A full round of delta over the window, or the next one from `link`, all its pages. Its rows
  // are only a bell: what they leave out (of an instance all but its times, of a deleted instance
  // everything) is what List and Master are for. kExpiredState if Graph has forgotten `link`.
  absl::StatusOr<Round> Begin();
  absl::StatusOr<Round> Continue(const std::string& link);

  // All events whose day is in the window, grouped, by id. Those without an id or a time come too.
  absl::StatusOr<std::vector<Group>> List();

  // A series' master, which is asked for inside its calendar: by the mailbox alone Graph does not
  // find one in a calendar that was shared. kNotThere if it is not there (yet).
  absl::StatusOr<Event> Master(const std::string& id);

  // Whether it can be read; asks for one event's id.
  absl::Status Probe();

 private:
  using TakeRow = absl::FunctionRef<absl::Status(const nlohmann::json&)>;

  bool Holds(const Event& event) const;
  std::string FirstPath(const std::string& kind, const std::string& query) const;
  absl::StatusOr<Round> Collect(absl::StatusOr<nlohmann::json> page);
  absl::StatusOr<std::string> EachRow(absl::StatusOr<nlohmann::json> page, TakeRow take);

  Client& client_;
  const std::string path_;  // of the calendar
  const calendars::Window& window_;
  const Subject subject_;
};

}  // namespace brobygger::graph
