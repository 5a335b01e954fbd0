#include "plugins/calendars/graph/event.h"

#include <algorithm>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/strip.h>

#include "brobygger/sdk/utf8.h"

#include "plugins/calendars/graph/answer.h"

namespace brobygger::graph {

const char* const kSelect =
    "id,type,seriesMasterId,iCalUId,start,isAllDay,isCancelled,sensitivity,categories,attendees,"
    "organizer,originalStart";

namespace {

using nlohmann::json;

constexpr char kCodePrefix[] = "brobygger:";
constexpr char kOptOut[] = "ingen";
constexpr std::size_t kMostCodeBytes = 200;
constexpr std::size_t kMostPeople = 2'000;

// A civil time as Graph writes it, "2026-05-04T12:00:00.0000000", with or without "Z".
std::optional<absl::Time> ParseUtc(std::string text) {
  if (absl::EndsWith(text, "Z")) text.pop_back();
  if (const std::size_t point = text.find('.'); point != std::string::npos) text.resize(point);
  absl::CivilSecond civil;
  if (!absl::ParseCivilTime(text, &civil)) return std::nullopt;
  return absl::FromCivil(civil, absl::UTCTimeZone());
}

std::optional<bool> FlagAt(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_boolean()) return std::nullopt;
  return found->get<bool>();
}

std::optional<Event::Person> ToPerson(const json& object) {
  if (!object.is_object() || !object.contains("emailAddress")) return std::nullopt;
  std::string address = TextAt(object["emailAddress"], "address");
  absl::StripAsciiWhitespace(&address);
  absl::AsciiStrToLower(&address);
  if (address.find('@') == std::string::npos) return std::nullopt;
  const bool has_status = object.contains("status");
  const std::string response = has_status ? TextAt(object["status"], "response") : "";
  return Event::Person{std::move(address), absl::EqualsIgnoreCase(response, "declined")};
}

void TakePeople(const json& object, Event& event) {
  const auto attendees = object.find("attendees");
  const auto organizer = object.find("organizer");
  if (attendees == object.end() && organizer == object.end()) return;
  auto& people = event.people.emplace();
  const auto take = [&](const json& one) {
    auto person = ToPerson(one);
    if (person && people.size() < kMostPeople) people.push_back(*std::move(person));
  };
  if (organizer != object.end()) take(*organizer);
  if (attendees == object.end() || !attendees->is_array()) return;
  for (const json& one : *attendees) take(one);
}

void TakeCategories(const json& object, Event& event) {
  const auto categories = object.find("categories");
  if (categories == object.end() || !categories->is_array()) return;
  auto& codes = event.codes.emplace();
  for (const json& one : *categories) {
    if (!one.is_string()) continue;
    std::string text = one.get<std::string>();
    absl::StripAsciiWhitespace(&text);
    if (!absl::StartsWithIgnoreCase(text, kCodePrefix)) continue;
    text.erase(0, sizeof(kCodePrefix) - 1);
    absl::StripAsciiWhitespace(&text);
    if (absl::EqualsIgnoreCase(text, kOptOut)) event.hidden = true;
    if (!text.empty() && text.size() <= kMostCodeBytes && sdk::IsUtf8(text)) codes.push_back(text);
  }
}

void TakeTimes(const json& object, Event& event) {
  if (const auto start = object.find("start"); start != object.end() && start->is_object()) {
    event.start = ParseUtc(TextAt(*start, "dateTime"));
    // Asked for in UTC; another zone would be another meeting's day.
    const std::string zone = TextAt(*start, "timeZone");
    const bool utc = zone.empty() || absl::EqualsIgnoreCase(zone, "UTC");
    if (!utc && !event.all_day.value_or(false)) event.start.reset();
    event.bad_date = !event.start;
  }
  const std::string original = TextAt(object, "originalStart");
  if (!original.empty()) event.original_start = ParseUtc(original);
}

}  // namespace

Event ToEvent(const json& object) {
  Event event;
  if (!object.is_object()) return event;
  event.id = TextAt(object, "id");
  event.series_id = TextAt(object, "seriesMasterId");
  event.uid = TextAt(object, "iCalUId");
  event.removed = object.contains("@removed");
  event.is_master = absl::EqualsIgnoreCase(TextAt(object, "type"), "seriesMaster");
  event.all_day = FlagAt(object, "isAllDay");
  event.cancelled = FlagAt(object, "isCancelled");
  if (const std::string told = TextAt(object, "sensitivity"); !told.empty()) {
    event.hidden = !absl::EqualsIgnoreCase(told, "normal");
  }
  TakeTimes(object, event);
  TakeCategories(object, event);
  TakePeople(object, event);
  return event;
}

}  // namespace brobygger::graph
