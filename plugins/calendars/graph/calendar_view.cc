#include "plugins/calendars/graph/calendar_view.h"

#include <algorithm>
#include <map>
#include <utility>

#include <absl/strings/str_cat.h>

#include "plugins/calendars/graph/answer.h"
#include "plugins/common/percent.h"

namespace brobygger::graph {
namespace {

using nlohmann::json;

constexpr std::size_t kMostRows = 50'000;
constexpr std::size_t kMostPages = 10'000;

std::string PathOf(const CalendarConfig& calendar) {
  const std::string mailbox = absl::StrCat("/users/", common::UrlEncoded(calendar.mailbox));
  return calendar.calendar_id.empty()
             ? mailbox + "/calendar"
             : absl::StrCat(mailbox, "/calendars/", common::UrlEncoded(calendar.calendar_id));
}

// A day's midnight in UTC, for a URL.
std::string Midnight(absl::CivilDay day) {
  return common::UrlEncoded(absl::FormatCivilTime(day) + "T00:00:00Z");
}

// By the series' id, or an event's own.
std::vector<Group> ToGroups(std::vector<Event> events) {
  std::map<std::string, Group> groups;
  std::vector<Group> nameless;
  for (Event& event : events) {
    const bool is_series = !event.series_id.empty();
    std::string id = is_series ? event.series_id : event.id;
    Group& group = id.empty() ? nameless.emplace_back() : groups[id];
    group.id = std::move(id);
    group.is_series = is_series;
    group.instances.push_back(std::move(event));
  }
  std::vector<Group> all = std::move(nameless);
  for (auto& [id, group] : groups) {
    std::sort(group.instances.begin(), group.instances.end(),
              [](const Event& left, const Event& right) { return left.id < right.id; });
    all.push_back(std::move(group));
  }
  return all;
}

}  // namespace

CalendarView::CalendarView(Client& client,
                           const CalendarConfig& calendar,
                           const calendars::Window& window,
                           Subject subject)
    : client_(client), path_(PathOf(calendar)), window_(window), subject_(std::move(subject)) {}

// Beyond the window a row is removed, or empty but for its id. A master's start is that of its
// first instance, whether there still is one or not.
bool CalendarView::Holds(const Event& event) const {
  if (event.removed || event.is_master) return false;
  if (!event.start) return true;
  const absl::CivilDay day = DayOf(event, event.all_day.value_or(false));
  return day >= window_.first && day <= window_.last;
}

// A day more at both ends, since the days that count are those in Copenhagen.
std::string CalendarView::FirstPath(const std::string& kind, const std::string& query) const {
  return absl::StrCat(path_, kind, "?startDateTime=", Midnight(window_.first - 1),
                      "&endDateTime=", Midnight(window_.last + 2), query);
}

absl::StatusOr<Round> CalendarView::Begin() {
  return Collect(
      client_.Get(FirstPath("/calendarView/delta", absl::StrCat("&$select=", kSelect)), subject_));
}

absl::StatusOr<Round> CalendarView::Continue(const std::string& link) {
  return Collect(client_.Follow(link, subject_));
}

absl::StatusOr<Round> CalendarView::Collect(absl::StatusOr<json> page) {
  Round round;
  auto link = EachRow(std::move(page), [&](const json& row) {
    const Event event = ToEvent(row);
    round.rang = true;
    round.has_events |= event.start && Holds(event);
    for (const std::string& id : {event.id, event.series_id}) {
      if (!id.empty()) round.touched.insert(id);
    }
    return absl::OkStatus();
  });
  if (!link.ok()) return link.status();
  if (link->empty()) return Failure(Fault::kUnexpected, subject_.place, "no delta link");
  round.link = *std::move(link);
  return round;
}

absl::StatusOr<std::string> CalendarView::EachRow(absl::StatusOr<json> page, TakeRow take) {
  std::unordered_set<std::string> seen;
  std::size_t rows = 0;
  while (true) {
    if (!page.ok()) return page.status();
    const auto value = page->find("value");
    if (value == page->end() || !value->is_array()) {
      return Failure(Fault::kUnexpected, subject_.place, "no list of events");
    }
    rows += value->size();
    if (rows > kMostRows) return Failure(Fault::kTooLarge, subject_.place, "too many events");
    for (const json& row : *value) {
      if (absl::Status wrong = take(row); !wrong.ok()) return wrong;
    }
    const std::string next = TextAt(*page, "@odata.nextLink");
    if (next.empty()) return TextAt(*page, "@odata.deltaLink");
    if (!seen.insert(next).second || seen.size() > kMostPages) {
      return Failure(Fault::kStuckLink, subject_.place);
    }
    page = client_.Follow(next, subject_);
  }
}

absl::StatusOr<std::vector<Group>> CalendarView::List() {
  std::vector<Event> events;
  const std::string query = absl::StrCat("&$top=250&$select=", kSelect);
  const auto take = [&](const json& row) {
    Event event = ToEvent(row);
    if (Holds(event)) events.push_back(std::move(event));
    return absl::OkStatus();
  };
  const auto end = EachRow(client_.Get(FirstPath("/calendarView", query), subject_), take);
  if (!end.ok()) return end.status();
  return ToGroups(std::move(events));
}

absl::StatusOr<Event> CalendarView::Master(const std::string& id) {
  const auto answer = client_.Get(
      absl::StrCat(path_, "/events/", common::UrlEncoded(id), "?$select=", kSelect), subject_);
  if (!answer.ok()) return answer.status();
  return ToEvent(*answer);
}

absl::Status CalendarView::Probe() {
  return client_.Get(FirstPath("/calendarView", "&$top=1&$select=id"), subject_).status();
}

}  // namespace brobygger::graph
