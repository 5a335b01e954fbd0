#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/search/view.h"

namespace brobygger::search {

// Which associations a caller may know of: those of which any of this is so.
struct Reach {
  bool all = true;
  std::optional<std::uint16_t> municipality = {};  // at home in it, by its code
  bool shown_to_municipalities = false;            // agreed to be shown to other municipalities
  bool shown_to_centres = false;                   // and to volunteer centres
  std::string association_id = {};                 // is this one; empty: none
  // And, if it is set, only these.
  std::optional<std::vector<std::string>> among = {};
};

// Of these associations those that are in the segment.
Bits DocsOf(const Segment& segment, const std::vector<std::string>& ids);

// The live documents of a part that are within reach.
Bits WithinReach(const Part& part, const Reach& reach);

}  // namespace brobygger::search
