#include "plugins/common/percent.h"

#include <absl/strings/ascii.h>

namespace brobygger::common {

std::string UrlEncoded(const std::string& text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string encoded;
  for (const char sign : text) {
    const auto byte = static_cast<unsigned char>(sign);
    if (absl::ascii_isalnum(byte) || sign == '-' || sign == '.' || sign == '_' || sign == '~') {
      encoded += sign;
    } else {
      encoded += '%';
      encoded += kHex[byte >> 4];
      encoded += kHex[byte & 15];
    }
  }
  return encoded;
}

}  // namespace brobygger::common
