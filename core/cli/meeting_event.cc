#include "core/cli/meeting_event.h"

#include "brobygger/event/v1/event_service.pb.h"

#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/department.h"
#include "core/cli/event.h"

namespace brobygger::cli {
namespace {

absl::Status SetTimes(const MeetingPlan& plan, event::v1::Event& event) {
  event.set_place(plan.place);
  if (plan.from_clock.empty()) return SetWhen(plan.date, "", event);
  return SetWhen(plan.date + " " + plan.from_clock, plan.to_clock, event);
}

}  // namespace

void AddMeetingOptions(Command& command, MeetingOptions& options) {
  command.Option("--end", options.end, {.summary = "When it ends: 19:00"})
      .Option("--place", options.place, {.summary = "Where"})
      .Flag("--event", options.event, "Make it an event, which calendars publish")
      .Option("--host", options.host, {.summary = "The department that holds the event"})
      .Option("--link", options.link, {.summary = "It is this event, as event list shows it"});
}

std::string IsoDay(const std::string& typed) {
  const bool danish = typed.size() == 10 && typed[2] == '-' && typed[5] == '-';
  return danish ? typed.substr(6) + "-" + typed.substr(3, 2) + "-" + typed.substr(0, 2) : typed;
}

absl::StatusOr<std::string> MeetingHost(Session& session,
                                        const MeetingOptions& options,
                                        const std::string& usual) {
  const bool open_end = options.when.find(':') != std::string::npos && options.end.empty();
  if (options.event && open_end) {
    return absl::InvalidArgumentError("Say when it ends, too: --end 19:00.");
  }
  if (!options.host.empty()) return DepartmentId(session, options.host);
  if (!options.event || !usual.empty()) return usual;
  return absl::InvalidArgumentError("Say which department holds the event: --host NAME.");
}

absl::StatusOr<std::string> LinkedEvent(Session& session, const MeetingOptions& options) {
  if (options.link.empty()) return std::string();
  event::v1::GetEventRequest request;
  request.set_event_id(options.link);
  BB_ASSIGN_OR_RETURN(const auto found, session.Call<event::v1::GetEventResponse>(request));
  return found.event().id();
}

absl::StatusOr<std::string> MakeMeetingEvent(Session& session, const MeetingPlan& plan) {
  event::v1::CreateEventRequest request;
  event::v1::Event& event = *request.mutable_event();
  event.set_kind(plan.kind);
  event.set_title(plan.title);
  event.add_host_department_ids(plan.host_department_id);
  BB_RETURN_IF_ERROR(SetTimes(plan, event));
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<event::v1::CreateEventResponse>(request));
  return answer.event().id();
}

absl::Status MoveMeetingEvent(Session& session,
                              const std::string& event_id,
                              const MeetingPlan& plan) {
  event::v1::UpdateEventRequest request;
  request.mutable_event()->set_id(event_id);
  BB_RETURN_IF_ERROR(SetTimes(plan, *request.mutable_event()));
  for (const char* const path : {"start_time", "end_time", "start_date", "end_date", "place"}) {
    request.mutable_update_mask()->add_paths(path);
  }
  request.set_request_id(base::MakeUuid());
  return session.Call<event::v1::UpdateEventResponse>(request).status();
}

absl::Status CancelMeetingEvent(Session& session, const std::string& event_id) {
  event::v1::CancelEventRequest request;
  request.set_event_id(event_id);
  request.set_request_id(base::MakeUuid());
  return session.Call<event::v1::CancelEventResponse>(request).status();
}

}  // namespace brobygger::cli
