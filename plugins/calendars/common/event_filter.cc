#include "plugins/calendars/common/event_filter.h"

#include <algorithm>
#include <array>

#include "plugins/calendars/common/rule_text.h"

namespace brobygger::calendars {
namespace {

constexpr std::size_t kMaxEventBytes = std::size_t{1} << 20;
constexpr std::size_t kMaxDates = 20'000;
constexpr std::string_view kCodePrefix = "BROBYGGER:";

// Calls `take` with each part of `text` between unescaped `separator`s.
template <typename Take>
void ForEachPart(std::string_view text, char separator, Take take) {
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= text.size(); ++at) {
    if (at < text.size() && text[at] == '\\') {
      ++at;
    } else if (at == text.size() || text[at] == separator) {
      take(text.substr(begin, at - begin));
      begin = at + 1;
    }
  }
  if (begin < text.size()) take(text.substr(begin));
}

bool Says(std::string_view text, std::string_view word) {
  return ToUpper(TrimBlanks(text)) == word;
}

}  // namespace

// What happens to a property, by its name, and what it is let through for. What is not in the
// table is left out.
struct EventFilter::Rule {
  std::string_view name;
  std::size_t most_bytes;
  void (EventFilter::*take)(const ContentLine& line);
  bool for_meetings;
  bool for_busy;
};

const EventFilter::Rule* EventFilter::FindRule(std::string_view name) const {
  static constexpr std::array<Rule, 16> kRules = {{
      {"ATTENDEE", kMaxLineBytes, &EventFilter::TakePerson, true, false},
      {"CATEGORIES", kMaxListLineBytes, &EventFilter::TakeCategories, true, false},
      {"CLASS", kMaxLineBytes, &EventFilter::TakeClass, true, false},
      {"DTEND", kMaxLineBytes, &EventFilter::TakeEnd, false, true},
      {"DTSTART", kMaxLineBytes, &EventFilter::TakeStart, true, true},
      {"DURATION", kMaxLineBytes, &EventFilter::TakeDuration, false, true},
      {"EXDATE", kMaxListLineBytes, &EventFilter::TakeDates, true, true},
      {"EXRULE", kMaxLineBytes, &EventFilter::TakeRule, true, true},
      {"ORGANIZER", kMaxLineBytes, &EventFilter::TakePerson, true, false},
      {"RDATE", kMaxListLineBytes, &EventFilter::TakeDates, true, true},
      {"RECURRENCE-ID", kMaxLineBytes, &EventFilter::TakeInstance, true, true},
      {"RRULE", kMaxLineBytes, &EventFilter::TakeRule, true, true},
      {"SEQUENCE", kMaxLineBytes, &EventFilter::TakeSequence, true, true},
      {"STATUS", kMaxLineBytes, &EventFilter::TakeStatus, true, true},
      {"TRANSP", kMaxLineBytes, &EventFilter::TakeTransparency, false, true},
      {"UID", kMaxLineBytes, &EventFilter::TakeUid, true, true},
  }};
  const auto found = std::find_if(kRules.begin(), kRules.end(), [&](const Rule& rule) {
    return rule.name == name &&
           (purpose_ == Purpose::kMeetings ? rule.for_meetings : rule.for_busy);
  });
  return found == kRules.end() ? nullptr : found;
}

std::size_t ZoneNames::NumberOf(std::string_view name) {
  const auto known = numbers_.find(name);
  if (known != numbers_.end()) return known->second;
  names_.emplace_back(name);
  numbers_.emplace(names_.back(), names_.size() - 1);
  return names_.size() - 1;
}

void EventFilter::Take(std::string_view line, bool cut) {
  const std::string name = NameOf(line);
  const Rule* rule = FindRule(name);
  if (rule == nullptr) return;
  if (cut || line.size() > rule->most_bytes) return Refuse("line_too_long");
  const auto parsed = ParseContentLine(line);
  // Not even a colon: whether it was CLASS:PRIVATE cannot be told, so nothing is.
  if (!parsed) return Refuse("bad_line");
  (this->*rule->take)(*parsed);
  if (event_.text.size() > kMaxEventBytes) Refuse("too_large");
}

void EventFilter::Refuse(std::string_view why) {
  if (!event_.fault.empty()) return;
  event_.fault = why;
  event_.text.clear();
}

FilteredEvent EventFilter::Finish() {
  if (!has_start_) Refuse("no_start");
  if (event_.uid.empty()) Refuse("no_uid");
  if (event_.fault.empty()) event_.text = "BEGIN:VEVENT\r\n" + event_.text + "END:VEVENT\r\n";
  return std::move(event_);
}

void EventFilter::Emit(std::string_view head, std::string_view value) {
  if (!event_.fault.empty()) return;
  event_.text.append(head).append(":").append(value).append("\r\n");
}

std::string EventFilter::ZoneOf(const ContentLine& line, const DateText& date) {
  const std::string_view zone = line.Get("TZID");
  if (date.is_utc || zone.empty()) return "";
  return ";TZID=" + std::to_string(zones_.NumberOf(zone));
}

bool EventFilter::EmitPeriod(const ContentLine& line, std::string_view value) {
  const std::size_t slash = std::min(value.find('/'), value.size());
  const auto start = ParseDateText(value.substr(0, slash));
  if (slash == value.size() || !start || start->is_date || start->odd) return false;
  value.remove_prefix(slash + 1);
  std::optional<std::string> rest = ParseDurationText(value);
  if (const auto end = ParseDateText(value); end && !end->is_date && !end->odd) rest = end->text;
  if (!rest) return false;
  Emit(line.name + ";VALUE=PERIOD" + ZoneOf(line, *start), start->text + "/" + *rest);
  return true;
}

bool EventFilter::EmitDate(const ContentLine& line,
                           std::string_view value,
                           std::string_view parameter) {
  const auto date = ParseDateText(value);
  event_.odd_date |= !date || date->odd;
  if (!date) return false;
  const std::string form = date->is_date ? ";VALUE=DATE" : ZoneOf(line, *date);
  Emit(line.name + std::string(parameter) + form, date->text);
  return true;
}

void EventFilter::TakeUid(const ContentLine& line) {
  if (event_.uid.empty()) event_.uid = Unescape(TrimBlanks(line.value));
}

void EventFilter::TakeStart(const ContentLine& line) {
  if (has_start_) return;
  has_start_ = true;
  if (!EmitDate(line, line.value, "")) Refuse("bad_start");
}

void EventFilter::TakeEnd(const ContentLine& line) {
  if (has_end_) return;
  has_end_ = true;
  if (!EmitDate(line, line.value, "")) Refuse("bad_end");
}

void EventFilter::TakeDuration(const ContentLine& line) {
  if (has_end_) return;
  has_end_ = true;
  const auto duration = ParseDurationText(line.value);
  if (!duration) return Refuse("bad_end");
  Emit(line.name, *duration);
}

void EventFilter::TakeTransparency(const ContentLine& line) {
  if (Says(line.value, "TRANSPARENT")) Emit(line.name, "TRANSPARENT");
}

void EventFilter::TakeInstance(const ContentLine& line) {
  const bool all_later = ToUpper(line.Get("RANGE")) == "THISANDFUTURE";
  if (!EmitDate(line, line.value, all_later ? ";RANGE=THISANDFUTURE" : "")) Refuse("bad_instance");
}

void EventFilter::TakeDates(const ContentLine& line) {
  // One property for each: libical needs quadratic time for many values on one line.
  ForEachPart(line.value, ',', [&](std::string_view value) {
    if (TrimBlanks(value).empty()) return;
    if (++date_count_ > kMaxDates) return Refuse("too_many_dates");
    const bool lasts = purpose_ == Purpose::kBusy && value.find('/') != std::string_view::npos;
    if (lasts && EmitPeriod(line, value)) return;
    // Its start alone counts, and that is told.
    event_.odd_date |= lasts;
    EmitDate(line, value, "");
  });
}

void EventFilter::TakeRule(const ContentLine& line) {
  // An empty rule stays one that nobody can read: that there was one must not be passed over.
  Emit(line.name, CleanRule(line.value, event_.odd_date));
}

void EventFilter::TakeClass(const ContentLine& line) {
  // Told as one of two, since libical drops a property whose word it does not know.
  Emit(line.name, Says(line.value, "PUBLIC") ? "PUBLIC" : "PRIVATE");
}

void EventFilter::TakeStatus(const ContentLine& line) {
  if (Says(line.value, "CANCELLED")) Emit(line.name, "CANCELLED");
}

void EventFilter::TakeSequence(const ContentLine& line) {
  constexpr std::size_t kMaxDigits = 9;
  std::string digits(TrimBlanks(line.value));
  std::erase_if(digits, [](char sign) { return sign < '0' || sign > '9'; });
  if (!digits.empty()) Emit(line.name, digits.substr(0, kMaxDigits));
}

void EventFilter::TakeCategories(const ContentLine& line) {
  ForEachPart(line.value, ',', [&](std::string_view value) {
    value = TrimBlanks(value);
    if (ToUpper(value.substr(0, kCodePrefix.size())) != kCodePrefix) return;
    Emit(line.name, value);
  });
}

void EventFilter::TakePerson(const ContentLine& line) {
  TakeAddress(line, line.value);
  if (!line.Get("EMAIL").empty()) TakeAddress(line, line.Get("EMAIL"));
}

void EventFilter::TakeAddress(const ContentLine& line, std::string_view address) {
  address = TrimBlanks(address);
  const bool may_be_mail =
      address.find('@') != std::string_view::npos || address.find("%40") != std::string_view::npos;
  if (!may_be_mail) return;
  Emit(line.name + (Says(line.Get("PARTSTAT"), "DECLINED") ? ";PARTSTAT=DECLINED" : ""), address);
}

}  // namespace brobygger::calendars
