#include "core/model/recurrence.h"

#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>

namespace brobygger::model {

std::map<std::string, std::string> RecurrenceParts(const std::string& rule) {
  const std::string capitals = absl::AsciiStrToUpper(rule);
  std::map<std::string, std::string> parts;
  for (const absl::string_view part :
       absl::StrSplit(absl::StripPrefix(capitals, "RRULE:"), ';', absl::SkipEmpty())) {
    const std::pair<std::string, std::string> pair = absl::StrSplit(part, absl::MaxSplits('=', 1));
    if (!pair.second.empty()) parts.insert(pair);
  }
  return parts;
}

}  // namespace brobygger::model
