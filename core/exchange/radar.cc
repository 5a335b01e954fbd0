#include "core/exchange/radar.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string_view>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_replace.h>

namespace brobygger::exchange {
namespace {

constexpr double kPictureWidth = 760;
constexpr double kPictureHeight = 560;
constexpr double kMiddleX = kPictureWidth / 2;
constexpr double kMiddleY = 250;
constexpr double kRadius = 170;
constexpr double kLabelGap = 16;
constexpr double kSignSize = 5;
constexpr double kLegendY = 500;
constexpr double kLegendStep = 20;

// Told apart by line and sign, and then by colour (all of a contrast of 4.5 on white).
struct Style {
  const char* colour;
  const char* dashes;
};
constexpr std::array<Style, 4> kStyles = {
    {{"#6b6b6b", "6 4"}, {"#0059b3", ""}, {"#8a4b00", "2 3"}, {"#006b3c", "10 3"}}};

struct Point {
  double x;
  double y;
};

// The first axis points up; the others follow clockwise.
Point At(std::size_t axis, std::size_t axes, double radius) {
  const double angle = 2 * std::numbers::pi * static_cast<double>(axis) / static_cast<double>(axes);
  return {kMiddleX + radius * std::sin(angle), kMiddleY - radius * std::cos(angle)};
}

std::string Escaped(const std::string& text) {
  return absl::StrReplaceAll(text,
                             {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}});
}

std::string Pair(const Point& point) { return absl::StrFormat("%.1f,%.1f", point.x, point.y); }

// One square, or one diamond, or one circle, for each round.
std::string Sign(std::size_t round, const Point& at, const char* colour) {
  switch (round % 3) {
    case 0:
      return absl::StrFormat(
          "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.0f\" height=\"%.0f\" fill=\"%s\"/>\n",
          at.x - kSignSize, at.y - kSignSize, 2 * kSignSize, 2 * kSignSize, colour);
    case 1:
      return absl::StrFormat("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.0f\" fill=\"%s\"/>\n", at.x,
                             at.y, kSignSize, colour);
    default:
      return absl::StrFormat("<path d=\"M%.1f %.1f l5 5 l-5 5 l-5 -5 z\" fill=\"%s\"/>\n", at.x,
                             at.y - kSignSize, colour);
  }
}

std::string Anchor(const Point& at) {
  if (std::abs(at.x - kMiddleX) < 1) return "middle";
  return at.x > kMiddleX ? "start" : "end";
}

void AddWeb(const std::vector<std::string>& axes, double most, std::string& svg) {
  for (int ring = 1; ring <= static_cast<int>(most); ++ring) {
    std::string points;
    for (std::size_t axis = 0; axis < axes.size(); ++axis) {
      absl::StrAppend(&points, axis == 0 ? "" : " ",
                      Pair(At(axis, axes.size(), kRadius * ring / most)));
    }
    absl::StrAppend(&svg, "<polygon points=\"", points, "\" fill=\"none\" stroke=\"#c4c4c4\"/>\n");
    const Point up = At(0, axes.size(), kRadius * ring / most);
    absl::StrAppendFormat(
        &svg, "<text x=\"%.1f\" y=\"%.1f\" font-size=\"10\" fill=\"#6b6b6b\">%d</text>\n", up.x + 4,
        up.y - 2, ring);
  }
  for (std::size_t axis = 0; axis < axes.size(); ++axis) {
    const Point end = At(axis, axes.size(), kRadius);
    const Point label = At(axis, axes.size(), kRadius + kLabelGap);
    absl::StrAppendFormat(
        &svg, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#c4c4c4\"/>\n",
        kMiddleX, kMiddleY, end.x, end.y);
    absl::StrAppendFormat(&svg, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n",
                          label.x, label.y + 4, Anchor(label), Escaped(axes[axis]));
  }
}

// The lines between neighbouring axes of which both are told: what is not told is not drawn as if
// it were nothing.
std::string LinesOf(const std::vector<std::optional<Point>>& points) {
  std::string path;
  for (std::size_t axis = 0; axis < points.size(); ++axis) {
    const auto& here = points[axis];
    const auto& next = points[(axis + 1) % points.size()];
    if (here && next) absl::StrAppend(&path, " M", Pair(*here), " L", Pair(*next));
  }
  return path;
}

void AddRound(
    std::size_t number, const RadarSeries& round, std::size_t axes, double most, std::string& svg) {
  const Style& style = kStyles.at(number % kStyles.size());
  std::vector<std::optional<Point>> points(axes);
  for (std::size_t axis = 0; axis < std::min(axes, round.values.size()); ++axis) {
    const auto& value = round.values[axis];
    if (value) points[axis] = At(axis, axes, kRadius * *value / most);
  }
  absl::StrAppend(&svg, "<path d=\"", LinesOf(points),
                  "\" fill=\"none\" stroke-width=\"2\" stroke=\"", style.colour, "\"");
  if (*style.dashes != '\0') absl::StrAppend(&svg, " stroke-dasharray=\"", style.dashes, "\"");
  absl::StrAppend(&svg, "/>\n");
  for (const auto& point : points) {
    if (point) absl::StrAppend(&svg, Sign(number, *point, style.colour));
  }
}

void AddLegend(const std::vector<RadarSeries>& rounds, std::string& svg) {
  for (std::size_t i = 0; i < rounds.size(); ++i) {
    const Style& style = kStyles.at(i % kStyles.size());
    const double y = kLegendY + kLegendStep * static_cast<double>(i % 3);
    const double x = 40 + 240 * static_cast<double>(i / 3);
    absl::StrAppend(&svg, Sign(i, {x, y}, style.colour));
    absl::StrAppendFormat(&svg, "<text x=\"%.1f\" y=\"%.1f\">%s</text>\n", x + 14, y + 4,
                          Escaped(rounds[i].title));
  }
}

}  // namespace

std::string RadarSvg(const std::string& title,
                     const std::vector<std::string>& axes,
                     double most,
                     const std::vector<RadarSeries>& rounds) {
  std::string svg = absl::StrFormat(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" role=\"img\" "
      "font-family=\"sans-serif\" font-size=\"13\">\n<title>%s</title>\n"
      "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n",
      kPictureWidth, kPictureHeight, Escaped(title));
  absl::StrAppendFormat(
      &svg, "<text x=\"%.1f\" y=\"26\" text-anchor=\"middle\" font-size=\"17\">%s</text>\n",
      kMiddleX, Escaped(title));
  AddWeb(axes, most, svg);
  for (std::size_t i = 0; i < rounds.size(); ++i) AddRound(i, rounds[i], axes.size(), most, svg);
  AddLegend(rounds, svg);
  absl::StrAppend(&svg, "</svg>\n");
  return svg;
}

}  // namespace brobygger::exchange
