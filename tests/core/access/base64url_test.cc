#include "core/access/base64url.h"

#include <random>

#include <catch2/catch.hpp>

namespace brobygger::access {

TEST_CASE("base64url gives back the bytes it was made of", "[base64url]") {
  // RFC 4648 section 10.
  CHECK(ToBase64Url("").empty());
  CHECK(ToBase64Url("f") == "Zg");
  CHECK(ToBase64Url("fo") == "Zm8");
  CHECK(ToBase64Url("foobar") == "Zm9vYmFy");
  CHECK(ToBase64Url("\xFB\xFF\xBF") == "-_-_");
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (std::size_t size = 0; size < 200; ++size) {
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    CHECK(FromBase64Url(ToBase64Url(bytes)) == bytes);
  }
}

TEST_CASE("each text of four characters is either refused or the only one of its bytes",
          "[base64url]") {
  const std::string characters = "AQgw-_+/= \n.Z";
  int taken = 0;
  for (const char first : characters) {
    for (const char second : characters) {
      for (const char third : characters) {
        const std::string text = {'Z', first, second, third};
        for (std::size_t size = 1; size <= text.size(); ++size) {
          const std::string part = text.substr(0, size);
          const auto bytes = FromBase64Url(part);
          if (!bytes.has_value()) continue;
          ++taken;
          CHECK(ToBase64Url(*bytes) == part);
        }
      }
    }
  }
  CHECK(taken > 0);
}

}  // namespace brobygger::access
