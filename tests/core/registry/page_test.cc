#include "core/registry/page.h"

#include <random>
#include <string>

#include <catch2/catch.hpp>

#include "core/base/error.h"

namespace brobygger::registry {
namespace {

TEST_CASE("a page token leads back to its place") {
  const PagePlace place{4711,
                        "folk\xC3\xA6"
                        "dans",
                        "some-id"};
  const auto read = ReadPageToken(MakePageToken(place, "arguments"), "arguments");
  REQUIRE(read.ok());
  CHECK(read->revision == 4711);
  CHECK(read->value == place.value);
  CHECK(read->key == place.key);
}

TEST_CASE("a page token of another listing is refused") {
  const std::string token = MakePageToken({1, "a", "b"}, PageArguments({"a", "bc"}));
  const auto status = ReadPageToken(token, PageArguments({"ab", "c"})).status();
  CHECK(base::ReasonOf(status) == errors::v1::ERROR_REASON_PAGE_TOKEN_INVALID);
}

TEST_CASE("a page token with any one character changed is refused") {
  const std::string token = MakePageToken({7, "value", "key"}, "x");
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (std::size_t i = 0; i + 1 < token.size(); ++i) {
    std::string changed = token;
    do changed[i] = static_cast<char>('!' + random() % 90);
    while (changed[i] == token[i]);
    CAPTURE(i, changed);
    CHECK_FALSE(ReadPageToken(changed, "x").ok());
  }
  for (std::size_t size = 0; size < token.size(); size += 4) {
    CHECK_FALSE(ReadPageToken(token.substr(0, size), "x").ok());
  }
  CHECK_FALSE(ReadPageToken(std::string(5000, 'A'), "x").ok());
}

TEST_CASE("a page has 50 records unless asked, 500 at most, never fewer than none") {
  CHECK(PageSize(0).value_or(-1) == 50);
  CHECK(PageSize(1).value_or(-1) == 1);
  CHECK(PageSize(501).value_or(-1) == 500);
  CHECK(base::ErrorMetadata(PageSize(-1).status(), "field") == "page_size");
}

}  // namespace
}  // namespace brobygger::registry
