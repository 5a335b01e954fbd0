#include "core/access/base64url.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace brobygger::access {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr int kOutside = -1;
constexpr unsigned kBitsOfCharacter = 6;
constexpr unsigned kBitsOfByte = 8;

constexpr std::array<std::int8_t, 256> ValueTable() {
  std::array<std::int8_t, 256> values{};
  for (auto& value : values) value = kOutside;
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::int8_t>(i);
  }
  return values;
}

constexpr std::array<std::int8_t, 256> kValues = ValueTable();

// Bits that were read and not given on yet, in the low end of `bits`.
struct Bits {
  std::uint32_t bits = 0;
  unsigned count = 0;

  void Put(std::uint32_t value, unsigned width) {
    bits = (bits << width) | value;
    count += width;
  }
  // The oldest `width` bits.
  std::uint32_t Take(unsigned width) {
    count -= width;
    const std::uint32_t taken = bits >> count;
    bits &= (1U << count) - 1;
    return taken;
  }
};

}  // namespace

std::string ToBase64Url(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  Bits rest;
  for (const char byte : bytes) {
    rest.Put(static_cast<unsigned char>(byte), kBitsOfByte);
    while (rest.count >= kBitsOfCharacter) text += kAlphabet[rest.Take(kBitsOfCharacter)];
  }
  if (rest.count > 0) {
    rest.Put(0, kBitsOfCharacter - rest.count);
    text += kAlphabet[rest.Take(kBitsOfCharacter)];
  }
  return text;
}

std::optional<std::string> FromBase64Url(std::string_view text) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  Bits rest;
  for (const char character : text) {
    const int value = kValues[static_cast<unsigned char>(character)];
    if (value == kOutside) return std::nullopt;
    rest.Put(static_cast<std::uint32_t>(value), kBitsOfCharacter);
    if (rest.count >= kBitsOfByte) bytes += static_cast<char>(rest.Take(kBitsOfByte));
  }
  if (rest.bits != 0) return std::nullopt;
  return bytes;
}

}  // namespace brobygger::access
