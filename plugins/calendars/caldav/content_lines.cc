#include "plugins/calendars/caldav/content_lines.h"

#include <algorithm>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>

namespace brobygger::caldav {
namespace {

constexpr std::size_t kMostOctets = 75;

bool IsBlank(char sign) { return sign == ' ' || sign == '\t'; }

// Where the sign is first found outside quotes, from `from` on; npos if nowhere.
std::size_t FindUnquoted(std::string_view text, std::string_view signs, std::size_t from = 0) {
  bool quoted = false;
  for (std::size_t at = from; at < text.size(); ++at) {
    if (text[at] == '"') quoted = !quoted;
    if (!quoted && signs.find(text[at]) != std::string_view::npos) return at;
  }
  return std::string_view::npos;
}

std::string Upper(std::string_view text) {
  return absl::AsciiStrToUpper({text.data(), text.size()});
}

std::string_view Unquoted(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  return text;
}

bool Is(const ContentLine& line, std::string_view name, std::string_view value) {
  return line.name() == name && Upper(line.value()) == value;
}

// How many octets of `text` fit, so that no UTF-8 character is split.
std::size_t WholeOctets(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text.size();
  std::size_t size = most;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  // What is no UTF-8 is split anywhere.
  return size == 0 ? most : size;
}

}  // namespace

std::string ContentLine::name() const {
  return Upper(std::string_view(text).substr(0, std::min(text.find_first_of(";:"), text.size())));
}

std::string_view ContentLine::value() const {
  const std::size_t colon = FindUnquoted(text, ":");
  if (colon == std::string::npos) return "";
  return std::string_view(text).substr(colon + 1);
}

std::string ContentLine::parameter(std::string_view name) const {
  const std::string_view line = text;
  std::size_t at = FindUnquoted(line, ";:");
  while (at != std::string_view::npos && line[at] == ';') {
    const std::size_t end = std::min(FindUnquoted(line, ";:", at + 1), line.size());
    const std::string_view part = line.substr(at + 1, end - at - 1);
    const std::size_t equals = std::min(part.find('='), part.size());
    if (Upper(part.substr(0, equals)) == name && equals < part.size()) {
      return std::string(Unquoted(part.substr(equals + 1)));
    }
    at = end < line.size() ? end : std::string_view::npos;
  }
  return "";
}

std::vector<ContentLine> Unfold(std::string_view text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (text.substr(0, kMark.size()) == kMark) text.remove_prefix(kMark.size());
  std::vector<ContentLine> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    const std::string_view line = text.substr(0, end);
    if (!line.empty() && IsBlank(line.front()) && !lines.empty()) {
      lines.back().text += line.substr(1);
    } else if (!line.empty()) {
      lines.push_back({std::string(line)});
    }
    const bool pair = text.substr(end, 2) == "\r\n";
    text.remove_prefix(std::min(end + (pair ? 2 : 1), text.size()));
  }
  return lines;
}

std::string Fold(const std::vector<ContentLine>& lines) {
  std::string out;
  for (const ContentLine& line : lines) {
    std::string_view rest = line.text;
    std::size_t room = kMostOctets;
    while (true) {
      const std::size_t size = WholeOctets(rest, room);
      out.append(rest.data(), size);
      out += "\r\n";
      rest.remove_prefix(size);
      if (rest.empty()) break;
      out += ' ';
      room = kMostOctets - 1;
    }
  }
  return out;
}

std::string EscapeText(std::string_view text) {
  std::string out;
  for (const char sign : text) {
    if (sign == '\n') {
      out += "\\n";
    } else {
      if (sign == '\\' || sign == ';' || sign == ',') out += '\\';
      out += sign;
    }
  }
  return out;
}

std::string UnescapeText(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\' || at + 1 == text.size()) {
      out += text[at];
      continue;
    }
    ++at;
    out += text[at] == 'n' || text[at] == 'N' ? '\n' : text[at];
  }
  return out;
}

std::vector<ComponentRange> FindComponents(const std::vector<ContentLine>& lines,
                                           std::string_view name) {
  std::vector<ComponentRange> found;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < lines.size(); ++at) {
    const std::string word = lines[at].name();
    if (word == "BEGIN") {
      ++depth;
      if (depth == 2) begin = at;
    } else if (word == "END") {
      if (depth == 2 && Is(lines[begin], "BEGIN", name) && Is(lines[at], "END", name)) {
        found.push_back({begin, at});
      }
      --depth;
      if (depth <= 0) break;
    }
  }
  return found;
}

std::vector<std::size_t> FindLines(const std::vector<ContentLine>& lines,
                                   const ComponentRange& component,
                                   std::string_view name) {
  std::vector<std::size_t> found;
  int depth = 0;
  for (std::size_t at = component.begin; at <= component.end; ++at) {
    const std::string word = lines[at].name();
    if (word == "END") --depth;
    if (depth == 1 && word == name) found.push_back(at);
    if (word == "BEGIN") ++depth;
  }
  return found;
}

}  // namespace brobygger::caldav
