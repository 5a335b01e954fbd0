#pragma once

#include <set>
#include <string>

#include <absl/status/statusor.h>

#include "brobygger/plugin/v1/record.pb.h"
#include "brobygger/plugin/v1/schema.pb.h"

#include "plugins/calendars/caldav/event_text.h"
#include "plugins/calendars/common/selection.h"

namespace brobygger::caldav {

inline constexpr char kEventsStream[] = "events";

using FieldMap = google::protobuf::Map<std::string, plugin::v1::Value>;

// Stream `events` of plugins/calendars/README.md, with what can be done to it.
plugin::v1::StreamSchema EventsSchema();

// `event` with the values of `set` in it, whole and sound: it has a title and both times, of one
// kind and in order. Fields of other names are left to the caller. Errors are CLASS_REJECTED and
// their path is the field.
absl::StatusOr<Event> WithFields(Event event, const FieldMap& set);

// The fields that tell `event`. What is not UTF-8, or a time that cannot be told, is not told.
FieldMap FieldsOf(const Event& event, const std::string& calendar);

// Whether two events say the same. A higher sequence number than the one wanted says the same too.
bool Says(const Event& stored, const Event& wanted);

// Whether `stored` still has what `expected` says, but for its sequence number.
bool Holds(const FieldMap& expected, const FieldMap& stored);

using calendars::KeepSelected;

}  // namespace brobygger::caldav
