#include <absl/time/time.h>
#include <fmt/format.h>

#include "core/base/status_macros.h"
#include "core/cli/event.h"
#include "core/cli/words.h"
#include "core/model/labels.h"

namespace brobygger::cli {
namespace {

using event::v1::Event;
using event::v1::EventKind;
using event::v1::EventKind_Name;

const absl::TimeZone& Denmark() {
  static const absl::TimeZone kZone = [] {
    absl::TimeZone found;
    absl::LoadTimeZone("Europe/Copenhagen", &found);
    return found;
  }();
  return kZone;
}

bool HasClock(const std::string& text) { return text.find(':') != std::string::npos; }

absl::StatusOr<absl::Time> ToTime(const std::string& text) {
  absl::Time time;
  std::string why;
  for (const char* const format : {"%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%d-%m-%Y %H:%M"}) {
    if (absl::ParseTime(format, text, Denmark(), &time, &why)) return time;
  }
  return absl::InvalidArgumentError(
      fmt::format("'{}' is no point of time; write 2027-03-11 10:00.", text));
}

void Set(absl::Time time, google::protobuf::Timestamp& into) {
  into.set_seconds(absl::ToUnixSeconds(time));
}

std::string Local(const google::protobuf::Timestamp& time, const char* format) {
  return absl::FormatTime(format, absl::FromUnixSeconds(time.seconds()), Denmark());
}

}  // namespace

absl::Status SetWhen(const std::string& start, const std::string& end, Event& event) {
  if (!HasClock(start)) {
    if (HasClock(end)) {
      return absl::InvalidArgumentError("Give a clock time for the start, too, or for neither.");
    }
    event.set_start_date(start);
    event.set_end_date(end.empty() ? start : end);
    return absl::OkStatus();
  }
  if (end.empty()) {
    return absl::InvalidArgumentError("Say when it ends: --end 15:00, or with its day.");
  }
  const bool same_day = end.size() <= 5;
  const std::string whole = same_day ? start.substr(0, start.find_first_of(" T")) + " " + end : end;
  BB_ASSIGN_OR_RETURN(const absl::Time begins, ToTime(start));
  BB_ASSIGN_OR_RETURN(const absl::Time ends, ToTime(whole));
  Set(begins, *event.mutable_start_time());
  Set(ends, *event.mutable_end_time());
  return absl::OkStatus();
}

std::string ShowWhen(const Event& event, const std::string& language) {
  const auto day = [&](const std::string& date) { return ShowField("date", date, language); };
  if (!event.start_date().empty()) {
    const std::string first = day(event.start_date());
    return event.end_date() == event.start_date() ? first : first + " - " + day(event.end_date());
  }
  const std::string first = Local(event.start_time(), "%Y-%m-%d");
  const std::string last = Local(event.end_time(), "%Y-%m-%d");
  return fmt::format("{} {}-{}{}", day(first), Local(event.start_time(), "%H:%M"),
                     last == first ? "" : day(last) + " ", Local(event.end_time(), "%H:%M"));
}

std::vector<std::string> EventKindWords() {
  std::vector<std::string> words;
  for (int i = event::v1::EventKind_MIN + 1; i <= event::v1::EventKind_MAX; ++i) {
    std::string word = ShowEnum(EventKind_Name(static_cast<EventKind>(i)), "EVENT_KIND_");
    for (char& letter : word) letter = letter == ' ' ? '-' : letter;
    words.push_back(std::move(word));
  }
  return words;
}

EventKind ToEventKind(const std::string& word) {
  const auto words = EventKindWords();
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i] == word) return static_cast<EventKind>(i + 1);
  }
  return event::v1::EVENT_KIND_UNSPECIFIED;
}

std::string EventLabel(const std::string& enumeration,
                       const std::string& value,
                       const std::string& language) {
  return std::string(model::Label("brobygger.event.v1." + enumeration, value, language));
}

std::vector<Column> EventColumns() {
  return {{"event", "EVENT"}, {"when", "WHEN"},     {"kind", "KIND"},
          {"title", "TITLE"}, {"hosts", "HELD BY"}, {"place", "WHERE"}};
}

std::vector<Cell> EventCells(const Event& event, const std::string& language) {
  std::string title = event.title();
  if (event.has_cancel_time()) title += language == "da" ? " (aflyst)" : " (cancelled)";
  return {{event.id().substr(0, kShownIdLength)},
          {ShowWhen(event, language)},
          {EventLabel("EventKind", EventKind_Name(event.kind()), language)},
          {title},
          {fmt::format("{}", fmt::join(event.host_names(), ", "))},
          {event.place()}};
}

}  // namespace brobygger::cli
