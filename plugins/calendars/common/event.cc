#include "plugins/calendars/common/event.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string_view>

#include <absl/status/status.h>

#include "brobygger/sdk/utf8.h"

#include "plugins/calendars/common/content_line.h"
#include "plugins/calendars/common/ical_values.h"

namespace brobygger::calendars {
namespace {

constexpr std::size_t kMaxRules = 4;
constexpr std::string_view kOptOut = "INGEN";

// libical's accessors give null for what it could not parse.
std::string_view TextOf(const char* text) {
  return text == nullptr ? std::string_view() : std::string_view(text);
}

int HexOf(char sign) {
  if (sign >= '0' && sign <= '9') return sign - '0';
  if (sign >= 'a' && sign <= 'f') return sign - 'a' + 10;
  if (sign >= 'A' && sign <= 'F') return sign - 'A' + 10;
  return -1;
}

std::string PercentDecoded(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool coded = text[at] == '%' && at + 2 < text.size();
    const int high = coded ? HexOf(text[at + 1]) : -1;
    const int low = coded ? HexOf(text[at + 2]) : -1;
    if (high >= 0 && low >= 0) {
      plain += static_cast<char>(high * 16 + low);
      at += 2;
    } else {
      plain += text[at];
    }
  }
  return plain;
}

// The mail address in a CAL-ADDRESS or EMAIL.
std::string AddressOf(std::string_view value) {
  constexpr std::string_view kScheme = "mailto:";
  value = TrimBlanks(value);
  const bool uri = ToLower(value.substr(0, kScheme.size())) == kScheme;
  if (uri) value.remove_prefix(kScheme.size());
  const std::string plain = uri ? PercentDecoded(value) : std::string(value);
  return ToLower(TrimBlanks(plain));
}

class Reader {
 public:
  absl::StatusOr<Event> Read(const FilteredEvent& filtered) {
    if (!filtered.fault.empty()) return absl::InvalidArgumentError(filtered.fault);
    const Component component = ParseComponent(filtered.text);
    if (!component) return absl::InvalidArgumentError("not_parsed");
    if (filtered.odd_date) event_.remarks.insert("bad_date");
    for (icalproperty* property : PropertiesOf(component.get())) Take(property);
    if (!has_start_) return absl::InvalidArgumentError("bad_start");
    return std::move(event_);
  }

 private:
  void Take(icalproperty* property) {
    switch (icalproperty_isa(property)) {
      case ICAL_DTSTART_PROPERTY:
        event_.start = ToEventTime(icalproperty_get_dtstart(property), property);
        has_start_ = true;
        break;
      case ICAL_RECURRENCEID_PROPERTY:
        TakeInstance(property);
        break;
      case ICAL_RRULE_PROPERTY:
        TakeRule(icalproperty_get_rrule(property), event_.rules);
        break;
      case ICAL_EXRULE_PROPERTY:
        TakeRule(icalproperty_get_exrule(property), event_.excluded_rules);
        break;
      case ICAL_RDATE_PROPERTY:
        event_.dates.push_back(ToEventDate(icalproperty_get_rdate(property), property));
        break;
      case ICAL_EXDATE_PROPERTY:
        event_.excluded_dates.push_back(ToEventTime(icalproperty_get_exdate(property), property));
        break;
      default:
        TakeRest(property);
    }
  }

  void TakeRest(icalproperty* property) {
    switch (icalproperty_isa(property)) {
      case ICAL_DTEND_PROPERTY:
        event_.end = ToEventTime(icalproperty_get_dtend(property), property);
        break;
      case ICAL_DURATION_PROPERTY:
        event_.duration = ToEventDuration(icalproperty_get_duration(property));
        break;
      case ICAL_TRANSP_PROPERTY:
        event_.transparent = icalproperty_get_transp(property) == ICAL_TRANSP_TRANSPARENT;
        break;
      case ICAL_STATUS_PROPERTY:
        event_.cancelled |= icalproperty_get_status(property) == ICAL_STATUS_CANCELLED;
        break;
      case ICAL_CLASS_PROPERTY:
        event_.hidden |= icalproperty_get_class(property) != ICAL_CLASS_PUBLIC;
        break;
      case ICAL_SEQUENCE_PROPERTY:
        event_.sequence = icalproperty_get_sequence(property);
        break;
      case ICAL_CATEGORIES_PROPERTY:
        TakeCode(TextOf(icalproperty_get_categories(property)));
        break;
      case ICAL_ATTENDEE_PROPERTY:
        TakePerson(property, icalproperty_get_attendee(property));
        break;
      case ICAL_ORGANIZER_PROPERTY:
        TakePerson(property, icalproperty_get_organizer(property));
        break;
      case ICAL_XLICERROR_PROPERTY:
        TakeTrouble();
        break;
      default:
        break;
    }
  }

  void TakeInstance(icalproperty* property) {
    event_.instance = ToEventTime(icalproperty_get_recurrenceid(property), property);
    const auto* range = icalproperty_get_first_parameter(property, ICAL_RANGE_PARAMETER);
    event_.and_later =
        range != nullptr && icalparameter_get_range(range) == ICAL_RANGE_THISANDFUTURE;
  }

  void TakeRule(const icalrecurrencetype& from, std::vector<EventRule>& rules) {
    absl::StatusOr<EventRule> rule = ToEventRule(from);
    if (!rule.ok()) {
      event_.remarks.emplace(rule.status().message());
    } else if (rules.size() == kMaxRules) {
      event_.remarks.insert("bad_rule");
    } else {
      rules.push_back(*std::move(rule));
    }
  }

  void TakeCode(std::string_view category) {
    const std::string code(TrimBlanks(category.substr(category.find(':') + 1)));
    if (ToUpper(code) == kOptOut) event_.hidden = true;
    // What is not UTF-8 is no code that the hub could know.
    if (!code.empty() && sdk::IsUtf8(code)) event_.codes.push_back(code);
  }

  void TakePerson(icalproperty* property, const char* address) {
    Person person{.address = AddressOf(TextOf(address)), .declined = false};
    const auto* answer = icalproperty_get_first_parameter(property, ICAL_PARTSTAT_PARAMETER);
    person.declined =
        answer != nullptr && icalparameter_get_partstat(answer) == ICAL_PARTSTAT_DECLINED;
    if (person.address.find('@') != std::string::npos) event_.people.push_back(std::move(person));
  }

  // What libical dropped was a rule, since all else has a form that it can read.
  void TakeTrouble() { event_.remarks.insert("bad_rule"); }

  Event event_;
  bool has_start_ = false;
};

}  // namespace

absl::StatusOr<Event> ParseEvent(const FilteredEvent& filtered) { return Reader().Read(filtered); }

}  // namespace brobygger::calendars
