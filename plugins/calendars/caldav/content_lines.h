#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace brobygger::caldav {

// One content line of iCalendar text (RFC 5545 section 3.1), unfolded: "DTSTART;TZID=X:2026".
// What is not asked for is kept to the byte.
struct ContentLine {
  std::string text;

  // In capitals; "" if the line is none.
  std::string name() const;
  // After the first colon outside quotes.
  std::string_view value() const;
  // The value of a parameter, without quotes; "" if it has none of that name.
  std::string parameter(std::string_view name) const;
};

// Unfolds iCalendar text: CRLF, LF and CR end lines; a blank or tab at the beginning of one goes on
// with the last. Empty lines are left out.
std::vector<ContentLine> Unfold(std::string_view text);

// The text of these lines, each ended with CRLF and folded so that none is over 75 octets and no
// UTF-8 character is split.
std::string Fold(const std::vector<ContentLine>& lines);

// TEXT values (RFC 5545 section 3.3.11): backslash, semicolon, comma and line feed are escaped.
std::string EscapeText(std::string_view text);
std::string UnescapeText(std::string_view text);

// The lines of one component, by their places in a list: from its BEGIN to its END.
struct ComponentRange {
  std::size_t begin = 0;
  std::size_t end = 0;  // of END itself
};

// The components of this name (VEVENT) at the top of the first VCALENDAR, in order. Those that do
// not end are left out.
std::vector<ComponentRange> FindComponents(const std::vector<ContentLine>& lines,
                                           std::string_view name);

// The places of a component's own lines of this name: not those of what is nested in it.
std::vector<std::size_t> FindLines(const std::vector<ContentLine>& lines,
                                   const ComponentRange& component,
                                   std::string_view name);

}  // namespace brobygger::caldav
