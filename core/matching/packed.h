#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace brobygger::matching {

// Up to eight ASCII letters in one number, the first in the lowest byte; 0 is none.
class PackedLetters {
 public:
  static constexpr std::size_t kMost = 8;

  bool empty() const { return bytes_ == 0; }
  std::size_t size() const { return size_; }
  bool Add(char letter) {
    if (size_ >= kMost) return false;
    bytes_ |= std::uint64_t{static_cast<unsigned char>(letter)} << (8 * size_++);
    return true;
  }
  void Clear() { *this = PackedLetters(); }
  bool StartsWith(PackedLetters other) const {
    if (other.size_ > size_) return false;
    const std::uint64_t mask =
        other.size_ >= kMost ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * other.size_)) - 1;
    return (bytes_ & mask) == other.bytes_;
  }
  std::uint64_t bytes() const { return bytes_; }
  bool operator==(const PackedLetters&) const = default;

 private:
  std::uint64_t bytes_ = 0;
  std::uint8_t size_ = 0;
};

}  // namespace brobygger::matching
