#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace brobygger::matching {

// What of two records is compared. Each comparison comes to one level; level 0 is
// "one of the two does not say", which is no evidence. The order and the levels
// are part of a model file's form: see kComparisons in comparisons.cc.
enum class Comparison : std::uint8_t {
  kName,          // the words of the name that are its own, sounds counting as well
  kFullName,      // all words of the name
  kLetters,       // the letters of the name, whatever the words
  kShared,        // how much it tells that these words are in both names
  kLeftOverLess,  // how much the rest of one name tells, the smaller
  kLeftOverMore,  // and the larger
  kTypeWords,     // what kind of association the names say it is
  kPlace,         // places in the names, and the towns
  kCommunity,     // communities in the names
  kNumbers,       // numbers in the names
  kAcronym,       // whether one name is the other's initials
  kReach,         // national, or a local part
  kCvr,
  kEmail,
  kPhone,
  kWebsite,
  kAddress,
  kArea,  // postal code, town, municipality
  kCountry,
  kContact,  // persons; in lists outside the hub only
  kFounded,
  kParent,      // the national association one says it belongs to
  kSource,      // whether one system lists both
  kDomainName,  // the name of one in the other's web or mail domain
};
inline constexpr std::size_t kComparisonCount = 24;
inline constexpr std::size_t kMostLevels = 10;

// The level each comparison came to.
using Levels = std::array<std::uint8_t, kComparisonCount>;

struct ComparisonSpec {
  std::string key;                  // "phone", as it stands in model files
  std::vector<std::string> levels;  // the first is "missing"
};

// All comparisons, in the order of the enum.
const std::vector<ComparisonSpec>& Comparisons();

inline std::uint8_t& LevelOf(Levels& levels, Comparison comparison) {
  return levels[static_cast<std::size_t>(comparison)];
}
inline std::uint8_t LevelOf(const Levels& levels, Comparison comparison) {
  return levels[static_cast<std::size_t>(comparison)];
}

}  // namespace brobygger::matching
