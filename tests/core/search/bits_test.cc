#include "core/search/bits.h"

#include <random>
#include <set>

#include <catch2/catch.hpp>

namespace brobygger::search {
namespace {

Bits Of(std::uint32_t size, const std::set<std::uint32_t>& numbers) {
  Bits bits(size);
  for (const std::uint32_t number : numbers) bits.Set(number);
  return bits;
}

std::set<std::uint32_t> NumbersOf(const Bits& bits) {
  std::set<std::uint32_t> numbers;
  bits.ForEach([&](std::uint32_t number) { numbers.insert(number); });
  return numbers;
}

std::set<std::uint32_t> Random(std::mt19937& random, std::uint32_t size) {
  std::set<std::uint32_t> numbers;
  for (auto count = random() % (size + 1); count > 0; --count) numbers.insert(random() % size);
  return numbers;
}

}  // namespace

TEST_CASE("bits hold what a set of numbers holds", "[search]") {
  const auto seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 200; ++round) {
    const std::uint32_t size = 1 + random() % 300;
    const auto left = Random(random, size);
    const auto right = Random(random, size);
    std::set<std::uint32_t> both, either = left, only_left;
    for (const auto number : left) (right.count(number) > 0 ? both : only_left).insert(number);
    either.insert(right.begin(), right.end());
    const Bits one = Of(size, left);
    const Bits other = Of(size, right);
    Bits changed = one;
    changed.And(other);
    CHECK(NumbersOf(changed) == both);
    CHECK(one.CountIn(other) == both.size());
    CHECK(one.Count() == left.size());
    CHECK(one.Any() == !left.empty());
    for (std::uint32_t from = 0; from <= size; ++from) {
      const auto next = left.lower_bound(from);
      REQUIRE(one.NextFrom(from) == (next == left.end() ? size : *next));
    }
    changed = one;
    changed.Or(other);
    CHECK(NumbersOf(changed) == either);
    changed = one;
    changed.Subtract(other);
    CHECK(NumbersOf(changed) == only_left);
    CHECK(Bits(size, true).Count() == size);
  }
}

TEST_CASE("ranked bits know how many are before a number", "[search]") {
  std::mt19937 random(7);
  const auto numbers = Random(random, 1000);
  const RankedBits ranked(Of(1000, numbers));
  CHECK(ranked.count() == numbers.size());
  std::uint32_t place = 0;
  for (const std::uint32_t number : numbers) CHECK(ranked.PlaceOf(number) == place++);
}

TEST_CASE("what is in at least so many sets is found by counting in binary", "[search]") {
  const auto seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 100; ++round) {
    const std::uint32_t size = 1 + random() % 200;
    std::vector<Bits> sets;
    std::vector<const Bits*> pointers;
    std::vector<std::uint32_t> held(size, 0);
    const auto count = 1 + random() % 32;
    for (std::size_t i = 0; i < count; ++i) sets.push_back(Of(size, Random(random, size)));
    for (const Bits& each : sets) {
      pointers.push_back(&each);
      each.ForEach([&](std::uint32_t number) { ++held[number]; });
    }
    const auto least = static_cast<std::uint32_t>(1 + random() % count);
    std::set<std::uint32_t> wanted;
    for (std::uint32_t number = 0; number < size; ++number) {
      if (held[number] >= least) wanted.insert(number);
    }
    CHECK(NumbersOf(Bits::InAtLeast(least, pointers)) == wanted);
  }
}

}  // namespace brobygger::search
