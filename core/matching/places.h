#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <absl/container/flat_hash_set.h>

#include "core/matching/text.h"

namespace brobygger::matching {

// A place by its main words: "kobenhavn n" and "kobenhavn" are both "kobenhavn".
// 0 is none.
using PlaceKey = std::uint64_t;

// The places that a name may speak of: the postal districts and municipalities of
// the product's own tables, and every town a record gives as its own, so that
// another country needs no table. Not synchronised.
class Places {
 public:
  // Those of the product's tables.
  static const Places& Shipped();

  // Learns a town. Words of one or two letters are no place by themselves.
  void Add(const std::string& city);

  // How many of the words from the first on are a place; 0 if none. The longest
  // wins.
  std::size_t CountAt(std::span<const Word> words) const;

  std::size_t size() const { return phrases_.size(); }

  // The place's key: without a quarter of the sky, a district's letters or the
  // like at its end.
  static PlaceKey KeyOf(std::span<const Word> words);
  static PlaceKey KeyOf(const std::string& city);

 private:
  absl::flat_hash_set<std::uint64_t> phrases_;
};

}  // namespace brobygger::matching
