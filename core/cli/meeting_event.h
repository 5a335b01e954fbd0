// A session or a meeting that is an event, too, so that calendars publish it. The hub keeps the
// event's id with the session; the event itself is made, moved and cancelled here.
#pragma once

#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <fmt/format.h>

#include "brobygger/event/v1/event.pb.h"

#include "core/base/status_macros.h"
#include "core/cli/command.h"
#include "core/cli/session.h"

namespace brobygger::cli {

// What is said on the command line of a meeting.
struct MeetingOptions {
  std::string when;  // "2027-01-12", or "2027-01-12 17:00"
  std::string end;   // "19:00"
  std::string place;
  std::string link;  // an event that there is
  std::string host;  // a department that holds the event
  bool event = false;
  bool called_off = false;
};

// --end, --place, --event, --host and --link.
void AddMeetingOptions(Command& command, MeetingOptions& options);

// What an event has of a meeting.
struct MeetingPlan {
  event::v1::EventKind kind;
  std::string title;
  std::string host_department_id;
  std::string date = {};
  std::string from_clock = {};
  std::string to_clock = {};
  std::string place = {};
};

// A day as ISO 8601 has it, also of one that is typed as people in Denmark do: "12-01-2027".
std::string IsoDay(const std::string& typed);

// Says in a session or a meeting what was typed; the rest stays as it is.
template <typename Meeting>
void SetMeeting(const MeetingOptions& options, Meeting& meeting);

// Who holds the event: --host, else `usual`. INVALID_ARGUMENT if an event is wanted and nobody is
// said to hold it.
absl::StatusOr<std::string> MeetingHost(Session& session,
                                        const MeetingOptions& options,
                                        const std::string& usual);

// The id of the event that --link means; "" without it.
absl::StatusOr<std::string> LinkedEvent(Session& session, const MeetingOptions& options);

// After a meeting was written down: makes the event that is wanted and gives its id, or takes the
// one there is along, and gives "".
template <typename Meeting>
absl::StatusOr<std::string> FollowEvent(Session& session,
                                        const MeetingOptions& options,
                                        const Meeting& before,
                                        const Meeting& now,
                                        MeetingPlan plan);

absl::StatusOr<std::string> MakeMeetingEvent(Session& session, const MeetingPlan& plan);
absl::Status MoveMeetingEvent(Session& session,
                              const std::string& event_id,
                              const MeetingPlan& plan);
absl::Status CancelMeetingEvent(Session& session, const std::string& event_id);

// Of a list the one that `typed` means: its day, or the start of its id. INVALID_ARGUMENT if none
// or several are meant; `noun` and `command` say of what, and what shows them.
template <typename Meeting>
absl::StatusOr<Meeting> PickMeeting(const std::vector<Meeting>& all,
                                    const std::string& typed,
                                    const std::string& noun,
                                    const std::string& command);

template <typename Meeting>
void SetMeeting(const MeetingOptions& options, Meeting& meeting) {
  if (!options.when.empty()) {
    const std::size_t gap = options.when.find_first_of(" T");
    meeting.set_date(IsoDay(options.when.substr(0, gap)));
    const bool clock = gap != std::string::npos;
    meeting.set_from_clock(clock ? options.when.substr(gap + 1) : "");
    meeting.clear_to_clock();
    // On a new day it is held again. Its event was cancelled, and stays so.
    if (meeting.called_off()) meeting.clear_event_id();
    meeting.set_called_off(false);
  }
  if (!options.end.empty()) meeting.set_to_clock(options.end);
  if (!options.place.empty()) meeting.set_place(options.place);
  if (options.called_off) meeting.set_called_off(true);
}

template <typename Meeting>
absl::StatusOr<std::string> FollowEvent(Session& session,
                                        const MeetingOptions& options,
                                        const Meeting& before,
                                        const Meeting& now,
                                        MeetingPlan plan) {
  plan.date = now.date();
  plan.from_clock = now.from_clock();
  plan.to_clock = now.to_clock();
  plan.place = now.place();
  if (now.event_id().empty()) {
    return options.event ? MakeMeetingEvent(session, plan) : std::string();
  }
  if (now.called_off() && !before.called_off()) {
    BB_RETURN_IF_ERROR(CancelMeetingEvent(session, now.event_id()));
    return std::string();
  }
  const bool stays = before.date() == now.date() && before.from_clock() == now.from_clock() &&
                     before.to_clock() == now.to_clock() && before.place() == now.place();
  if (stays || before.event_id() != now.event_id()) return std::string();
  BB_RETURN_IF_ERROR(MoveMeetingEvent(session, now.event_id(), plan));
  return std::string();
}

template <typename Meeting>
absl::StatusOr<Meeting> PickMeeting(const std::vector<Meeting>& all,
                                    const std::string& typed,
                                    const std::string& noun,
                                    const std::string& command) {
  constexpr std::size_t kLeastOfId = 4;
  const std::string day = IsoDay(typed);
  std::vector<const Meeting*> found;
  for (const Meeting& each : all) {
    const bool id = typed.size() >= kLeastOfId && each.id().starts_with(typed);
    if (id || each.date() == day) found.push_back(&each);
  }
  if (found.size() == 1) return *found.front();
  return absl::InvalidArgumentError(
      found.empty()
          ? fmt::format("There is no {} '{}'; {} tells which there are.", noun, typed, command)
          : fmt::format("There are {} {}s on that day; write the start of an id, as {} shows it.",
                        found.size(), noun, command));
}

}  // namespace brobygger::cli
