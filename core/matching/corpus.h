#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <absl/container/flat_hash_map.h>

#include "core/matching/compare.h"
#include "core/matching/keys.h"
#include "core/matching/lexicon.h"
#include "core/matching/places.h"
#include "core/matching/prepared.h"
#include "core/matching/record.h"
#include "core/matching/tables.h"

namespace brobygger::matching {

using RecordId = std::uint32_t;

// Whose a record is, where that is known; else its name stands in for it when
// associations are counted.
using Owner = std::uint32_t;
inline constexpr Owner kNoOwner = std::numeric_limits<Owner>::max();

// Records and the keys they are found under. Not synchronised: readers may be
// many while nobody writes.
class Corpus final : public ValueCounts {
 public:
  explicit Corpus(const Tables& tables);

  // Learns the towns that names may speak of. What is added later does not change
  // records that are there: tell all towns of a list before its records.
  void AddPlace(const Record& record) { places_.Add(record.city); }

  RecordId Add(const Record& record, Owner owner);
  // The id is used again.
  void Remove(RecordId id);

  const Prepared& operator[](RecordId id) const { return records_[id].prepared; }
  Owner OwnerOf(RecordId id) const { return records_[id].owner; }

  // A record that is not in it, as it would be. `words` are those of this corpus.
  Prepared Prepare(const Record& record, Words& words) const;
  Words MakeWords() const { return Words(lexicon_); }

  // Records below `below` that have a key in common with this one, in the order of
  // their ids, each once. One that shares nothing but weak keys and whose letters
  // differ is left out. Returns whether some keys were passed over because
  // too many have them.
  bool FindCandidates(const Words& words,
                      const Prepared& prepared,
                      RecordId below,
                      std::vector<RecordId>& candidates) const;

  // Whether a name or a way to reach it is shared by too many to look at them all.
  bool HasTooCommonValue(const Words& words, const Prepared& prepared) const;

  CompareContext ContextFor(const Words& words) const {
    return {.words = words, .counts = *this, .ln_names = std::log(static_cast<double>(names_) + 1)};
  }

  std::size_t SharedBy(std::uint64_t value) const override;

  std::size_t size() const { return records_.size() - free_.size(); }
  std::size_t capacity() const { return records_.size(); }
  std::size_t MemoryBytes() const;

 private:
  struct Entry {
    Prepared prepared;
    Owner owner = kNoOwner;
    std::uint64_t OwnerKey() const;
  };

  void Put(std::uint64_t key, RecordId id);
  void Take(std::uint64_t key, RecordId id);
  template <typename Each>
  void ForEachUnder(std::uint64_t key, bool& too_many, const Each& each) const;
  void CountNames(const Prepared& prepared, int by);

  const Tables& tables_;
  Lexicon lexicon_;
  Places places_;
  std::vector<Entry> records_;
  std::vector<RecordId> free_;
  // To a record, a list, or that there are too many: see corpus.cc.
  absl::flat_hash_map<std::uint64_t, std::uint32_t> under_key_;
  std::vector<std::vector<RecordId>> lists_;
  std::vector<std::uint32_t> free_lists_;
  std::size_t names_ = 0;
};

}  // namespace brobygger::matching
