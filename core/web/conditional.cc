#include "core/web/conditional.h"

#include <algorithm>
#include <optional>

namespace brobygger::web {
namespace {

void SkipBlanksAndCommas(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t,"), rest.size()));
}

// etagc of section 8.8.3.
bool IsTagCharacter(char c) {
  const auto octet = static_cast<unsigned char>(c);
  return octet == 0x21 || (octet >= 0x23 && octet != 0x7f);
}

// The entity tag that `rest` begins with, which is then taken off.
std::optional<std::string> TakeTag(std::string_view& rest) {
  if (rest.starts_with("W/")) rest.remove_prefix(2);
  if (!rest.starts_with('"')) return std::nullopt;
  const std::size_t end = rest.find('"', 1);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view tag = rest.substr(1, end - 1);
  if (!std::all_of(tag.begin(), tag.end(), IsTagCharacter)) return std::nullopt;
  rest.remove_prefix(end + 1);
  return std::string(tag);
}

}  // namespace

IfNoneMatch ParseIfNoneMatch(std::string_view value) {
  SkipBlanksAndCommas(value);
  IfNoneMatch condition;
  if (value.starts_with('*')) {
    condition.any = value.find_first_not_of(" \t", 1) == std::string_view::npos;
    return condition;
  }
  while (!value.empty()) {
    auto tag = TakeTag(value);
    if (!tag.has_value()) break;
    condition.tags.push_back(*std::move(tag));
    SkipBlanksAndCommas(value);
  }
  return condition;
}

bool Holds(const IfNoneMatch& condition, std::string_view tag) {
  return condition.any ||
         std::find(condition.tags.begin(), condition.tags.end(), tag) != condition.tags.end();
}

}  // namespace brobygger::web
