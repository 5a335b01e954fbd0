#include "plugins/calendars/common/content_line.h"

#include <algorithm>

namespace brobygger::calendars {
namespace {

constexpr std::size_t kMaxParameters = 32;

bool IsBlank(char sign) { return sign == ' ' || sign == '\t'; }
bool IsLineEnd(char sign) { return sign == '\r' || sign == '\n'; }
bool IsControl(char sign) {
  return (static_cast<unsigned char>(sign) < 0x20 && sign != '\t') || sign == 0x7F;
}

// Where `sign` stands outside quotes, from `at` on.
std::size_t FindUnquoted(std::string_view line, std::string_view signs, std::size_t at) {
  bool quoted = false;
  for (; at < line.size(); ++at) {
    if (line[at] == '"') quoted = !quoted;
    if (!quoted && signs.find(line[at]) != std::string_view::npos) return at;
  }
  return std::string_view::npos;
}

std::string_view Unquote(std::string_view value) {
  value = TrimBlanks(value);
  if (!value.empty() && value.front() == '"') value.remove_prefix(1);
  if (!value.empty() && value.back() == '"') value.remove_suffix(1);
  return value;
}

Parameter ParseParameter(std::string_view text) {
  const std::size_t equals = std::min(text.find('='), text.size());
  const std::size_t begin = std::min(equals + 1, text.size());
  return {ToUpper(TrimBlanks(text.substr(0, equals))), Unquote(text.substr(begin))};
}

}  // namespace

std::string_view LineReader::TakePhysical() {
  const auto begin = text_.begin() + static_cast<std::ptrdiff_t>(at_);
  const auto end = std::find_if(begin, text_.end(), IsLineEnd);
  const std::size_t size = static_cast<std::size_t>(end - begin);
  const std::string_view part = text_.substr(at_, size);
  at_ += size;
  if (at_ < text_.size()) at_ += text_.substr(at_, 2) == "\r\n" ? 2 : 1;
  return part;
}

void LineReader::Keep(std::string_view part) {
  const std::size_t room = kMaxListLineBytes - line_.size();
  if (part.size() > room) cut_ = true;
  part = part.substr(0, room);
  std::copy_if(part.begin(), part.end(), std::back_inserter(line_),
               [](char sign) { return !IsControl(sign); });
}

bool LineReader::Next() {
  line_.clear();
  cut_ = false;
  while (line_.empty() && at_ < text_.size()) {
    Keep(TakePhysical());
    while (at_ < text_.size() && IsBlank(text_[at_])) Keep(TakePhysical().substr(1));
  }
  return !line_.empty();
}

std::string_view ContentLine::Get(std::string_view parameter) const {
  const auto found =
      std::find_if(parameters.begin(), parameters.end(),
                   [&](const Parameter& candidate) { return candidate.name == parameter; });
  return found == parameters.end() ? std::string_view() : found->value;
}

std::string NameOf(std::string_view line) {
  return ToUpper(TrimBlanks(line.substr(0, line.find_first_of(";:"))));
}

std::optional<ContentLine> ParseContentLine(std::string_view line) {
  std::size_t colon = FindUnquoted(line, ":", 0);
  const bool quotes_hold = colon != std::string_view::npos;
  if (!quotes_hold) colon = line.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  ContentLine parsed{.name = NameOf(line), .parameters = {}, .value = line.substr(colon + 1)};
  const std::string_view head = line.substr(0, colon);
  const auto next_semicolon = [&](std::size_t from) {
    return quotes_hold ? FindUnquoted(head, ";", from) : head.find(';', from);
  };
  std::size_t at = next_semicolon(0);
  while (at != std::string_view::npos && parsed.parameters.size() < kMaxParameters) {
    const std::size_t end = std::min(next_semicolon(at + 1), head.size());
    parsed.parameters.push_back(ParseParameter(head.substr(at + 1, end - at - 1)));
    at = end == head.size() ? std::string_view::npos : end;
  }
  return parsed;
}

std::string Unescape(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && at + 1 < text.size()) {
      ++at;
      plain += text[at] == 'n' || text[at] == 'N' ? '\n' : text[at];
    } else {
      plain += text[at];
    }
  }
  return plain;
}

std::string ToUpper(std::string_view text) {
  std::string upper(text);
  for (char& sign : upper) {
    if (sign >= 'a' && sign <= 'z') sign = static_cast<char>(sign - 'a' + 'A');
  }
  return upper;
}

std::string ToLower(std::string_view text) {
  std::string lower(text);
  for (char& sign : lower) {
    if (sign >= 'A' && sign <= 'Z') sign = static_cast<char>(sign - 'A' + 'a');
  }
  return lower;
}

std::string_view TrimBlanks(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace brobygger::calendars
