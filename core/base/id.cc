#include "core/base/id.h"

#include <array>
#include <atomic>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <cstring>

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

// 0: random.
std::atomic<std::uint64_t> uuid_seed = 0;

// SplitMix64 (Steele, Lea, Flood 2014): every step gives another well-mixed number.
std::uint64_t NextSeeded() {
  std::uint64_t mixed = uuid_seed.fetch_add(0x9E3779B97F4A7C15ULL);
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ULL;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBULL;
  return mixed ^ (mixed >> 31);
}

std::array<std::uint8_t, 16> Draw() {
  std::array<std::uint8_t, 16> raw{};
  if (uuid_seed != 0) {
    for (std::size_t i = 0; i < raw.size(); i += 8) {
      const std::uint64_t number = NextSeeded();
      std::memcpy(raw.data() + i, &number, sizeof number);
    }
    return raw;
  }
  thread_local RandomBytes random;
  std::memcpy(raw.data(), random.Next16(), raw.size());
  return raw;
}

}  // namespace

void SeedUuids(std::uint64_t seed) { uuid_seed = seed; }

std::string MakeUuid() {
  std::array<std::uint8_t, 16> raw = Draw();
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
