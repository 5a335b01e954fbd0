#pragma once

#include <bit>
#include <cstdint>
#include <vector>

namespace brobygger::search {

// How many bits of a word are set. Written out, since the processors that Debian builds for need
// not have an instruction for it.
constexpr std::uint32_t CountOf(std::uint64_t word) {
  word -= (word >> 1) & 0x5555555555555555ULL;
  word = (word & 0x3333333333333333ULL) + ((word >> 2) & 0x3333333333333333ULL);
  word = (word + (word >> 4)) & 0x0F0F0F0F0F0F0F0FULL;
  return static_cast<std::uint32_t>((word * 0x0101010101010101ULL) >> 56);
}

// A set of numbers below size(), one bit each. Two that are put together must be of one size. A
// value; not for two threads at once while it changes.
class Bits {
 public:
  Bits() = default;
  explicit Bits(std::uint32_t size, bool all = false);

  std::uint32_t size() const { return size_; }
  bool Has(std::uint32_t number) const { return (words_[number >> 6] >> (number & 63U) & 1U) != 0; }
  void Set(std::uint32_t number) { words_[number >> 6] |= Bit(number); }
  void Clear(std::uint32_t number) { words_[number >> 6] &= ~Bit(number); }
  // Whether it was not there yet.
  bool Add(std::uint32_t number) {
    const bool fresh = !Has(number);
    Set(number);
    return fresh;
  }

  void And(const Bits& other);
  void Or(const Bits& other);
  void Subtract(const Bits& other);

  bool Any() const;
  std::uint32_t Count() const;
  // How many are in both.
  std::uint32_t CountIn(const Bits& other) const;
  // Whether any is in both.
  bool Meets(const Bits& other) const;

  // The first from this number on; size() if there is none.
  std::uint32_t NextFrom(std::uint32_t number) const;

  // Calls `take(number)` for each, in order.
  template <typename Take>
  void ForEach(const Take& take) const {
    ForEachWhile([&take](std::uint32_t number) {
      take(number);
      return true;
    });
  }
  // The same until `take` says false.
  template <typename Take>
  void ForEachWhile(const Take& take) const {
    for (std::uint32_t i = 0; i < words_.size(); ++i) {
      for (std::uint64_t word = words_[i]; word != 0; word &= word - 1) {
        if (!take(i << 6 | static_cast<std::uint32_t>(std::countr_zero(word)))) return;
      }
    }
  }

  const std::vector<std::uint64_t>& words() const { return words_; }
  std::size_t MemoryBytes() const { return words_.capacity() * sizeof(std::uint64_t); }

  // Those that are in at least so many (1 or more) of `sets`, of which there are 1 to 63.
  static Bits InAtLeast(std::uint32_t least, const std::vector<const Bits*>& sets);

 private:
  static constexpr std::uint64_t Bit(std::uint32_t number) {
    return std::uint64_t{1} << (number & 63U);
  }
  std::uint32_t size_ = 0;
  std::vector<std::uint64_t> words_;
};

// Bits that never change and know the place of each number among them.
class RankedBits {
 public:
  RankedBits() = default;
  explicit RankedBits(Bits bits);

  const Bits& bits() const { return bits_; }
  std::uint32_t count() const { return count_; }
  // How many are before the number.
  std::uint32_t PlaceOf(std::uint32_t number) const {
    const std::uint64_t below = (std::uint64_t{1} << (number & 63U)) - 1;
    return before_[number >> 6] + CountOf(bits_.words()[number >> 6] & below);
  }
  std::size_t MemoryBytes() const {
    return bits_.MemoryBytes() + before_.capacity() * sizeof(std::uint32_t);
  }

 private:
  Bits bits_;
  std::vector<std::uint32_t> before_;  // of each word
  std::uint32_t count_ = 0;
};

}  // namespace brobygger::search
