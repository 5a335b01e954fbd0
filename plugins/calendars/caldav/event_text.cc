#include "plugins/calendars/caldav/event_text.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>
#include <vector>

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include "plugins/calendars/caldav/content_lines.h"
#include "plugins/calendars/caldav/event_time.h"

namespace brobygger::caldav {
namespace {

using Lines = std::vector<ContentLine>;

constexpr char kEvent[] = "VEVENT";
// The rules of the European Union since 1996.
constexpr const char* kTimeZone[] = {"BEGIN:VTIMEZONE",
                                     "TZID:Europe/Copenhagen",
                                     "BEGIN:DAYLIGHT",
                                     "DTSTART:19960331T020000",
                                     "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
                                     "TZNAME:CEST",
                                     "TZOFFSETFROM:+0100",
                                     "TZOFFSETTO:+0200",
                                     "END:DAYLIGHT",
                                     "BEGIN:STANDARD",
                                     "DTSTART:19961027T030000",
                                     "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
                                     "TZNAME:CET",
                                     "TZOFFSETFROM:+0200",
                                     "TZOFFSETTO:+0100",
                                     "END:STANDARD",
                                     "END:VTIMEZONE"};

// What each property is to become: a line, or gone.
using Edits = std::map<std::string, std::optional<ContentLine>>;

void SetText(const std::string& name, const std::string& text, Edits& edits) {
  edits[name] = std::nullopt;
  if (!text.empty()) edits[name] = ContentLine{absl::StrCat(name, ":", EscapeText(text))};
}

void SetTimes(const Event& event, Edits& edits) {
  edits["DTSTART"] = ContentLine{TimeLine("DTSTART", *event.start)};
  edits["DTEND"] = std::nullopt;
  edits["DURATION"] = std::nullopt;
  // A DTEND must be later than the DTSTART (RFC 5545 section 3.8.2.2).
  const EventTime end = Exclusive(*event.end);
  if (end != *event.start) edits["DTEND"] = ContentLine{TimeLine("DTEND", end)};
}

void SetStamp(absl::Time now, Edits& edits) {
  for (const char* const name : {"DTSTAMP", "LAST-MODIFIED"}) {
    edits[name] = ContentLine{absl::StrCat(name, ":", UtcText(now))};
  }
}

// What differs from `now_there`; nothing at all if nothing of ours does.
Edits EditsFor(const Event& now_there, const Event& wanted, absl::Time now) {
  Edits edits;
  if (wanted.title != now_there.title) SetText("SUMMARY", wanted.title, edits);
  if (wanted.description != now_there.description) {
    SetText("DESCRIPTION", wanted.description, edits);
  }
  if (wanted.place != now_there.place) SetText("LOCATION", wanted.place, edits);
  if (wanted.url != now_there.url) {
    // A URI is not TEXT: nothing in it is escaped.
    edits["URL"] = std::nullopt;
    if (!wanted.url.empty()) edits["URL"] = ContentLine{"URL:" + wanted.url};
  }
  const bool times_known = wanted.start && wanted.end;
  if (times_known && (wanted.start != now_there.start || wanted.end != now_there.end)) {
    SetTimes(wanted, edits);
  }
  if (wanted.cancelled != now_there.cancelled) {
    edits["STATUS"] = ContentLine{wanted.cancelled ? "STATUS:CANCELLED" : "STATUS:CONFIRMED"};
  }
  // Programs take no notice of a change with a lower number than they have seen.
  if (wanted.sequence > now_there.sequence) {
    edits["SEQUENCE"] = ContentLine{absl::StrCat("SEQUENCE:", wanted.sequence)};
  }
  if (!edits.empty()) SetStamp(now, edits);
  return edits;
}

// The event itself, not one of its changed instances.
std::optional<ComponentRange> MasterOf(const Lines& lines) {
  for (const ComponentRange& event : FindComponents(lines, kEvent)) {
    if (FindLines(lines, event, "RECURRENCE-ID").empty()) return event;
  }
  return std::nullopt;
}

void AddTimeZone(Lines& lines) {
  std::transform(std::begin(kTimeZone), std::end(kTimeZone), std::back_inserter(lines),
                 [](const char* line) { return ContentLine{line}; });
}

bool NeedsTimeZone(const Lines& lines, const Edits& edits) {
  const auto local = [](const auto& edit) {
    return edit.second && edit.second->parameter("TZID") == kLocalZone;
  };
  if (std::none_of(edits.begin(), edits.end(), local)) return false;
  const auto zones = FindComponents(lines, "VTIMEZONE");
  return std::none_of(zones.begin(), zones.end(), [&](const ComponentRange& zone) {
    const auto names = FindLines(lines, zone, "TZID");
    return !names.empty() && lines[names[0]].value() == kLocalZone;
  });
}

// Where new properties of a component go: before what is nested in it, or before its end.
std::size_t EndOfProperties(const Lines& lines, const ComponentRange& component) {
  for (std::size_t at = component.begin + 1; at < component.end; ++at) {
    if (lines[at].name() == "BEGIN") return at;
  }
  return component.end;
}

Lines Edited(const Lines& lines, const ComponentRange& master, Edits edits) {
  const std::size_t new_ones = EndOfProperties(lines, master);
  const bool zone = NeedsTimeZone(lines, edits);
  Lines out;
  bool zone_added = false;
  for (std::size_t at = 0; at < lines.size(); ++at) {
    // After the calendar's own properties.
    if (zone && !zone_added && at > 0 && lines[at].name() == "BEGIN") {
      AddTimeZone(out);
      zone_added = true;
    }
    const bool own = at > master.begin && at < new_ones;
    const auto edit = own ? edits.find(lines[at].name()) : edits.end();
    if (at == new_ones) {
      for (auto& [name, line] : edits) {
        if (line) out.push_back(*std::move(line));
      }
    }
    if (edit == edits.end()) {
      out.push_back(lines[at]);
    } else if (edit->second) {
      // A second line of the same name goes.
      out.push_back(*std::exchange(edit->second, std::nullopt));
    }
  }
  return out;
}

std::string TextIn(const Lines& lines, const ComponentRange& component, std::string_view name) {
  const auto found = FindLines(lines, component, name);
  return found.empty() ? "" : UnescapeText(lines[found[0]].value());
}

const ContentLine* LineIn(const Lines& lines, const ComponentRange& event, std::string_view name) {
  const auto found = FindLines(lines, event, name);
  return found.empty() ? nullptr : &lines[found[0]];
}

Event EventIn(const Lines& lines, const ComponentRange& master) {
  Event event;
  event.title = TextIn(lines, master, "SUMMARY");
  event.description = TextIn(lines, master, "DESCRIPTION");
  event.place = TextIn(lines, master, "LOCATION");
  if (const ContentLine* url = LineIn(lines, master, "URL")) event.url = std::string(url->value());
  event.cancelled = TextIn(lines, master, "STATUS") == "CANCELLED";
  if (!absl::SimpleAtoi(TextIn(lines, master, "SEQUENCE"), &event.sequence)) event.sequence = 0;
  ReadTimes({.start = LineIn(lines, master, "DTSTART"),
             .end = LineIn(lines, master, "DTEND"),
             .duration = LineIn(lines, master, "DURATION")},
            event);
  return event;
}

}  // namespace

std::string NewEventText(const Event& event, const std::string& uid, absl::Time now) {
  Lines lines = {{"BEGIN:VCALENDAR"}, {"VERSION:2.0"},  {"PRODID:-//Brobygger//Brobygger//DA"},
                 {"BEGIN:VEVENT"},    {"UID:" + uid},   {"TRANSP:TRANSPARENT"},
                 {"END:VEVENT"},      {"END:VCALENDAR"}};
  // One below any, so that the number is written whatever it is, and the state likewise.
  Event nothing;
  nothing.sequence = event.sequence - 1;
  nothing.cancelled = !event.cancelled;
  return Fold(Edited(lines, *MasterOf(lines), EditsFor(nothing, event, now)));
}

std::optional<StoredEvent> ReadEventText(std::string_view text) {
  const Lines lines = Unfold(text);
  const auto master = MasterOf(lines);
  if (!master) return std::nullopt;
  StoredEvent stored;
  const ContentLine* const uid = LineIn(lines, *master, "UID");
  if (uid != nullptr) stored.uid = std::string(uid->value());
  stored.event = EventIn(lines, *master);
  for (const ComponentRange& event : FindComponents(lines, kEvent)) {
    stored.invites = stored.invites || LineIn(lines, event, "ATTENDEE") != nullptr ||
                     LineIn(lines, event, "ORGANIZER") != nullptr;
  }
  return stored;
}

std::string ChangedEventText(std::string_view text, const Event& wanted, absl::Time now) {
  const Lines lines = Unfold(text);
  const auto master = MasterOf(lines);
  if (!master) return std::string(text);
  Edits edits = EditsFor(EventIn(lines, *master), wanted, now);
  if (edits.empty()) return std::string(text);
  return Fold(Edited(lines, *master, std::move(edits)));
}

}  // namespace brobygger::caldav
