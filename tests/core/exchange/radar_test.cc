#include "core/exchange/radar.h"

#include <catch2/catch.hpp>

namespace brobygger::exchange {
namespace {

std::size_t Count(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("a radar picture has a ring a step, an axis a topic and a line a round", "[exchange]") {
  const std::string svg =
      RadarSvg("Ressourcetjek", {"a", "b", "c"}, 5, {{"2023", {2, 3, 4}}, {"2024", {3, 4, 5}}});
  CHECK(Count(svg, "<polygon") == 5);
  CHECK(Count(svg, "<line") == 3);
  CHECK(Count(svg, " M") == 6);
  CHECK(svg.find("<title>Ressourcetjek</title>") != std::string::npos);
}

TEST_CASE("what is not told is not drawn as nothing", "[exchange]") {
  const std::string svg =
      RadarSvg("t", {"a", "b", "c", "d"}, 5, {{"2023", {2, std::nullopt, 4, 3}}});
  // Its sign in the legend and three on the axes; the page itself is a rectangle, too.
  CHECK(Count(svg, "<rect") == 5);
  // From the third to the fourth axis, and from there to the first.
  CHECK(Count(svg, " M") == 2);
}

TEST_CASE("names cannot put anything else into a picture", "[exchange]") {
  const std::string svg = RadarSvg("<script>\"&", {"<b>", "b", "c"}, 5, {{"</svg>", {1, 1, 1}}});
  CHECK(svg.find("<script>") == std::string::npos);
  CHECK(svg.find("<b>") == std::string::npos);
  CHECK(Count(svg, "</svg>") == 1);
}

}  // namespace brobygger::exchange
