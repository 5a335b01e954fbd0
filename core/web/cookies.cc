#include "core/web/cookies.h"

namespace brobygger::web {

std::string CookieIn(std::string_view field, std::string_view name) {
  std::string value;
  bool found = false;
  while (!field.empty()) {
    const std::size_t end = field.find_first_of(";,");
    std::string_view pair = field.substr(0, end);
    field = end == std::string_view::npos ? "" : field.substr(end + 1);
    const std::size_t begin = pair.find_first_not_of(' ');
    if (begin == std::string_view::npos) continue;
    pair = pair.substr(begin);
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
    if (found) return "";
    found = true;
    value = pair.substr(equals + 1);
  }
  return value;
}

}  // namespace brobygger::web
