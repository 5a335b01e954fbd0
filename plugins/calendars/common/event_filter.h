#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/calendars/common/content_line.h"
#include "plugins/calendars/common/date_text.h"

namespace brobygger::calendars {

// The time zone names of a text. In what is handed on, a zone is told by its number, so that
// nothing that somebody wrote stands there.
class ZoneNames {
 public:
  std::size_t NumberOf(std::string_view name);
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
  std::map<std::string, std::size_t, std::less<>> numbers_;
};

// One VEVENT as it may be handed on.
struct FilteredEvent {
  std::string uid;        // Without escapes; empty if it has none.
  std::string text;       // BEGIN:VEVENT to END:VEVENT, CR LF.
  std::string fault;      // Why it cannot be read ("no_start"); empty if it can.
  bool odd_date = false;  // A date was mended or left out.
};

// What a text is read for. Each lets through only the properties that it needs: who was asked is
// no matter of busy days, and how long a meeting lasts is none of meetings.
enum class Purpose { kMeetings, kBusy };

// Lets through, of one VEVENT, what plugins/calendars/README.md says may be known, in a form of
// its own: dates that are dates, zones by number, of categories only `Brobygger:` ones, of
// people only their mail address and answer. All else is gone after it.
class EventFilter {
 public:
  // `zones` must outlive it.
  EventFilter(ZoneNames& zones, Purpose purpose) : zones_(zones), purpose_(purpose) {}

  // Takes one unfolded line; `cut` if there was more of it than LineReader keeps.
  void Take(std::string_view line, bool cut);

  // The event cannot be read, and why; the first reason counts.
  void Refuse(std::string_view why);

  // What was let through. Call once, last.
  FilteredEvent Finish();

 private:
  struct Rule;
  const Rule* FindRule(std::string_view name) const;

  void TakeUid(const ContentLine& line);
  void TakeStart(const ContentLine& line);
  void TakeEnd(const ContentLine& line);
  void TakeDuration(const ContentLine& line);
  void TakeTransparency(const ContentLine& line);
  void TakeInstance(const ContentLine& line);
  void TakeDates(const ContentLine& line);
  void TakeRule(const ContentLine& line);
  void TakeClass(const ContentLine& line);
  void TakeStatus(const ContentLine& line);
  void TakeSequence(const ContentLine& line);
  void TakeCategories(const ContentLine& line);
  void TakePerson(const ContentLine& line);
  void TakeAddress(const ContentLine& line, std::string_view address);
  void Emit(std::string_view head, std::string_view value);
  // ";TZID=" and the number of the zone that `date` is told in; "" if it needs none.
  std::string ZoneOf(const ContentLine& line, const DateText& date);
  // False if `value` is no PERIOD (RFC 5545, 3.3.9).
  bool EmitPeriod(const ContentLine& line, std::string_view value);
  // False if `value` begins with no date.
  bool EmitDate(const ContentLine& line, std::string_view value, std::string_view parameter);

  ZoneNames& zones_;
  const Purpose purpose_;
  FilteredEvent event_;
  std::size_t date_count_ = 0;
  bool has_start_ = false;
  bool has_end_ = false;  // By DTEND or DURATION; the first one counts.
};

}  // namespace brobygger::calendars
