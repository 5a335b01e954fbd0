#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include <absl/container/flat_hash_map.h>

#include "core/matching/compare.h"
#include "core/matching/keys.h"
#include "core/matching/lexicon.h"
#include "core/matching/packed.h"
#include "core/matching/places.h"
#include "core/matching/prepared.h"
#include "core/matching/record.h"
#include "core/matching/tables.h"

namespace brobygger::matching {

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

  const Prepared& operator[](RecordId id) const { return At(id).prepared; }
  Owner OwnerOf(RecordId id) const { return At(id).owner; }

  // A record that is not in it, as it would be. `words` are those of this corpus.
  Prepared Prepare(const Record& record, Words& words) const;
  Words MakeWords() const { return Words(lexicon_); }

  // Records that have a key in common with this one, in the order of their ids, each once. One that
  // shares nothing but weak keys and whose letters differ is left out. Returns whether some keys
  // were passed over because too many have them.
  bool FindCandidates(const Words& words,
                      const Prepared& prepared,
                      std::vector<RecordId>& candidates) const;

  CompareContext ContextFor(const Words& words) const {
    return {.words = words, .counts = *this, .ln_names = std::log(static_cast<double>(names_) + 1)};
  }

  std::size_t SharedBy(std::uint64_t value) const override;

  std::size_t size() const { return count_ - free_.size(); }
  std::size_t MemoryBytes() const;

 private:
  struct Entry {
    Prepared prepared;
    Owner owner = kNoOwner;
    std::uint64_t OwnerKey() const;
  };

  // In pieces that stay where they are: a vector that grows holds room for as many again,
  // and moves them all when that is used up.
  static constexpr RecordId kChunk = 256;
  using Chunk = std::array<Entry, kChunk>;

  const Entry& At(RecordId id) const { return (*chunks_[id / kChunk])[id % kChunk]; }
  Entry& At(RecordId id) { return (*chunks_[id / kChunk])[id % kChunk]; }
  RecordId NewId();
  void Put(std::uint64_t key, RecordId id);
  void Take(std::uint64_t key, RecordId id);
  template <typename Each>
  void ForEachUnder(std::uint64_t key, bool& too_many, const Each& each) const;
  void CountNames(const Prepared& prepared, int by);

  const Tables& tables_;
  Lexicon lexicon_;
  Places places_;
  std::vector<std::unique_ptr<Chunk>> chunks_;
  RecordId count_ = 0;  // of ids that are or were in use
  std::vector<RecordId> free_;
  // To a record, a list, or that there are too many: see corpus.cc.
  absl::flat_hash_map<PackedKey, std::uint32_t, PackedKey::Hash> under_key_;
  std::vector<std::vector<RecordId>> lists_;
  std::vector<std::uint32_t> free_lists_;
  std::size_t names_ = 0;
};

}  // namespace brobygger::matching
