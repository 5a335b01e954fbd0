#include "core/search/bits.h"

#include <algorithm>
#include <array>
#include <utility>

namespace brobygger::search {
namespace {

// Enough to count 63 sets.
constexpr std::size_t kPlanes = 6;

std::uint32_t CountPlainly(const std::uint64_t* left, const std::uint64_t* right, std::size_t n) {
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < n; ++i) count += CountOf(left[i] & right[i]);
  return count;
}

#if defined(__x86_64__)
__attribute__((target("popcnt"))) inline std::uint64_t CountByInstruction(std::uint64_t word) {
  return static_cast<std::uint64_t>(__builtin_popcountll(word));
}

// The same with the instruction that all but the oldest processors have.
__attribute__((target("popcnt"))) std::uint32_t CountQuickly(const std::uint64_t* left,
                                                             const std::uint64_t* right,
                                                             std::size_t n) {
  // Four sums, so that none waits for the one before it.
  std::array<std::uint64_t, 4> sums = {};
  std::size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    sums[0] += CountByInstruction(left[i] & right[i]);
    sums[1] += CountByInstruction(left[i + 1] & right[i + 1]);
    sums[2] += CountByInstruction(left[i + 2] & right[i + 2]);
    sums[3] += CountByInstruction(left[i + 3] & right[i + 3]);
  }
  for (; i < n; ++i) sums[0] += CountByInstruction(left[i] & right[i]);
  return static_cast<std::uint32_t>(sums[0] + sums[1] + sums[2] + sums[3]);
}
#endif

std::uint32_t CountBoth(const std::uint64_t* left, const std::uint64_t* right, std::size_t n) {
#if defined(__x86_64__)
  static const bool kHasInstruction = __builtin_cpu_supports("popcnt") != 0;
  if (kHasInstruction) return CountQuickly(left, right, n);
#endif
  return CountPlainly(left, right, n);
}

}  // namespace

Bits::Bits(std::uint32_t size, bool all)
    : size_(size), words_((size + 63U) / 64U, all ? ~std::uint64_t{0} : 0) {
  if (all && size % 64U != 0) words_.back() = Bit(size) - 1;
}

void Bits::And(const Bits& other) {
  for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
}

void Bits::Or(const Bits& other) {
  for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
}

void Bits::Subtract(const Bits& other) {
  for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= ~other.words_[i];
}

bool Bits::Any() const {
  return std::any_of(words_.begin(), words_.end(), [](std::uint64_t word) { return word != 0; });
}

std::uint32_t Bits::Count() const { return CountBoth(words_.data(), words_.data(), words_.size()); }

std::uint32_t Bits::CountIn(const Bits& other) const {
  return CountBoth(words_.data(), other.words_.data(), words_.size());
}

bool Bits::Meets(const Bits& other) const {
  for (std::size_t i = 0; i < words_.size(); ++i) {
    if ((words_[i] & other.words_[i]) != 0) return true;
  }
  return false;
}

std::uint32_t Bits::NextFrom(std::uint32_t number) const {
  if (number >= size_) return size_;
  std::size_t i = number >> 6;
  std::uint64_t word = words_[i] & ~(Bit(number) - 1);
  while (word == 0) {
    if (++i == words_.size()) return size_;
    word = words_[i];
  }
  return static_cast<std::uint32_t>(i << 6) | static_cast<std::uint32_t>(std::countr_zero(word));
}

// Counts in binary, 64 numbers at once: plane `i` holds bit `i` of each count.
Bits Bits::InAtLeast(std::uint32_t least, const std::vector<const Bits*>& sets) {
  Bits result(sets.front()->size());
  for (std::size_t word = 0; word < result.words_.size(); ++word) {
    std::array<std::uint64_t, kPlanes> planes = {};
    for (const Bits* set : sets) {
      std::uint64_t carry = set->words_[word];
      for (std::size_t i = 0; i < kPlanes && carry != 0; ++i) {
        carry &= std::exchange(planes[i], planes[i] ^ carry);
      }
    }
    std::uint64_t more = 0;
    std::uint64_t equal = ~std::uint64_t{0};
    for (std::size_t i = kPlanes; i-- > 0;) {
      const std::uint64_t wanted = (least >> i & 1U) != 0 ? ~std::uint64_t{0} : 0;
      more |= equal & planes[i] & ~wanted;
      equal &= ~(planes[i] ^ wanted);
    }
    result.words_[word] = more | equal;
  }
  return result;
}

RankedBits::RankedBits(Bits bits) : bits_(std::move(bits)) {
  before_.reserve(bits_.words().size());
  for (const std::uint64_t word : bits_.words()) {
    before_.push_back(count_);
    count_ += CountOf(word);
  }
}

}  // namespace brobygger::search
