#pragma once

#include <string>
#include <string_view>

namespace brobygger::common {

// Lower-case hex SHA-256 of `first` followed by `second`.
std::string Sha256(std::string_view first, std::string_view second = "");

}  // namespace brobygger::common
