#include "core/matching/comparisons.h"

namespace brobygger::matching {

const std::vector<ComparisonSpec>& Comparisons() {
  static const std::vector<ComparisonSpec> kSpecs = {
      {"name",
       {"missing", "other", "hardly", "little", "partly", "much", "mostly", "nearly", "same"}},
      {"full_name",
       {"missing", "other", "hardly", "little", "partly", "much", "mostly", "nearly", "same"}},
      {"letters", {"missing", "other", "hardly", "little", "partly", "much", "mostly", "nearly"}},
      {"shared",
       {"missing", "none", "very_common", "common", "usual", "uncommon", "rare", "very_rare",
        "unique"}},
      {"left_over_less", {"missing", "nothing", "common", "usual", "rare"}},
      {"left_over_more", {"missing", "nothing", "common", "usual", "rare"}},
      {"type_words", {"missing", "different", "overlapping", "one_only", "part", "same"}},
      {"place", {"missing", "different", "other_town", "one_only", "own_town", "same"}},
      {"community", {"missing", "different", "one_only", "same"}},
      {"numbers", {"missing", "different", "one_only", "same"}},
      {"acronym", {"missing", "does_not_fit", "fits", "same"}},
      {"reach", {"missing", "national_and_local", "both_national", "both_local"}},
      {"cvr",
       {"missing", "different", "suspect", "transposed", "same_by_many", "same_by_few", "same"}},
      {"email",
       {"missing", "different", "similar", "domain_of_many", "domain", "same_by_many",
        "same_by_few", "same"}},
      {"phone", {"missing", "different", "one_digit_off", "same_by_many", "same_by_few", "same"}},
      {"website", {"missing", "different", "host", "same_by_few", "same"}},
      {"address", {"missing", "different", "street", "same_by_many", "same_by_few", "same"}},
      {"area", {"missing", "different", "municipality", "town", "postal_code"}},
      {"country", {"missing", "different", "same"}},
      {"contact", {"missing", "different", "similar", "same"}},
      {"founded", {"missing", "far", "near", "next", "same"}},
      {"parent", {"missing", "different", "is_parent", "same"}},
      {"source", {"missing", "same", "different"}},
      {"domain_name", {"missing", "other", "part", "fits"}},
  };
  return kSpecs;
}

}  // namespace brobygger::matching
