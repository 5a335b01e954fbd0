// Expands recurrence rules for recurrence_oracle.mjs, which compares.
//
// Reads lines "DTSTART RRULE" and writes, for each, the instances from 2010 to 2027 as UTC
// instants with blanks between them.
#include <iostream>
#include <string>

#include "plugins/calendars/common/event.h"
#include "plugins/calendars/common/instances.h"
#include "plugins/calendars/common/prefilter.h"

namespace brobygger::calendars {
namespace {

std::string Expanded(const std::string& start, const std::string& rule) {
  const auto text = Prefilter("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:x\nDTSTART:" + start +
                              "\nRRULE:" + rule + "\nEND:VEVENT\nEND:VCALENDAR\n");
  if (!text.ok()) return "no calendar";
  const auto event = ParseEvent(text->events.at(0));
  if (!event.ok() || event->rules.size() != 1) return "no rule";
  Zones zones(*text, Copenhagen().value());
  bool unknown = false;
  const CivilRange range = {absl::CivilSecond(2010), absl::CivilSecond(2028) - 1};
  std::string line;
  for (const auto& [key, instance] : InstancesOf(*event, range, zones, unknown)) {
    line += (line.empty() ? "" : " ") + key;
  }
  return line;
}

}  // namespace
}  // namespace brobygger::calendars

int main() {
  std::string start;
  std::string rule;
  while (std::cin >> start >> rule) {
    std::cout << brobygger::calendars::Expanded(start, rule) << "\n";
  }
}
