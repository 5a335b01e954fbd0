// What the event commands share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/event/v1/event.pb.h"

#include "core/cli/output.h"

namespace brobygger::cli {

// The days of the week from Monday on, "Danish|English" lines: data/weekdays.csv.
extern const std::string_view kWeekdaysCsv;

// Takes over when an event is: two days ("2027-03-11"), or two points of local time in
// Denmark ("2027-03-11 10:00"). An empty end of a day is the same day, and of a point a
// clock time may stand alone ("15:00"). INVALID_ARGUMENT.
absl::Status SetWhen(const std::string& start, const std::string& end, event::v1::Event& event);

// When it is, as people read it: "11-03-2027 10:00-15:00".
std::string ShowWhen(const event::v1::Event& event, const std::string& language);

// Words for the kinds, as they are typed.
std::vector<std::string> EventKindWords();
event::v1::EventKind ToEventKind(const std::string& word);

std::string EventLabel(const std::string& enumeration,
                       const std::string& value,
                       const std::string& language);

std::vector<Column> EventColumns();
std::vector<Cell> EventCells(const event::v1::Event& event, const std::string& language);

}  // namespace brobygger::cli
