// event publish and withdraw; event feed create, list and revoke.
#include <memory>

#include <fmt/format.h>

#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/department.h"
#include "core/cli/event.h"
#include "core/cli/event_people.h"
#include "core/cli/output.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using event::v1::FeedKey;
using event::v1::Publication;

// Where brobygger web answers that nobody told where it is reached.
constexpr char kThisMachine[] = "http://127.0.0.1:8480";

struct CalendarOptions {
  std::string event;
  std::string calendar;
  std::string department;
  std::string key;
  std::string base_url;
};

Outcome Publish(Session& session, const CalendarOptions& options, bool withdraw) {
  const size_t slash = options.calendar.find('/');
  if (slash == std::string::npos) {
    return absl::InvalidArgumentError(
        fmt::format("'{}' is no calendar; write CONNECTION/CALENDAR, as in kalender/integration.",
                    options.calendar));
  }
  BB_ASSIGN_OR_RETURN(const auto found, FindEvent(session, options.event));
  event::v1::PublishEventRequest request;
  request.set_event_id(found.event().id());
  request.set_connection_id(options.calendar.substr(0, slash));
  request.set_calendar(options.calendar.substr(slash + 1));
  request.set_withdraw(withdraw);
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<event::v1::PublishEventResponse>(request));
  const bool done = answer.publication().state() == Publication::STATE_UNSPECIFIED;
  if (done) {
    session.Say("It does not stand in that calendar.");
  } else {
    session.Say(fmt::format("It is {} {} within seconds; brobygger event show {} tells.",
                            withdraw ? "taken out of" : "written into", options.calendar,
                            found.event().id().substr(0, 8)));
  }
  return 0;
}

Outcome CreateFeed(Session& session, const CalendarOptions& options) {
  event::v1::CreateFeedKeyRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_department_id(), DepartmentId(session, options.department));
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<event::v1::CreateFeedKeyResponse>(request));
  session.Say(
      fmt::format("Feed {} for {}. Whoever has this address can read it; it is shown this once:",
                  answer.feed_key().id().substr(0, 8), answer.feed_key().department_name()));
  const bool known = options.base_url.empty() && !answer.url().empty();
  session.Write(known ? answer.url() + "\n"
                      : fmt::format("{}/feeds/{}.ics\n",
                                    options.base_url.empty() ? kThisMachine : options.base_url,
                                    answer.secret()));
  if (!known && options.base_url.empty()) {
    session.Warn(
        "That is an address on this machine. Say --base-url, or set web.public_url in the hub's "
        "configuration, to get the one that others can reach.");
  }
  return 0;
}

std::vector<Column> FeedColumns() {
  return {{"feed", "FEED"}, {"department", "DEPARTMENT"}, {"made", "MADE"}, {"revoked", "REVOKED"}};
}

std::vector<Cell> FeedCells(const FeedKey& key, const std::string& language) {
  return {{key.id().substr(0, kShownIdLength)},
          {key.department_name()},
          {ShowTime(key.create_time(), language)},
          {ShowTime(key.revoke_time(), language)}};
}

Outcome ListFeeds(Session& session, const CalendarOptions& options) {
  event::v1::ListFeedKeysRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_department_id(), DepartmentId(session, options.department));
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<event::v1::ListFeedKeysResponse>(request));
  BB_ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Make(session, "feedKeys", FeedColumns()));
  for (const FeedKey& key : answer.feed_keys()) {
    writer.Add(key, FeedCells(key, session.language()));
  }
  writer.Finish();
  return 0;
}

Outcome RevokeFeed(Session& session, const CalendarOptions& options) {
  event::v1::RevokeFeedKeyRequest request;
  request.set_feed_key_id(options.key);
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<event::v1::RevokeFeedKeyResponse>(request));
  session.Say(
      fmt::format("The feed of {} answers nobody any more.", answer.feed_key().department_name()));
  return 0;
}

}  // namespace

void AddEventCalendars(const Command& group) {
  const auto options = std::make_shared<CalendarOptions>();
  const ValueHint which = {.summary = "As brobygger event list shows it"};
  const ValueHint calendar = {.summary = "CONNECTION/CALENDAR: kalender/integration"};
  group.Add("publish", "Put an event into a department's calendar")
      .Argument("EVENT", options->event, which)
      .Argument("CALENDAR", options->calendar, calendar)
      .Does([options](Session& session) { return Publish(session, *options, false); });
  group.Add("withdraw", "Take an event out of a department's calendar")
      .Argument("EVENT", options->event, which)
      .Argument("CALENDAR", options->calendar, calendar)
      .Does([options](Session& session) { return Publish(session, *options, true); });

  const Command feed = group.Add("feed", "Secret addresses that calendar programs subscribe to");
  feed.Add("create", "Make one for a department")
      .Argument("DEPARTMENT", options->department, {.summary = "Its name or id"})
      .Option("--base-url", options->base_url,
              {.summary = "Where brobygger web is reached; else the hub's web.public_url"})
      .Does([options](Session& session) { return CreateFeed(session, *options); });
  feed.Add("list", "List them, without their addresses")
      .Option("--department", options->department, {.summary = "Only this department's"})
      .Does([options](Session& session) { return ListFeeds(session, *options); });
  feed.Add("revoke", "Close one for good")
      .Argument("FEED", options->key, {.summary = "Its id: brobygger event feed list"})
      .Does([options](Session& session) { return RevokeFeed(session, *options); });
}

}  // namespace brobygger::cli
