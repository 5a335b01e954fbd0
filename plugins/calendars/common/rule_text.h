#pragma once

#include <string>
#include <string_view>

namespace brobygger::calendars {

// A recurrence rule (RFC 5545, 3.3.10) made of nothing but what rules are made of: known parts,
// numbers, weekdays and an UNTIL that is a date. "" if it has anything else in it. Sets `odd` if
// something after the UNTIL had to go.
std::string CleanRule(std::string_view text, bool& odd);

}  // namespace brobygger::calendars
