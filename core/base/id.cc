#include "core/base/id.h"

#include <array>
#include <cctype>
#include <cstddef>
#include <cstdint>

#include <openssl/rand.h>

namespace brobygger::base {
namespace {

constexpr char kHex[] = "0123456789abcdef";

bool IsDashPlace(std::size_t place) {
  return place == 8 || place == 13 || place == 18 || place == 23;
}

// A thread draws random bytes in bulk: one call for each id is what a first sync
// of 100,000 records would feel.
class RandomBytes {
 public:
  const std::uint8_t* Next16() {
    if (used_ + 16 > bytes_.size()) {
      RAND_bytes(bytes_.data(), static_cast<int>(bytes_.size()));
      used_ = 0;
    }
    used_ += 16;
    return bytes_.data() + used_ - 16;
  }

 private:
  std::array<std::uint8_t, 1024> bytes_{};
  std::size_t used_ = 1024;
};

}  // namespace

std::string MakeUuid() {
  thread_local RandomBytes random;
  std::array<std::uint8_t, 16> raw{};
  const std::uint8_t* drawn = random.Next16();
  for (std::size_t i = 0; i < raw.size(); ++i) raw[i] = drawn[i];
  raw[6] = static_cast<std::uint8_t>((raw[6] & 0x0F) | 0x40);
  raw[8] = static_cast<std::uint8_t>((raw[8] & 0x3F) | 0x80);
  std::string text;
  text.reserve(36);
  for (const std::uint8_t byte : raw) {
    if (IsDashPlace(text.size())) text += '-';
    text += kHex[byte >> 4];
    text += kHex[byte & 0x0F];
  }
  return text;
}

bool IsUuid(const std::string& text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    if (IsDashPlace(i) ? c != '-' : !hex) return false;
  }
  return true;
}

}  // namespace brobygger::base
