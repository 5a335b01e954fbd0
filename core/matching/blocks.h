#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <absl/container/flat_hash_map.h>

#include "core/matching/compare.h"
#include "core/matching/lexicon.h"
#include "core/matching/packed.h"
#include "core/matching/prepared.h"

namespace brobygger::matching {

// The blocks of a whole list: under each key the records that have it. The same
// answers as a Corpus gives for the list, but all records are known from the start:
// a key that one record alone has takes no memory, and how many associations share a
// value is counted once and not for each pair. Immutable; any number of threads may read.
class Blocks final : public ValueCounts {
 public:
  // `records` must outlive it; `words` are theirs.
  Blocks(const Words& words, std::span<const Prepared> records, int threads);

  // Records before this one that are worth comparing with it, as Corpus::FindCandidates().
  void FindCandidates(RecordId record, std::vector<RecordId>& candidates) const;

  std::size_t SharedBy(std::uint64_t value) const override;

  // How many records have a name or value that too many share to look at them all.
  std::size_t too_common() const { return too_common_; }

 private:
  struct Part;
  void Join(std::vector<Part> parts);
  void SortByRecord(const std::vector<bool>& weak);

  std::span<const Prepared> records_;
  // Block b is members_[starts_[b]] up to starts_[b + 1], in order.
  std::vector<RecordId> members_;
  std::vector<std::uint32_t> starts_ = {0};
  // The blocks of record r are blocks_of_[begins_[r]] up to begins_[r + 1]: twice the
  // number of a block, and 1 more if its key is weak.
  std::vector<std::uint32_t> blocks_of_;
  std::vector<std::uint32_t> begins_;
  absl::flat_hash_map<PackedKey, std::uint8_t, PackedKey::Hash> shared_by_;  // where several do
  std::size_t too_common_ = 0;
};

}  // namespace brobygger::matching
