#include "core/people/seal.h"

#include <catch2/catch.hpp>

namespace brobygger::people {
namespace {

constexpr char kText[] = "Zarathea Blåregnskov";
constexpr char kAbout[] = "person/1";
const SealKey kKey = {1, 2, 3};

TEST_CASE("what was sealed opens with its key, and looks different each time") {
  const auto first = Seal(kKey, kAbout, kText);
  const auto second = Seal(kKey, kAbout, kText);
  REQUIRE(first.ok());
  REQUIRE(second.ok());
  CHECK(*first != *second);
  CHECK(first->find("Zarathea") == std::string::npos);
  CHECK(Unseal(kKey, kAbout, *first).value() == kText);
  CHECK(Unseal(kKey, kAbout, Seal(kKey, kAbout, "").value()).value().empty());
}

TEST_CASE("another key or another person's place opens nothing") {
  const std::string sealed = Seal(kKey, kAbout, kText).value();
  CHECK_FALSE(Unseal({1, 2, 4}, kAbout, sealed).ok());
  CHECK_FALSE(Unseal(kKey, "person/2", sealed).ok());
}

TEST_CASE("a sealed text with any byte changed does not open") {
  const std::string sealed = Seal(kKey, kAbout, kText).value();
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 0x40);
    CAPTURE(i);
    CHECK_FALSE(Unseal(kKey, kAbout, changed).ok());
  }
}

TEST_CASE("a sealed text that was cut anywhere does not open") {
  const std::string sealed = Seal(kKey, kAbout, kText).value();
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(Unseal(kKey, kAbout, sealed.substr(0, size)).ok());
  }
}

}  // namespace
}  // namespace brobygger::people
