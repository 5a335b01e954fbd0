// event suggest: days on which departments' calendars are free.
#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include <absl/strings/str_join.h>
#include <absl/time/civil_time.h>
#include <absl/time/clock.h>
#include <absl/time/time.h>
#include <fmt/format.h>

#include "brobygger/sync/v1/sync_service.pb.h"

#include "core/base/status_macros.h"
#include "core/cli/event.h"
#include "core/cli/event_people.h"
#include "core/cli/output.h"
#include "core/cli/weekdays.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

constexpr int kUsualDays = 60;
constexpr int kMostDays = 90;  // as far as calendars tell
constexpr size_t kUsualCount = 10;

struct SuggestOptions {
  std::vector<std::string> calendars;  // "kalender" or "kalender/integration"
  std::string from;
  std::uint64_t days = kUsualDays;
  std::uint64_t count = kUsualCount;
  bool weekends = false;
};

// One day, and how far the calendars are taken on it.
struct Day {
  absl::CivilDay date;
  std::uint32_t minutes = 0;
  std::vector<std::string> taken;  // calendars that are not free
};

// What the calendars say: their names, and minutes by calendar and date.
struct Calendars {
  std::set<std::string> names;
  std::map<std::pair<std::string, std::string>, std::uint32_t> busy;
};

absl::Status Ask(Session& session, const std::string& wanted, Calendars& calendars) {
  const size_t slash = wanted.find('/');
  const std::string connection = wanted.substr(0, slash);
  const std::string only = slash == std::string::npos ? "" : wanted.substr(slash + 1);
  sync::v1::ListBusyDaysRequest request;
  request.set_connection_id(connection);
  BB_ASSIGN_OR_RETURN(const auto answer, session.hub().Call<sync::v1::ListBusyDaysResponse>(
                                             request, session.patience(std::chrono::minutes(2))));
  const auto counts = [&](const std::string& name) { return only.empty() || only == name; };
  bool any = false;
  for (const std::string& name : answer.calendars()) {
    if (!counts(name)) continue;
    any = true;
    calendars.names.insert(connection + "/" + name);
  }
  if (!any) {
    return absl::NotFoundError(fmt::format("The connection {} has no calendar '{}'; it has {}.",
                                           connection, only,
                                           absl::StrJoin(answer.calendars(), ", ")));
  }
  for (const auto& day : answer.days()) {
    if (!counts(day.calendar())) continue;
    calendars.busy[{connection + "/" + day.calendar(), day.date()}] = day.busy_minutes();
  }
  return absl::OkStatus();
}

bool IsWeekend(absl::CivilDay day) {
  const absl::Weekday weekday = absl::GetWeekday(day);
  return weekday == absl::Weekday::saturday || weekday == absl::Weekday::sunday;
}

// The days asked for, the freest first, and of equally free ones the earliest.
std::vector<Day> Rank(const SuggestOptions& options, absl::CivilDay from, const Calendars& said) {
  std::vector<Day> days;
  const absl::CivilDay end = absl::ToCivilDay(absl::Now(), absl::LocalTimeZone()) + kMostDays;
  for (std::uint64_t i = 0; i < options.days && from + static_cast<int>(i) <= end; ++i) {
    Day day{.date = from + static_cast<int>(i), .taken = {}};
    if (IsWeekend(day.date) && !options.weekends) continue;
    for (const std::string& name : said.names) {
      const auto busy = said.busy.find({name, absl::FormatCivilTime(day.date)});
      if (busy == said.busy.end() || busy->second == 0) continue;
      day.minutes += busy->second;
      day.taken.push_back(name);
    }
    days.push_back(std::move(day));
  }
  std::stable_sort(days.begin(), days.end(),
                   [](const Day& left, const Day& right) { return left.minutes < right.minutes; });
  if (days.size() > options.count) days.resize(options.count);
  return days;
}

absl::StatusOr<absl::CivilDay> FirstDay(const SuggestOptions& options) {
  const absl::CivilDay tomorrow = absl::ToCivilDay(absl::Now(), absl::LocalTimeZone()) + 1;
  if (options.from.empty()) return tomorrow;
  absl::CivilDay day;
  if (!absl::ParseCivilTime(options.from, &day)) {
    return absl::InvalidArgumentError(
        fmt::format("'{}' is no day; write 2027-03-11.", options.from));
  }
  if (day > tomorrow + kMostDays) {
    return absl::InvalidArgumentError(
        fmt::format("Calendars tell {} days ahead; suggest nearer to the time.", kMostDays));
  }
  return std::max(day, tomorrow);
}

Outcome Suggest(Session& session, const SuggestOptions& options) {
  if (options.days == 0 || options.days > kMostDays) {
    return absl::InvalidArgumentError("--days must be 1-90: calendars are asked no further ahead.");
  }
  if (options.calendars.empty()) {
    return absl::InvalidArgumentError(
        "Say whose calendars: --calendar kalender, or --calendar kalender/integration.");
  }
  BB_ASSIGN_OR_RETURN(const absl::CivilDay from, FirstDay(options));
  Calendars said;
  for (const std::string& wanted : options.calendars) {
    BB_RETURN_IF_ERROR(Ask(session, wanted, said));
  }
  BB_ASSIGN_OR_RETURN(
      ListWriter writer,
      ListWriter::Make(session, "days",
                       {{"date", "DAY"}, {"weekday", "WEEKDAY"}, {"busy", "TAKEN"}, {"by", "BY"}}));
  for (const Day& day : Rank(options, from, said)) {
    const std::string date = absl::FormatCivilTime(day.date);
    sync::v1::BusyDay record;
    record.set_date(date);
    record.set_calendar(absl::StrJoin(day.taken, ", "));
    record.set_busy_minutes(day.minutes);
    writer.Add(
        record,
        {{ShowField("date", date, session.language())},
         {WeekdayText(static_cast<std::size_t>(absl::GetWeekday(day.date)), session.language())},
         {fmt::format("{}:{:02}", day.minutes / 60, day.minutes % 60)},
         {absl::StrJoin(day.taken, ", ")}});
  }
  writer.Finish();
  session.Say(fmt::format("The freest first, by what {} calendars say now of 08:00-17:00.",
                          said.names.size()));
  return 0;
}

}  // namespace

void AddEventSuggest(const Command& group) {
  const auto options = std::make_shared<SuggestOptions>();
  Command suggest = group.Add("suggest", "Suggest days on which departments' calendars are free");
  suggest
      .Options("--calendar", options->calendars,
               {.summary = "CONNECTION, or CONNECTION/CALENDAR; repeatable"})
      .Option("--from", options->from, {.summary = "From this day on; else from tomorrow"})
      .Number("--days", options->days, "How many days to look at; else 60")
      .Number("--count", options->count, "How many days to suggest; else 10")
      .Flag("--weekends", options->weekends, "Saturdays and Sundays, too")
      .Does([options](Session& session) { return Suggest(session, *options); });
}

}  // namespace brobygger::cli
