#pragma once

#include <string>

namespace brobygger::common {

// `text` as it stands in a URL's path or query: all but RFC 3986's unreserved signs in percent.
std::string UrlEncoded(const std::string& text);

}  // namespace brobygger::common
