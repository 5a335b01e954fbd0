// event list, show, create, change and cancel.
#include "core/cli/event.h"

#include <memory>

#include <fmt/format.h>

#include "brobygger/event/v1/event_service.pb.h"

#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/department.h"
#include "core/cli/event_people.h"
#include "core/cli/paging.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using event::v1::Event;
using event::v1::GetEventResponse;
using event::v1::ListEventsResponse;

struct EventOptions {
  std::string event;
  std::string kind;
  std::string title;
  std::string start;
  std::string end;
  std::vector<std::string> hosts;
  std::string place;
  std::string description;
  std::string url;
  std::string theme;
  std::string department;
  std::string from;
  bool to_call = false;
  PageOptions page;
};

// A list tells how many are asked, too.
std::vector<Column> ListedColumns() {
  std::vector<Column> columns = EventColumns();
  columns.push_back({"people", "ASKED/ANSWERED/CAME"});
  return columns;
}

std::vector<Cell> ListedCells(const Event& event, const std::string& language) {
  std::vector<Cell> cells = EventCells(event, language);
  cells.push_back({fmt::format("{}/{}/{}", event.invited_count(), event.answered_count(),
                               event.attended_count())});
  return cells;
}

Outcome List(Session& session, const EventOptions& options) {
  event::v1::ListEventsRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_department_id(), DepartmentId(session, options.department));
  request.set_from_date(options.from);
  request.set_follow_up_open(options.to_call);
  BB_ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Make(session, "events", ListedColumns()));
  const auto add = [&](const ListEventsResponse& page) {
    for (const Event& event : page.events()) {
      writer.Add(event, ListedCells(event, session.language()));
    }
    return page.events_size();
  };
  BB_ASSIGN_OR_RETURN(auto pages,
                      (ReadPages<ListEventsResponse>(session, request, options.page, add)));
  pages.last.clear_events();
  writer.Finish(&pages.last);
  SayHowMany(session, pages.count, "event", pages.last.next_page_token());
  return 0;
}

Rows EventRows(const GetEventResponse& answer, const std::string& language) {
  const Event& event = answer.event();
  Rows rows;
  rows.columns = {{"field", "FIELD"}, {"value", "VALUE"}};
  const auto add = [&](const std::string& field, const std::string& value) {
    if (!value.empty()) rows.cells.push_back({{field}, {value}});
  };
  const auto columns = EventColumns();
  const auto cells = EventCells(event, language);
  for (size_t i = 1; i < cells.size(); ++i) add(columns[i].key, cells[i].value);
  add("description", event.description());
  add("url", event.url());
  add("theme", event.theme());
  for (const auto& publication : answer.publications()) {
    add("calendar",
        fmt::format("{}/{}: {}{}{}", publication.connection_id(), publication.calendar(),
                    EventLabel("Publication.State",
                               event::v1::Publication::State_Name(publication.state()), language),
                    publication.trouble().empty() ? "" : ": ", publication.trouble()));
  }
  for (const auto& invitation : answer.invitations()) {
    add("invited", InvitationText(invitation, language));
  }
  add("id", event.id());
  return rows;
}

Outcome Show(Session& session, const EventOptions& options) {
  BB_ASSIGN_OR_RETURN(const auto answer, FindEvent(session, options.event));
  WriteRecord(session, answer, [&] { return EventRows(answer, session.language()); });
  return 0;
}

absl::Status SetHosts(Session& session, const EventOptions& options, Event& event) {
  for (const std::string& host : options.hosts) {
    BB_ASSIGN_OR_RETURN(*event.add_host_department_ids(), DepartmentId(session, host));
  }
  return absl::OkStatus();
}

void Report(Session& session, const Event& event, const std::string& done) {
  session.Say(fmt::format("{} {}: {}, {}.", done, event.id().substr(0, 8), event.title(),
                          ShowWhen(event, session.language())));
  WriteRecord(session, event, [&] {
    return Rows{.columns = EventColumns(), .cells = {EventCells(event, session.language())}};
  });
}

Outcome Create(Session& session, const EventOptions& options) {
  event::v1::CreateEventRequest request;
  Event& event = *request.mutable_event();
  event.set_kind(ToEventKind(options.kind));
  event.set_title(options.title);
  event.set_place(options.place);
  event.set_description(options.description);
  event.set_url(options.url);
  event.set_theme(options.theme);
  BB_RETURN_IF_ERROR(SetWhen(options.start, options.end, event));
  BB_RETURN_IF_ERROR(SetHosts(session, options, event));
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<event::v1::CreateEventResponse>(request));
  Report(session, answer.event(), "Created");
  return 0;
}

// Says in `request` what is given on the command line.
absl::Status SetChanges(Session& session,
                        const EventOptions& options,
                        const Event& was,
                        event::v1::UpdateEventRequest& request) {
  Event& event = *request.mutable_event();
  auto& mask = *request.mutable_update_mask();
  const auto text = [&](const std::string& value, const char* path, std::string& into) {
    if (value.empty()) return;
    into = value == "-" ? "" : value;
    mask.add_paths(path);
  };
  text(options.title, "title", *event.mutable_title());
  text(options.place, "place", *event.mutable_place());
  text(options.description, "description", *event.mutable_description());
  text(options.url, "url", *event.mutable_url());
  text(options.theme, "theme", *event.mutable_theme());
  if (!options.kind.empty()) {
    event.set_kind(ToEventKind(options.kind));
    mask.add_paths("kind");
  }
  if (options.start.empty() && !options.end.empty()) {
    return absl::InvalidArgumentError("Give --start, too: an event is moved as a whole.");
  }
  if (!options.start.empty() && options.end.empty() && was.start_date() != was.end_date()) {
    return absl::InvalidArgumentError("It lasts several days: give --end, too.");
  }
  if (!options.start.empty()) {
    BB_RETURN_IF_ERROR(SetWhen(options.start, options.end, event));
    for (const char* const path : {"start_time", "end_time", "start_date", "end_date"}) {
      mask.add_paths(path);
    }
  }
  if (!options.hosts.empty()) {
    BB_RETURN_IF_ERROR(SetHosts(session, options, event));
    mask.add_paths("host_department_ids");
  }
  if (mask.paths().empty()) return absl::InvalidArgumentError("Say what to change; see --help.");
  return absl::OkStatus();
}

Outcome Change(Session& session, const EventOptions& options) {
  BB_ASSIGN_OR_RETURN(const auto found, FindEvent(session, options.event));
  event::v1::UpdateEventRequest request;
  request.mutable_event()->set_id(found.event().id());
  request.mutable_event()->set_etag(found.event().etag());
  BB_RETURN_IF_ERROR(SetChanges(session, options, found.event(), request));
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<event::v1::UpdateEventResponse>(request));
  Report(session, answer.event(), "Changed");
  return 0;
}

Outcome Cancel(Session& session, const EventOptions& options) {
  BB_ASSIGN_OR_RETURN(const auto found, FindEvent(session, options.event));
  BB_ASSIGN_OR_RETURN(const bool sure,
                      session.Confirm(fmt::format("Cancel \"{}\" of {}?", found.event().title(),
                                                  ShowWhen(found.event(), session.language()))));
  if (!sure) return 0;
  event::v1::CancelEventRequest request;
  request.set_event_id(found.event().id());
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<event::v1::CancelEventResponse>(request));
  Report(session, answer.event(), "Cancelled");
  return 0;
}

void AddWhatItIs(Command& command, const std::shared_ptr<EventOptions>& options) {
  command.Option("--end", options->end, {.summary = "When it ends: 15:00, or with its day"})
      .Options("--host", options->hosts, {.summary = "A department that holds it; repeatable"})
      .Option("--place", options->place, {.summary = "Where"})
      .Option("--description", options->description, {.summary = "What it is about"})
      .Option("--theme", options->theme, {.summary = "What it is about, in a few words"})
      .Option("--url", options->url, {.summary = "A page that tells more"});
}

}  // namespace

absl::StatusOr<GetEventResponse> FindEvent(Session& session, const std::string& typed) {
  event::v1::GetEventRequest request;
  request.set_event_id(typed);
  return session.Call<GetEventResponse>(request);
}

void AddEvent(const Command& root) {
  Command group = root.Add("event", "Collaboration days, network days and other events");
  const auto options = std::make_shared<EventOptions>();
  Command list = group.Add("list", "List events from today on");
  list.Option("--department", options->department, {.summary = "Only those this one holds"})
      .Option("--from", options->from, {.summary = "From this day on: 2026-01-31"})
      .Flag("--to-call", options->to_call,
            "Those after which somebody has to be called, whenever they were");
  AddPageOptions(list, options->page);
  list.Does([options](Session& session) { return List(session, *options); });

  const ValueHint which = {.summary = "As brobygger event list shows it"};
  group.Add("show", "Show an event, who is asked, and where it is published")
      .Argument("EVENT", options->event, which)
      .Does([options](Session& session) { return Show(session, *options); });

  const ValueHint kind = {
      .summary = "What kind it is", .completes = Completes::kWord, .words = EventKindWords()};
  Command create = group.Add("create", "Make an event");
  create.Argument("TITLE", options->title, {.summary = "What it is called"})
      .Required("--kind", options->kind, kind)
      .Required("--start", options->start,
                {.summary = "When it begins: 2027-03-11, or \"2027-03-11 10:00\""});
  AddWhatItIs(create, options);
  create.Does([options](Session& session) { return Create(session, *options); });

  Command change = group.Add("change", "Change an event; a \"-\" empties a text");
  change.Argument("EVENT", options->event, which)
      .Option("--title", options->title, {.summary = "What it is called"})
      .Option("--kind", options->kind, kind)
      .Option("--start", options->start, {.summary = "When it begins; give --end, too"});
  AddWhatItIs(change, options);
  change.Does([options](Session& session) { return Change(session, *options); });

  group.Add("cancel", "Cancel an event; calendars show it so")
      .Argument("EVENT", options->event, which)
      .Does([options](Session& session) { return Cancel(session, *options); });
  AddEventPeople(group);
  AddEventCalendars(group);
  AddEventSuggest(group);
}

}  // namespace brobygger::cli
