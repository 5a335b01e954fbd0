#pragma once

#include <string_view>

namespace brobygger::access {

// The data file of this module, as text.
extern const std::string_view kPolicyToml;

}  // namespace brobygger::access
