#pragma once

#include <string>
#include <string_view>

namespace brobygger::web {

// The value of a cookie in a Cookie field (RFC 6265, section 4.2); "" if it is not there, or there
// twice: two of a name are somebody's attempt to put one over ours. Pure.
std::string CookieIn(std::string_view field, std::string_view name);

}  // namespace brobygger::web
