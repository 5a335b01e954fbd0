#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace brobygger::calendars {

// A DATE or DATE-TIME (RFC 5545, 3.3.4 and 3.3.5) as it may be handed on.
struct DateText {
  std::string text;      // "20260504", "20260504T140000" or "20260504T120000Z"
  bool is_date = false;  // No time of day.
  bool is_utc = false;
  bool odd = false;  // Something followed that is none of it, and was left out.
};

// Reads the valid beginning of `text`; of a PERIOD, its start. Nothing if it does not begin with
// a date that exists, in the years from 1600 to 2200.
std::optional<DateText> ParseDateText(std::string_view text);

// A DURATION (RFC 5545, 3.3.6) as it may be handed on: "P1DT1H30M0S", weeks as days. Nothing if it
// is none, is negative, or is longer than the years that a date may have.
std::optional<std::string> ParseDurationText(std::string_view text);

}  // namespace brobygger::calendars
