#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/matching/prepared.h"

namespace brobygger::matching {

// Gathers the records that share keys with one, and keeps those worth comparing.
class CandidateFilter {
 public:
  void Clear() { found_.clear(); }
  void Add(RecordId record, bool by_weak_key) {
    found_.push_back((std::uint64_t{record} << 1) | (by_weak_key ? 1 : 0));
  }

  // In the order of their ids, each once. One that was found by weak keys alone, and whose
  // letters differ, is left out. `record_of` says what a record is.
  template <typename RecordOf>
  void Take(const Prepared& prepared,
            const RecordOf& record_of,
            std::vector<RecordId>& candidates) {
    candidates.clear();
    std::sort(found_.begin(), found_.end());
    for (std::size_t i = 0; i < found_.size();) {
      const std::uint64_t id = found_[i] >> 1;
      const bool only_weak = (found_[i] & 1) != 0;  // a stronger one would come first
      while (i < found_.size() && (found_[i] >> 1) == id) ++i;
      const auto candidate = static_cast<RecordId>(id);
      if (!only_weak || ResembleByLetters(prepared, record_of(candidate))) {
        candidates.push_back(candidate);
      }
    }
  }

 private:
  std::vector<std::uint64_t> found_;
};

}  // namespace brobygger::matching
