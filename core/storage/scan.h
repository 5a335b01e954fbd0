#pragma once

#include <optional>
#include <string>

#include "core/storage/store.h"

namespace brobygger::storage {

// A scan's range as every backend can ask for it: from `lower` on, and below
// `upper` if there is one, in byte order.
template <typename Place>
struct Bounds {
  Place lower;
  std::optional<Place> upper;

  bool Contains(const Place& place) const {
    return !(place < lower) && (!upper.has_value() || place < *upper);
  }
};
using KeyBounds = Bounds<std::string>;
using IndexBounds = Bounds<IndexEntry>;

KeyBounds ToBounds(const KeyRange& range);
IndexBounds ToBounds(const IndexRange& range);

// The first text after `text` in byte order.
std::string JustAfter(const std::string& text);

}  // namespace brobygger::storage
