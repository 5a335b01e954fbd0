#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace brobygger::web {

// The lines of an iCalendar text as they stand in it, without their CRLF. What does not
// end in one is a line too.
inline std::vector<std::string> PhysicalLines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find("\r\n");
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
  }
  return lines;
}

// The content lines of RFC 5545, section 3.1: unfolded, but still escaped.
inline std::vector<std::string> ContentLines(std::string_view text) {
  std::vector<std::string> lines;
  for (const std::string& line : PhysicalLines(text)) {
    if (line.starts_with(' ') && !lines.empty()) {
      lines.back() += line.substr(1);
    } else {
      lines.push_back(line);
    }
  }
  return lines;
}

// The values of the property `name` without parameters, in order.
inline std::vector<std::string> Values(std::string_view text, const std::string& name) {
  std::vector<std::string> values;
  for (const std::string& line : ContentLines(text)) {
    if (line.starts_with(name + ":")) values.push_back(line.substr(name.size() + 1));
  }
  return values;
}

// What a TEXT value says (section 3.3.11).
inline std::string Unescaped(std::string_view value) {
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '\\' || i + 1 == value.size()) {
      text += value[i];
      continue;
    }
    const char escaped = value[++i];
    text += escaped == 'n' || escaped == 'N' ? '\n' : escaped;
  }
  return text;
}

// Whether `text` begins and ends between characters of UTF-8, if all of it is UTF-8.
inline bool HoldsWholeCharacters(std::string_view text) {
  std::size_t expected = 0;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    const bool continues = (octet & 0xc0U) == 0x80U;
    if (continues != (expected > 0)) return false;
    if (continues) {
      --expected;
    } else if (octet >= 0xc0U) {
      expected = octet >= 0xf0U ? 3 : octet >= 0xe0U ? 2 : 1;
    }
  }
  return expected == 0;
}

}  // namespace brobygger::web
