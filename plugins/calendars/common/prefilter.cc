#include "plugins/calendars/common/prefilter.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "brobygger/sdk/error.h"

#include "plugins/calendars/common/content_line.h"
#include "plugins/calendars/common/date_text.h"
#include "plugins/calendars/common/rule_text.h"

namespace brobygger::calendars {
namespace {

using sdk::Diagnostic;

constexpr std::size_t kMaxDepth = 16;
constexpr std::size_t kMaxZones = 200;
constexpr std::size_t kMaxZoneBytes = std::size_t{64} << 10;
constexpr std::string_view kMark = "\xEF\xBB\xBF";

absl::Status NoCalendar(const std::string& code, const std::string& da, const std::string& en) {
  const bool cut = code == "cut_off";
  return sdk::MakeError({.kind = cut ? Diagnostic::CLASS_TRANSIENT : Diagnostic::CLASS_REJECTED,
                         .code = "calendars." + code,
                         .da = da,
                         .en = en});
}

// Whether `text` begins with `upper` in any case.
bool BeginsWith(std::string_view text, std::string_view upper) {
  return ToUpper(text.substr(0, upper.size())) == upper;
}

std::string_view WithoutBlanksAround(std::string_view text) {
  if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
  const std::size_t end = text.find_last_not_of(kBlanks) + 1;
  return text.substr(begin, std::max(begin, end) - begin);
}

absl::Status JudgeWhole(std::string_view text) {
  if (text.size() > kMaxTextBytes) {
    return NoCalendar(
        "too_large",
        "Kalenderen fylder over 64 MiB. Del den i flere, eller lad den begynde senere.",
        "The calendar is over 64 MiB. Split it, or let it begin later.");
  }
  if (text.starts_with('<')) {
    return NoCalendar(
        "html",
        "Der kom en webside og ikke en kalender. Adressen er forkert, eller siden kræver "
        "login: ret adressen eller adgangen.",
        "A web page came and no calendar. The address is wrong, or the page wants a "
        "login: mend the address or the access.");
  }
  if (!BeginsWith(text, "BEGIN:VCALENDAR")) {
    return NoCalendar(
        "not_a_calendar",
        "Det er ikke en kalender: teksten begynder ikke med BEGIN:VCALENDAR. Ret adressen.",
        "This is no calendar: the text does not begin with BEGIN:VCALENDAR. Mend the "
        "address.");
  }
  constexpr std::string_view kEnd = "END:VCALENDAR";
  if (text.size() < kEnd.size() || !BeginsWith(text.substr(text.size() - kEnd.size()), kEnd)) {
    return NoCalendar(
        "cut_off",
        "Kalenderen er ikke hel: den slutter ikke med END:VCALENDAR. Der prøves igen; "
        "sker det hver gang, må den rettes hos kilden.",
        "The calendar is cut off: it does not end with END:VCALENDAR. It is tried again; "
        "if it happens each time, it must be mended at the source.");
  }
  return absl::OkStatus();
}

// Lets through the lines of a VTIMEZONE that tell when which offset holds.
class ZoneFilter {
 public:
  void TakeName(const ContentLine& line) {
    if (line.name == "TZID" && name_.empty()) name_ = std::string(TrimBlanks(line.value));
  }

  void Take(const ContentLine& line) {
    static constexpr std::array<std::string_view, 2> kDates = {"DTSTART", "RDATE"};
    if (line.name == "RRULE") {
      bool odd = false;
      Emit(line.name, CleanRule(line.value, odd));
    } else if (line.name == "TZOFFSETFROM" || line.name == "TZOFFSETTO") {
      Emit(line.name, CleanOffset(line.value));
    } else if (std::find(kDates.begin(), kDates.end(), line.name) != kDates.end()) {
      TakeDates(line);
    }
  }

  void Mark(std::string_view verb, std::string_view component) { Emit(verb, component); }

  // Puts the zone with the others, if it is of any use.
  void Finish(std::map<std::string, std::string>& zones) && {
    const bool fits = text_.size() <= kMaxZoneBytes && zones.size() < kMaxZones;
    if (name_.empty() || !fits) return;
    zones.emplace(std::move(name_), "BEGIN:VTIMEZONE\r\n" + text_ + "END:VTIMEZONE\r\n");
  }

 private:
  static std::string CleanOffset(std::string_view value) {
    std::string offset(TrimBlanks(value));
    std::erase_if(
        offset, [](char sign) { return (sign < '0' || sign > '9') && sign != '+' && sign != '-'; });
    return offset;
  }

  void TakeDates(const ContentLine& line) {
    std::string_view rest = line.value;
    while (!rest.empty() && text_.size() <= kMaxZoneBytes) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      if (const auto date = ParseDateText(rest.substr(0, comma)); date && !date->is_date) {
        Emit(line.name, date->text);
      }
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }

  void Emit(std::string_view name, std::string_view value) {
    if (text_.size() > kMaxZoneBytes) return;
    text_.append(name).append(":").append(value).append("\r\n");
  }

  std::string name_;
  std::string text_;
};

// Walks through a text's components.
class Walk {
 public:
  explicit Walk(Purpose purpose) : purpose_(purpose) {}

  absl::StatusOr<FilteredText> Run(std::string_view text) {
    LineReader reader(text);
    while (reader.Next()) {
      if (absl::Status wrong = Take(reader); !wrong.ok()) return wrong;
    }
    while (!open_.empty()) CloseLast("not_closed");
    found_.zone_names = names_.names();
    return std::move(found_);
  }

 private:
  absl::Status Take(const LineReader& reader) {
    const std::string name = NameOf(reader.line());
    if (name == "BEGIN" || name == "END") {
      const auto line = ParseContentLine(reader.line());
      const std::string component = line ? ToUpper(TrimBlanks(line->value)) : "";
      if (name == "BEGIN") return Begin(component);
      End(component);
    } else if (event_ && open_.size() == 2) {
      event_->Take(reader.line(), reader.cut());
    } else if (zone_ && reader.line().size() <= kMaxLineBytes) {
      TakeZoneLine(reader.line());
    }
    return absl::OkStatus();
  }

  void TakeZoneLine(std::string_view text) {
    const auto line = ParseContentLine(text);
    if (!line) return;
    if (open_.size() == 2) zone_->TakeName(*line);
    if (InObservance()) zone_->Take(*line);
  }

  bool InObservance() const {
    return zone_ && open_.size() == 3 && (open_.back() == "STANDARD" || open_.back() == "DAYLIGHT");
  }

  absl::Status Begin(const std::string& component) {
    if (component == "VCALENDAR") {
      while (!open_.empty()) CloseLast("not_closed");
    }
    // Events do not hold each other: the one before lacks its end.
    while (component == "VEVENT" && event_) CloseLast("not_closed");
    open_.push_back(component);
    if (open_.size() > kMaxDepth) {
      return NoCalendar("too_deep",
                        "Kalenderens dele ligger for dybt i hinanden. Den må rettes hos kilden.",
                        "The calendar's components are nested too deep. It must be mended at the "
                        "source.");
    }
    if (InObservance()) zone_->Mark("BEGIN", component);
    if (open_.size() != 2 || open_[0] != "VCALENDAR") return absl::OkStatus();
    if (component == "VTIMEZONE") zone_.emplace();
    if (component == "VEVENT") event_.emplace(names_, purpose_);
    return absl::OkStatus();
  }

  void End(const std::string& component) {
    const auto found = std::find(open_.rbegin(), open_.rend(), component);
    if (found == open_.rend()) return;
    for (auto above = found - open_.rbegin(); above > 0; --above) CloseLast("not_closed");
    CloseLast("");
  }

  void CloseLast(std::string_view fault) {
    if (InObservance()) zone_->Mark("END", open_.back());
    open_.pop_back();
    if (open_.size() != 1) return;
    if (event_) {
      if (!fault.empty()) event_->Refuse(fault);
      found_.events.push_back(event_->Finish());
      event_.reset();
    }
    if (zone_) {
      std::move(*zone_).Finish(found_.zones);
      zone_.reset();
    }
  }

  const Purpose purpose_;
  std::vector<std::string> open_;  // The components around, outermost first.
  ZoneNames names_;
  std::optional<EventFilter> event_;
  std::optional<ZoneFilter> zone_;
  FilteredText found_;
};

}  // namespace

absl::StatusOr<FilteredText> Prefilter(std::string_view text, Purpose purpose) {
  text = WithoutBlanksAround(text);
  if (absl::Status wrong = JudgeWhole(text); !wrong.ok()) return wrong;
  absl::StatusOr<FilteredText> found = Walk(purpose).Run(text);
  if (found.ok() && found->events.size() > kMaxEvents) {
    return NoCalendar("too_many_events",
                      "Kalenderen har over 20.000 begivenheder. Lad den begynde senere.",
                      "The calendar has over 20,000 events. Let it begin later.");
  }
  return found;
}

}  // namespace brobygger::calendars
