#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <absl/container/flat_hash_map.h>

#include "core/search/evaluate.h"
#include "core/search/segment.h"

namespace brobygger::search {

// Counts how many documents have each value of a field. For one thread.
class FacetCounter {
 public:
  explicit FacetCounter(FieldSet fields) : fields_(fields & kFacetFields) {}

  void Count(const Segment& segment, DocId doc);

  std::vector<Facet> Finish();

 private:
  static constexpr std::size_t kCodes = 10'000;
  void CountLanguages(const Segment& segment, DocId doc);
  // Adds what was counted by the numbers of one segment.
  void EndSegment();

  const FieldSet fields_;
  std::array<std::uint64_t, 16> themes_ = {};
  std::array<std::uint64_t, 16> audiences_ = {};
  std::array<std::uint64_t, 8> statuses_ = {};
  std::array<std::uint64_t, 7> weekdays_ = {};
  std::vector<std::uint64_t> municipalities_;
  const Segment* segment_ = nullptr;
  std::vector<std::uint64_t> languages_here_;
  std::vector<DocId> language_seen_;  // the document a language was counted for last, plus 1
  std::vector<std::uint64_t> areas_here_;
  absl::flat_hash_map<std::string, std::uint64_t> languages_;
  absl::flat_hash_map<std::string, std::uint64_t> areas_;
};

}  // namespace brobygger::search
