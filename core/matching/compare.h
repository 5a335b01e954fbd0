#pragma once

#include <cstddef>
#include <cstdint>

#include <absl/container/inlined_vector.h>

#include "core/matching/comparisons.h"
#include "core/matching/lexicon.h"
#include "core/matching/prepared.h"

namespace brobygger::matching {

// A value that several associations may share: a house telephone, a community
// house, a parent's CVR number.
enum class ValueKind : std::uint8_t { kCvr, kEmail, kDomain, kPhone, kWebsite, kHost, kAddress };

// How many associations share a value, in whatever the pair comes from. Evidence
// shrinks with it.
class ValueCounts {
 public:
  virtual ~ValueCounts() = default;
  // At least 1 for a value that is there. `value` as ValueOf...() in keys.h make it.
  virtual std::size_t SharedBy(std::uint64_t value) const = 0;
};

// What a comparison needs beside the two records.
struct CompareContext {
  const Words& words;
  const ValueCounts& counts;
  double ln_names = 0;  // natural logarithm of one more than there are names in all
};

// A word of a name, with what it weighs.
struct WeighedWord {
  const KnownWord* word;
  double weight;
  bool body;
};

// A name's words but fillers, weighed once for all that it is compared with.
struct WeighedName {
  const PreparedName* name;
  absl::InlinedVector<WeighedWord, 6> words = {};
  double square = 0;       // of all weights
  double body_square = 0;  // of the body's
};

struct WeighedRecord {
  const Prepared* record;
  absl::InlinedVector<WeighedName, 1> names = {};
};

// For comparing a record with many. The context and the record must outlive it.
WeighedRecord WeighNames(const CompareContext& context, const Prepared& record);

// The levels of all comparisons. Symmetric.
Levels CompareRecords(const CompareContext& context,
                      const WeighedRecord& left,
                      const WeighedRecord& right);
Levels CompareRecords(const CompareContext& context, const Prepared& left, const Prepared& right);

// How alike two words are, 0 to 1: the same, the same by ear, the same idea in
// another language, or nearly the same letters.
double WordSimilarity(const KnownWord& left, const KnownWord& right);

}  // namespace brobygger::matching
