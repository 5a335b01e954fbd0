#include "plugins/calendars/caldav/event_fields.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <google/protobuf/util/message_differencer.h>

#include "brobygger/sdk/error.h"
#include "brobygger/sdk/utf8.h"

#include "plugins/calendars/caldav/config.h"

namespace brobygger::caldav {
namespace {

using plugin::v1::FieldSchema;
using plugin::v1::Value;

constexpr std::int64_t kMostSequence = 1'000'000'000;
constexpr int kFirstYear = 1900;
constexpr int kLastYear = 2200;

struct TextField {
  const char* name;
  const char* title;  // in Danish
  std::string Event::*member;
  std::uint32_t most;  // in signs
  bool required;
};

constexpr TextField kTexts[] = {{"title", "titel", &Event::title, 500, true},
                                {"description", "beskrivelse", &Event::description, 8000, false},
                                {"place", "sted", &Event::place, 500, false},
                                {"url", "netadresse", &Event::url, 2000, false}};

absl::Status Reject(const std::string& field, const std::string& da, const std::string& en) {
  return sdk::MakeError(
      {.kind = sdk::Diagnostic::CLASS_REJECTED,
       .code = "calendars.caldav.bad_event",
       .da = absl::StrCat("Begivenheden er ikke skrevet. Ret '", field, "': ", da, "."),
       .en = absl::StrCat("The event was not written. Mend '", field, "': ", en, "."),
       .path = field});
}

std::size_t SignsIn(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char sign) {
    return (static_cast<unsigned char>(sign) & 0xC0) != 0x80;
  }));
}

// Of control characters a TEXT can hold the tab, and the line feed as "\n".
bool HasControls(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](char sign) {
    const auto byte = static_cast<unsigned char>(sign);
    return (byte < 0x20 && sign != '\t' && sign != '\n') || byte == 0x7f;
  });
}

absl::Status SetText(const TextField& field, const Value& value, Event& event) {
  if (value.has_empty() && !field.required) {
    (event.*field.member).clear();
    return absl::OkStatus();
  }
  if (value.kind_case() != Value::kText || (field.required && value.text().empty())) {
    return Reject(field.name, "det skal være tekst", "it must be text");
  }
  if (SignsIn(value.text()) > field.most) {
    return Reject(field.name, absl::StrCat("højst ", field.most, " tegn"),
                  absl::StrCat("at most ", field.most, " signs"));
  }
  if (HasControls(value.text())) {
    return Reject(field.name, "den har styretegn i sig", "it has control characters in it");
  }
  if (field.member == &Event::url && !value.text().empty() && !ParseUrl(value.text())) {
    return Reject(field.name, "brug en adresse, der begynder med https://",
                  "use an address that begins with https://");
  }
  event.*field.member = value.text();
  return absl::OkStatus();
}

std::optional<EventTime> TimeOf(const Value& value) {
  if (value.kind_case() == Value::kInstant) {
    const absl::Time time = absl::FromUnixSeconds(value.instant().seconds());
    const auto year = absl::ToCivilYear(time, absl::UTCTimeZone()).year();
    // A part of a second has no place in iCalendar, and would be another time when read.
    if (value.instant().nanos() != 0 || year < kFirstYear || year > kLastYear) return std::nullopt;
    return time;
  }
  absl::CivilDay day;
  if (value.kind_case() != Value::kDate || value.date().size() != std::size("2026-11-23") - 1 ||
      !absl::ParseCivilTime(value.date(), &day) || day.year() < kFirstYear ||
      day.year() > kLastYear) {
    return std::nullopt;
  }
  return day;
}

absl::Status SetTime(const std::string& field,
                     const FieldMap& set,
                     std::optional<EventTime>& time) {
  const auto value = set.find(field);
  if (value == set.end()) return absl::OkStatus();
  time = TimeOf(value->second);
  if (time) return absl::OkStatus();
  return Reject(field, "brug et tidspunkt på hele sekunder eller en dato, fra 1900 til 2200",
                "use a point in time in whole seconds or a date, from 1900 to 2200");
}

absl::Status SetOthers(const FieldMap& set, Event& event) {
  if (const auto sequence = set.find("sequence"); sequence != set.end()) {
    const std::int64_t number = sequence->second.number();
    if (sequence->second.kind_case() != Value::kNumber || number < 0 || number > kMostSequence) {
      return Reject("sequence", "brug et helt tal fra 0", "use a whole number from 0");
    }
    event.sequence = number;
  }
  if (const auto cancelled = set.find("cancelled"); cancelled != set.end()) {
    if (cancelled->second.kind_case() != Value::kFlag) {
      return Reject("cancelled", "brug sandt eller falsk", "use true or false");
    }
    event.cancelled = cancelled->second.flag();
  }
  return absl::OkStatus();
}

absl::Status SoundTimes(const Event& event, bool times_told) {
  // Times that cannot be read stay as they are, unless one of them is to change.
  if (!event.start && !event.end && !times_told) return absl::OkStatus();
  if (!event.start) return Reject("start", "den mangler", "it is missing");
  if (!event.end) return Reject("end", "den mangler", "it is missing");
  if (event.start->index() != event.end->index()) {
    return Reject("end", "start og slut er begge tidspunkter eller begge datoer",
                  "start and end are both points in time or both dates");
  }
  if (*event.end < *event.start) {
    return Reject("end", "den ligger før start", "it is before start");
  }
  return absl::OkStatus();
}

Value TextValue(const std::string& text) {
  Value value;
  if (text.empty()) {
    value.mutable_empty();
  } else {
    value.set_text(text);
  }
  return value;
}

Value TimeValue(const EventTime& time) {
  Value value;
  if (const auto* const day = std::get_if<absl::CivilDay>(&time)) {
    value.set_date(absl::FormatCivilTime(*day));
  } else {
    value.mutable_instant()->set_seconds(absl::ToUnixSeconds(std::get<absl::Time>(time)));
  }
  return value;
}

FieldSchema Field(const std::string& name, FieldSchema::Type type, const std::string& danish) {
  FieldSchema field;
  field.set_name(name);
  field.set_type(type);
  field.set_readable(true);
  field.set_writable(true);
  (*field.mutable_title())["da"] = danish;
  return field;
}

}  // namespace

plugin::v1::StreamSchema EventsSchema() {
  plugin::v1::StreamSchema schema;
  schema.set_name(kEventsStream);
  schema.set_schema_version(1);
  plugin::v1::Abilities& abilities = *schema.mutable_abilities();
  abilities.set_by_ids(true);
  abilities.set_create(true);
  abilities.set_update(true);
  abilities.set_partial_update(true);
  abilities.set_remove(true);
  abilities.set_dry_run(true);
  abilities.set_etag(true);
  abilities.set_stores_foreign_id(true);
  abilities.set_read_back(true);
  FieldSchema calendar = Field("calendar", FieldSchema::TYPE_TEXT, "kalender");
  calendar.set_required(true);
  calendar.set_write_once(true);
  calendar.set_max_length(kMostNameBytes);
  *schema.add_fields() = std::move(calendar);
  for (const TextField& text : kTexts) {
    FieldSchema field = Field(text.name, FieldSchema::TYPE_TEXT, text.title);
    field.set_max_length(text.most);
    field.set_required(text.required);
    *schema.add_fields() = std::move(field);
  }
  for (const auto& [name, title] : {std::pair("start", "start"), std::pair("end", "slut")}) {
    FieldSchema field = Field(name, FieldSchema::TYPE_INSTANT, title);
    field.set_required(true);
    *schema.add_fields() = std::move(field);
  }
  FieldSchema sequence = Field("sequence", FieldSchema::TYPE_INT, "udgave");
  // It never goes down.
  sequence.set_lossy(true);
  sequence.set_required(true);
  *schema.add_fields() = std::move(sequence);
  FieldSchema cancelled = Field("cancelled", FieldSchema::TYPE_BOOL, "aflyst");
  cancelled.set_required(true);
  *schema.add_fields() = std::move(cancelled);
  return schema;
}

absl::StatusOr<Event> WithFields(Event event, const FieldMap& set) {
  for (const TextField& field : kTexts) {
    const auto value = set.find(field.name);
    if (value == set.end()) continue;
    if (absl::Status wrong = SetText(field, value->second, event); !wrong.ok()) return wrong;
  }
  if (event.title.empty()) return Reject("title", "den mangler", "it is missing");
  if (absl::Status wrong = SetTime("start", set, event.start); !wrong.ok()) return wrong;
  if (absl::Status wrong = SetTime("end", set, event.end); !wrong.ok()) return wrong;
  const bool times_told = set.count("start") > 0 || set.count("end") > 0;
  if (absl::Status wrong = SoundTimes(event, times_told); !wrong.ok()) return wrong;
  if (absl::Status wrong = SetOthers(set, event); !wrong.ok()) return wrong;
  return event;
}

FieldMap FieldsOf(const Event& event, const std::string& calendar) {
  FieldMap fields;
  fields["calendar"] = TextValue(calendar);
  for (const TextField& field : kTexts) {
    const std::string& text = event.*field.member;
    if (sdk::IsUtf8(text)) fields[field.name] = TextValue(text);
  }
  if (event.start) fields["start"] = TimeValue(*event.start);
  if (event.end) fields["end"] = TimeValue(*event.end);
  fields["sequence"].set_number(event.sequence);
  fields["cancelled"].set_flag(event.cancelled);
  return fields;
}

bool Says(const Event& stored, const Event& wanted) {
  const bool texts = std::all_of(std::begin(kTexts), std::end(kTexts), [&](const TextField& field) {
    return stored.*field.member == wanted.*field.member;
  });
  return texts && stored.start == wanted.start && stored.end == wanted.end &&
         stored.cancelled == wanted.cancelled && stored.sequence >= wanted.sequence;
}

bool Holds(const FieldMap& expected, const FieldMap& stored) {
  using google::protobuf::util::MessageDifferencer;
  return std::all_of(expected.begin(), expected.end(), [&](const auto& field) {
    if (field.first == "sequence") return true;
    const auto found = stored.find(field.first);
    return found != stored.end() && MessageDifferencer::Equals(found->second, field.second);
  });
}

}  // namespace brobygger::caldav
