#pragma once

#include <optional>
#include <string>
#include <vector>

namespace brobygger::exchange {

// A round of values in a radar picture.
struct RadarSeries {
  std::string title;
  std::vector<std::optional<double>> values;  // one for each axis; unset: not told
};

// A radar picture as a whole SVG document (SVG 1.1) without scripts or anything from elsewhere,
// with values from 0 in the middle to `most`. Each round has a line and a sign of its own, so that
// it can be read without colours; a value that is not told leaves its axis open. `title` is read
// out by screen readers. Pure. At least three axes.
std::string RadarSvg(const std::string& title,
                     const std::vector<std::string>& axes,
                     double most,
                     const std::vector<RadarSeries>& rounds);

}  // namespace brobygger::exchange
