#include "core/web/calendar_text.h"

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string_view>

#include <absl/time/civil_time.h>
#include <libical/ical.h>

#include "core/model/labels.h"

namespace brobygger::web {
namespace {

constexpr char kProductId[] = "-//Brobygger//Brobygger//DA";
constexpr int kRefreshHours = 6;
constexpr char kRefresh[] = "PT6H";

struct FreeComponent {
  void operator()(icalcomponent* component) const { icalcomponent_free(component); }
};
using Component = std::unique_ptr<icalcomponent, FreeComponent>;

struct FreeText {
  void operator()(char* text) const { std::free(text); }
};

// TEXT may hold no control characters but tabs and line ends (RFC 5545, section 3.3.11),
// and libical writes what it is given.
std::string Clean(std::string_view text) {
  std::string clean;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    const bool control = (octet < 0x20 && c != '\n' && c != '\t') || octet == 0x7f;
    if (!control) clean += c;
  }
  return clean;
}

// URL is no TEXT, so nothing in it is escaped: a line end would begin a property.
bool IsWebAddress(std::string_view url) {
  const bool web = url.starts_with("https://") || url.starts_with("http://");
  return web && std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

icaltimetype UtcTime(const google::protobuf::Timestamp& time) {
  return icaltime_from_timet_with_zone(static_cast<time_t>(time.seconds()), 0,
                                       icaltimezone_get_utc_timezone());
}

icaltimetype Date(absl::CivilDay day) {
  icaltimetype date = icaltime_null_date();
  date.year = static_cast<int>(day.year());
  date.month = day.month();
  date.day = day.day();
  return date;
}

std::optional<absl::CivilDay> ToDay(const std::string& text) {
  absl::CivilDay day;
  if (!absl::ParseCivilTime(text, &day) || day.year() < 1 || day.year() > 9998) {
    return std::nullopt;
  }
  return day;
}

// A component that is filled property by property.
class Writer {
 public:
  explicit Writer(icalcomponent_kind kind) : component_(icalcomponent_new(kind)) {}

  void Add(icalproperty* property) { icalcomponent_add_property(component_.get(), property); }

  // A TEXT property; none where there is nothing to tell.
  void AddText(icalproperty* (*make)(const char*), std::string_view text) {
    const std::string clean = Clean(text);
    if (!clean.empty()) Add(make(clean.c_str()));
  }

  // A property that no RFC has. libical escapes its value as TEXT, but for commas, since
  // it cannot know whether they part a list; readers read them alike either way.
  void AddOther(const char* name, const char* value) {
    icalproperty* property = icalproperty_new_x(value);
    icalproperty_set_x_name(property, name);
    Add(property);
  }

  void AddPart(Component part) { icalcomponent_add_component(component_.get(), part.release()); }

  Component Take() { return std::move(component_); }

 private:
  Component component_;
};

// Whether it begins on a day at all.
bool AddWholeDays(Writer& writer, const event::v1::Event& event) {
  const auto first = ToDay(event.start_date());
  if (!first.has_value()) return false;
  const absl::CivilDay last = std::max(*first, ToDay(event.end_date()).value_or(*first));
  writer.Add(icalproperty_new_dtstart(Date(*first)));
  writer.Add(icalproperty_new_dtend(Date(last + 1)));
  // Somebody who goes to a festival for three days can still be asked to a meeting.
  writer.Add(icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT));
  return true;
}

bool AddWhen(Writer& writer, const event::v1::Event& event) {
  if (!event.has_start_time()) return AddWholeDays(writer, event);
  writer.Add(icalproperty_new_dtstart(UtcTime(event.start_time())));
  if (event.end_time().seconds() > event.start_time().seconds()) {
    writer.Add(icalproperty_new_dtend(UtcTime(event.end_time())));
  }
  return true;
}

void AddWhat(Writer& writer, const event::v1::Event& event) {
  writer.AddText(icalproperty_new_summary, event.title());
  writer.AddText(icalproperty_new_description, event.description());
  writer.AddText(icalproperty_new_location, event.place());
  if (IsWebAddress(event.url())) writer.Add(icalproperty_new_url(event.url().c_str()));
  if (event.kind() != event::v1::EVENT_KIND_UNSPECIFIED) {
    writer.AddText(icalproperty_new_categories,
                   model::Label("brobygger.event.v1.EventKind",
                                event::v1::EventKind_Name(event.kind()), "da"));
  }
  writer.Add(icalproperty_new_status(event.has_cancel_time() ? ICAL_STATUS_CANCELLED
                                                             : ICAL_STATUS_CONFIRMED));
}

Component EventComponent(const event::v1::Event& event) {
  const std::string id = Clean(event.id());
  Writer writer(ICAL_VEVENT_COMPONENT);
  writer.Add(icalproperty_new_uid((id + "@brobygger").c_str()));
  writer.Add(icalproperty_new_dtstamp(UtcTime(event.update_time())));
  writer.Add(icalproperty_new_sequence(
      static_cast<int>(std::min<std::uint32_t>(event.sequence(), INT_MAX))));
  if (id.empty() || !AddWhen(writer, event)) return nullptr;
  AddWhat(writer, event);
  return writer.Take();
}

void AddHead(Writer& writer, const std::string& title) {
  writer.Add(icalproperty_new_version("2.0"));
  writer.Add(icalproperty_new_prodid(kProductId));
  writer.Add(icalproperty_new_method(ICAL_METHOD_PUBLISH));
  const std::string clean = Clean(title);
  if (!clean.empty()) {
    writer.Add(icalproperty_new_name(clean.c_str()));
    writer.AddOther("X-WR-CALNAME", clean.c_str());
  }
  icaldurationtype refresh = icaldurationtype_null_duration();
  refresh.hours = kRefreshHours;
  icalproperty* interval = icalproperty_new_refreshinterval(refresh);
  icalproperty_set_parameter(interval, icalparameter_new_value(ICAL_VALUE_DURATION));
  writer.Add(interval);
  writer.AddOther("X-PUBLISHED-TTL", kRefresh);
}

// libical 3.0 folds a line whose text fills it to the last octet between CR and LF. No text holds a
// CR of its own here, so that is the only way in which one stands before a fold.
std::string WithoutSplitEnds(std::string text) {
  constexpr std::string_view kSplit = "\r\r\n \n";
  for (std::size_t at = text.find(kSplit); at != std::string::npos; at = text.find(kSplit, at)) {
    text.replace(at, kSplit.size(), "\r\n");
  }
  return text;
}

}  // namespace

std::string CalendarText(const Calendar& calendar) {
  Writer writer(ICAL_VCALENDAR_COMPONENT);
  AddHead(writer, calendar.title);
  for (const auto& event : calendar.events) {
    if (Component part = EventComponent(event)) writer.AddPart(std::move(part));
  }
  const Component whole = writer.Take();
  const std::unique_ptr<char, FreeText> text(icalcomponent_as_ical_string_r(whole.get()));
  return text == nullptr ? std::string() : WithoutSplitEnds(text.get());
}

void WarmUpCalendars() { icaltimezone_get_utc_timezone(); }

}  // namespace brobygger::web
