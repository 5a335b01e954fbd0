#pragma once

#include <string>
#include <string_view>

namespace brobygger::exchange {

// The file data/texts.csv.
extern const std::string_view kTextsCsv;

// The text with this key in "da", or else in English; "" if there is none.
const std::string& Text(const std::string& key, const std::string& language);

// Adds the text in lines of at most 78 columns, each with two spaces before it.
void AddWrapped(const std::string& text, std::string& out);

// The weekdays of a weekly recurrence rule (RFC 5545), in words; "" for any other rule, which is
// not said by weekdays alone.
std::string WeekdaysText(const std::string& recurrence_rule, const std::string& language);

}  // namespace brobygger::exchange
