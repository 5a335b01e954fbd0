#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/matching/blocks.h"
#include "core/matching/chunks.h"
#include "core/matching/compare.h"
#include "core/matching/lexicon.h"
#include "core/matching/places.h"
#include "core/matching/prepared.h"
#include "core/matching/record_source.h"

namespace brobygger::matching {

// A whole list, prepared by several threads, and what its records are to be compared
// with. What it holds, and what it answers, are those of a Corpus to which the list was
// added, its towns first. Immutable: any number of threads may read.
//
// Records stand in the order of their towns, since most of what a record is compared
// with is of its own town, and so is still in the processor's cache. A place in that
// order is not a record's number.
class ListCorpus {
 public:
  // Of `records` those with the given numbers, which must ascend. A record is known by
  // where its number stands among them.
  ListCorpus(const Tables& tables,
             const RecordSource& records,
             std::span<const std::uint32_t> numbers,
             int threads,
             const BatchProgress& progress);

  std::size_t size() const { return prepared_.size(); }
  const Prepared& operator[](RecordId record) const { return prepared_[place_of_[record]]; }

  const Prepared& AtPlace(RecordId place) const { return prepared_[place]; }
  RecordId RecordAt(RecordId place) const { return record_at_[place]; }
  // Places before this one.
  void FindCandidates(RecordId place, std::vector<RecordId>& candidates) const {
    blocks_->FindCandidates(place, candidates);
  }

  Words MakeWords() const { return Words(lexicon_); }
  CompareContext ContextFor(const Words& words) const;
  std::size_t too_common() const { return blocks_->too_common(); }

 private:
  void OrderByTown(const RecordSource& records,
                   std::span<const std::uint32_t> numbers,
                   int threads);
  void PrepareAll(const RecordSource& records,
                  std::span<const std::uint32_t> numbers,
                  int threads,
                  const BatchProgress& progress);
  void CountNames();

  const Tables& tables_;
  Lexicon lexicon_;
  Places places_;
  std::vector<RecordId> record_at_;  // by place
  std::vector<RecordId> place_of_;
  std::vector<Prepared> prepared_;  // by place
  std::size_t names_ = 0;
  std::optional<Blocks> blocks_;
};

// The numbers of all records.
std::vector<std::uint32_t> AllOf(const RecordSource& records);

}  // namespace brobygger::matching
