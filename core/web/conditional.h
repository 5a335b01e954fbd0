#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace brobygger::web {

// The condition of an If-None-Match field (RFC 9110, section 13.1.2).
struct IfNoneMatch {
  bool any = false;                    // "*"
  std::vector<std::string> tags = {};  // opaque tags, without quotes and without W/
};

// From where the value is no entity tag on, it says nothing: a full answer is never wrong.
IfNoneMatch ParseIfNoneMatch(std::string_view value);

// Whether `tag` is among them, by weak comparison (section 8.8.3.2), or any will do.
bool Holds(const IfNoneMatch& condition, std::string_view tag);

}  // namespace brobygger::web
