#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <absl/container/flat_hash_map.h>

#include "core/search/evaluate.h"
#include "core/search/segment.h"

namespace brobygger::search {

// Counts how many documents have each value of a field. For one thread; segments must outlive it.
class FacetCounter {
 public:
  explicit FacetCounter(FieldSet fields) : fields_(fields & kFacetFields) {
    if (fields_.Has(Field::kMunicipality)) municipalities_.resize(kCodes);
  }

  // All of these; of each segment once.
  void Count(const Segment& segment, const Bits& docs);

  std::vector<Facet> Finish();

 private:
  static constexpr std::size_t kCodes = 10'000;
  // Fields of few values are counted value by value, which costs the same however many documents
  // there are; others, and where there are few documents, one by one.
  FieldSet QuickerByValue(const Segment& segment, const Bits& docs) const;
  void CountValues(const Segment& segment, const Bits& docs, FieldSet fields);
  void CountOne(const Segment& segment, DocId doc, FieldSet fields);
  void CountMunicipality(std::uint16_t code);
  void CountLanguages(const Segment& segment, DocId doc);
  void CountCapacity(std::uint16_t capacity);
  void CountTitles(const Segment& segment, DocId doc);
  // Takes what was counted by the segment's own numbers to that of all segments.
  void EndSegment(const Segment& segment);
  Facet Municipalities() const;
  Facet Capacities() const;
  Facet Titles();

  const FieldSet fields_;
  std::array<std::uint64_t, 16> themes_ = {};
  std::array<std::uint64_t, 16> audiences_ = {};
  std::array<std::uint64_t, 8> statuses_ = {};
  std::array<std::uint64_t, 7> weekdays_ = {};
  std::array<std::uint64_t, kCapacitySteps.size()> capacities_ = {};
  std::vector<std::uint32_t> municipalities_;       // by code
  std::vector<std::uint16_t> municipalities_seen_;  // of 10,000 codes some hundred are used
  std::vector<std::uint64_t> languages_here_;
  std::vector<DocId> language_seen_;  // the document a language was counted for last, plus 1
  std::vector<std::uint64_t> areas_here_;
  std::vector<std::uint32_t> titles_here_;
  absl::flat_hash_map<std::string, std::uint64_t> languages_;
  absl::flat_hash_map<std::string, std::uint64_t> areas_;
  // A way of writing a title, in one segment, which it is a part of.
  struct WrittenTitle {
    std::uint64_t key;
    std::string_view written;
    std::uint64_t count;
  };
  std::vector<WrittenTitle> titles_;
};

}  // namespace brobygger::search
