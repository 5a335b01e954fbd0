#include "core/storage/scan.h"

#include <algorithm>

namespace brobygger::storage {
namespace {

// The first text after all that start with `prefix`; none if there is no end.
std::optional<std::string> EndOfPrefix(std::string prefix) {
  while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xFF) prefix.pop_back();
  if (prefix.empty()) return std::nullopt;
  prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return prefix;
}

template <typename Place>
void LowerTo(std::optional<Place>& upper, const Place& place) {
  if (!upper.has_value() || place < *upper) upper = place;
}

}  // namespace

std::string JustAfter(const std::string& text) { return text + '\0'; }

KeyBounds ToBounds(const KeyRange& range) {
  KeyBounds bounds{.lower = range.prefix, .upper = EndOfPrefix(range.prefix)};
  if (range.after.empty()) return bounds;
  if (range.backwards) {
    LowerTo(bounds.upper, range.after);
  } else {
    bounds.lower = std::max(bounds.lower, JustAfter(range.after));
  }
  return bounds;
}

IndexBounds ToBounds(const IndexRange& range) {
  IndexBounds bounds{.lower = {.value = range.prefix, .key = ""}, .upper = std::nullopt};
  if (const auto end = EndOfPrefix(range.prefix)) bounds.upper = IndexEntry{*end, ""};
  if (range.after == IndexEntry{}) return bounds;
  if (range.backwards) {
    LowerTo(bounds.upper, range.after);
  } else {
    bounds.lower =
        std::max(bounds.lower, IndexEntry{range.after.value, JustAfter(range.after.key)});
  }
  return bounds;
}

}  // namespace brobygger::storage
