#include <utility>

#include <absl/time/time.h>

#include "plugins/calendars/common/busy.h"
#include "plugins/calendars/common/meetings.h"

namespace brobygger::calendars {
namespace {

using plugin::v1::FieldSchema;
using plugin::v1::Record;
using plugin::v1::StreamSchema;
using plugin::v1::Value;

constexpr char kStream[] = "meetings";

// A list, or "told to be empty": what the source does not say any more goes at the hub too.
template <typename Items, typename Convert>
Value ListOf(const Items& items, Convert convert) {
  Value value;
  value.mutable_empty();
  for (const auto& item : items) *value.mutable_list()->add_items() = convert(item);
  return value;
}

Value TextOf(const std::string& text) {
  Value value;
  value.set_text(text);
  return value;
}

Value MeetingOf(const Meeting& meeting) {
  Value value;
  auto& fields = *value.mutable_group()->mutable_fields();
  fields["key"].set_text(meeting.key);
  fields["date"].set_date(absl::FormatCivilTime(meeting.date));
  fields["cancelled"].set_flag(meeting.cancelled);
  return value;
}

Value PartOf(const MeetingPart& part) {
  Value value;
  auto& fields = *value.mutable_group()->mutable_fields();
  fields["meetings"] = ListOf(part.meetings, MeetingOf);
  fields["codes"] = ListOf(part.codes, TextOf);
  fields["addresses"] = ListOf(part.addresses, TextOf);
  fields["domains"] = ListOf(part.domains, TextOf);
  return value;
}

struct Words {
  const char* name;
  const char* da;
};

FieldSchema FieldOf(const Words& words, FieldSchema::Type type) {
  FieldSchema field;
  field.set_name(words.name);
  field.set_type(type);
  field.set_readable(true);
  (*field.mutable_title())["da"] = words.da;
  return field;
}

FieldSchema RequiredOf(const Words& words, FieldSchema::Type type) {
  FieldSchema field = FieldOf(words, type);
  field.set_required(true);
  return field;
}

// A list without order or repetition.
FieldSchema SetOf(const Words& words) {
  FieldSchema field = FieldOf(words, FieldSchema::TYPE_LIST);
  field.set_compare(FieldSchema::COMPARE_SET);
  return field;
}

// A digest stands for a person to whoever holds the key, so it is personal data still.
FieldSchema PersonalSetOf(const Words& words) {
  FieldSchema field = SetOf(words);
  field.set_personal_data(true);
  return field;
}

}  // namespace

Record ToRecord(const MeetingObject& object, std::string external_id, const std::string& calendar) {
  Record record;
  record.set_external_id(std::move(external_id));
  auto& fields = *record.mutable_fields();
  fields["calendar"].set_text(calendar);
  fields["opted_out"].set_flag(object.opted_out);
  fields["remarks"] = ListOf(object.remarks, TextOf);
  fields["parts"] = ListOf(object.parts, PartOf);
  return record;
}

StreamSchema MeetingsSchema() {
  StreamSchema stream;
  stream.set_name(kStream);
  stream.set_schema_version(1);
  *stream.add_fields() = RequiredOf({"calendar", "Kalender"}, FieldSchema::TYPE_TEXT);
  *stream.add_fields() = RequiredOf({"opted_out", "Må ikke tælle"}, FieldSchema::TYPE_BOOL);

  FieldSchema meetings = SetOf({"meetings", "Møder"});
  *meetings.add_children() = FieldOf({"key", "Nøgle"}, FieldSchema::TYPE_TEXT);
  *meetings.add_children() = FieldOf({"date", "Dato"}, FieldSchema::TYPE_DATE);
  *meetings.add_children() = FieldOf({"cancelled", "Aflyst"}, FieldSchema::TYPE_BOOL);
  FieldSchema parts = SetOf({"parts", "Møder efter deltagere"});
  *parts.add_children() = std::move(meetings);
  *parts.add_children() = SetOf({"codes", "Kategorier"});
  *parts.add_children() = PersonalSetOf({"addresses", "Adresser (pseudonymer)"});
  *parts.add_children() = PersonalSetOf({"domains", "Domæner (pseudonymer)"});
  parts.set_personal_data(true);
  *stream.add_fields() = std::move(parts);
  *stream.add_fields() = SetOf({"remarks", "Bemærkninger"});
  return stream;
}

Record ToRecord(const BusyDay& day, const std::string& calendar) {
  const std::string date = absl::FormatCivilTime(day.date);
  Record record;
  record.set_external_id(calendar + "/" + date);
  auto& fields = *record.mutable_fields();
  fields["calendar"].set_text(calendar);
  fields["date"].set_date(date);
  fields["minutes"].set_number(day.minutes);
  return record;
}

StreamSchema BusySchema() {
  StreamSchema stream;
  stream.set_name(kBusyStream);
  stream.set_schema_version(1);
  stream.mutable_abilities()->set_snapshot(true);
  *stream.add_fields() = RequiredOf({"calendar", "Kalender"}, FieldSchema::TYPE_TEXT);
  *stream.add_fields() = RequiredOf({"date", "Dato"}, FieldSchema::TYPE_DATE);
  *stream.add_fields() = RequiredOf({"minutes", "Optagne minutter"}, FieldSchema::TYPE_INT);
  return stream;
}

}  // namespace brobygger::calendars
