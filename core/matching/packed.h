#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace brobygger::matching {

// Up to eight ASCII letters in one number, the first in the lowest byte; 0 is none.
class PackedLetters {
 public:
  static constexpr std::size_t kMost = 8;

  bool empty() const { return bytes_ == 0; }
  // Letters are not 0, so that the highest byte in use tells how many there are.
  std::size_t size() const { return (static_cast<std::size_t>(std::bit_width(bytes_)) + 7) / 8; }
  bool Add(char letter) {
    const std::size_t at = size();
    if (at >= kMost) return false;
    bytes_ |= std::uint64_t{static_cast<unsigned char>(letter)} << (8 * at);
    return true;
  }
  void Clear() { bytes_ = 0; }
  bool StartsWith(PackedLetters other) const {
    const std::size_t size = other.size();
    const std::uint64_t mask =
        size >= kMost ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * size)) - 1;
    return size <= this->size() && (bytes_ & mask) == other.bytes_;
  }
  std::uint64_t bytes() const { return bytes_; }
  bool operator==(const PackedLetters&) const = default;

 private:
  std::uint64_t bytes_ = 0;
};

// A key of keys.h in two halves: beside a number of four bytes it takes 12 bytes and not 16.
class PackedKey {
 public:
  explicit PackedKey(std::uint64_t key)
      : high_(static_cast<std::uint32_t>(key >> 32)), low_(static_cast<std::uint32_t>(key)) {}

  std::uint64_t value() const { return (std::uint64_t{high_} << 32) | low_; }
  bool operator==(const PackedKey&) const = default;

  // Keys are hashes, but for the lowest two bits, which say of which kind they are.
  struct Hash {
    std::size_t operator()(PackedKey key) const { return key.value() >> 2; }
  };

 private:
  std::uint32_t high_;
  std::uint32_t low_;
};

}  // namespace brobygger::matching
