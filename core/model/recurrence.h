#pragma once

#include <map>
#include <string>

namespace brobygger::model {

// The parts of a recurrence rule (RFC 5545 section 3.3.10) in capitals, as in
// {"BYDAY", "MO,TH"}. "RRULE:" before it is left out, and so is a part without a value; the
// registry takes rules as sources write them.
std::map<std::string, std::string> RecurrenceParts(const std::string& rule);

}  // namespace brobygger::model
