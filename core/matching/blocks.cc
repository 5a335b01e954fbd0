#include "core/matching/blocks.h"

#include <algorithm>
#include <array>
#include <deque>
#include <numeric>
#include <utility>

#include "core/matching/candidates.h"
#include "core/matching/chunks.h"
#include "core/matching/keys.h"

namespace brobygger::matching {
namespace {

constexpr std::size_t kParts = 64;
constexpr std::size_t kBlockChunk = 1024;

// That a record has a key.
struct Posting {
  PackedKey key;
  RecordId record;

  bool operator<(const Posting& other) const {
    return std::pair(key.value(), record) < std::pair(other.key.value(), other.record);
  }
};

// Of one thread: postings by the first bits of their keys. Deques, since they never move
// what they hold, and so never hold it twice.
using Heaps = std::array<std::deque<Posting>, kParts>;

std::size_t PartOf(std::uint64_t key) { return key >> 58; }

std::vector<Heaps> CollectPostings(const Words& words,
                                   std::span<const Prepared> records,
                                   int threads) {
  std::vector<Heaps> heaps(static_cast<std::size_t>(std::max(1, threads)));
  ForEachChunk(records.size(), kBlockChunk, threads,
               [&](int thread, std::size_t begin, std::size_t end) {
                 std::vector<std::uint64_t> keys;
                 Heaps& into = heaps[static_cast<std::size_t>(thread)];
                 for (std::size_t record = begin; record < end; ++record) {
                   KeysOf(words, records[record], keys);
                   for (const std::uint64_t key : keys) {
                     into[PartOf(key)].push_back({PackedKey(key), static_cast<RecordId>(record)});
                   }
                 }
               });
  return heaps;
}

// The postings of one part, in order.
std::vector<Posting> TakePostings(std::vector<Heaps>& heaps, std::size_t part) {
  std::vector<Posting> postings;
  std::size_t count = 0;
  for (const Heaps& heap : heaps) count += heap[part].size();
  postings.reserve(count);
  for (Heaps& heap : heaps) {
    const std::deque<Posting> taken = std::exchange(heap[part], {});
    postings.insert(postings.end(), taken.begin(), taken.end());
  }
  std::sort(postings.begin(), postings.end());
  return postings;
}

// How many associations, each known by the name of its records, share the value.
std::size_t CountAssociations(std::span<const Posting> postings,
                              std::span<const Prepared> records) {
  absl::InlinedVector<std::uint64_t, 8> names;
  for (const Posting& posting : postings) {
    const std::uint64_t name = records[posting.record].name_key;
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    names.push_back(name);
    if (names.size() >= kCountLimit) break;
  }
  return names.size();
}

}  // namespace

// What the keys of one part come to.
struct Blocks::Part {
  std::vector<RecordId> members;
  std::vector<std::uint32_t> sizes;
  std::vector<bool> weak;
  std::vector<std::pair<PackedKey, std::uint8_t>> shared_by;
  std::vector<RecordId> too_common;

  Part() = default;
  Part(std::span<const Posting> postings, std::span<const Prepared> records) {
    for (std::size_t begin = 0; begin < postings.size();) {
      const PackedKey key = postings[begin].key;
      std::size_t end = begin + 1;
      while (end < postings.size() && postings[end].key == key) ++end;
      if (end - begin > 1) TakeKey(key.value(), postings.subspan(begin, end - begin), records);
      begin = end;
    }
  }

  void TakeKey(std::uint64_t key,
               std::span<const Posting> postings,
               std::span<const Prepared> records) {
    const bool too_many = postings.size() > MostUnderKey(key);
    if (too_many && !IsStrongKey(key)) return;
    if (IsStrongKey(key)) {
      const std::size_t count = too_many ? kCountLimit : CountAssociations(postings, records);
      if (count > 1) shared_by.emplace_back(PackedKey(key), static_cast<std::uint8_t>(count));
    }
    for (const Posting& posting : postings) {
      (too_many ? too_common : members).push_back(posting.record);
    }
    if (too_many) return;
    sizes.push_back(static_cast<std::uint32_t>(postings.size()));
    weak.push_back(IsWeakKey(key));
  }
};

Blocks::Blocks(const Words& words, std::span<const Prepared> records, int threads)
    : records_(records) {
  std::vector<Heaps> heaps = CollectPostings(words, records, threads);
  std::vector<Part> parts(kParts);
  ForEachChunk(kParts, 1, threads, [&](int /*thread*/, std::size_t number, std::size_t /*end*/) {
    parts[number] = Part(TakePostings(heaps, number), records);
  });
  Join(std::move(parts));
}

void Blocks::Join(std::vector<Part> parts) {
  std::size_t members = 0;
  std::size_t blocks = 0;
  std::size_t shared = 0;
  for (const Part& part : parts) {
    members += part.members.size();
    blocks += part.sizes.size();
    shared += part.shared_by.size();
  }
  members_.reserve(members);
  starts_.reserve(blocks + 1);
  shared_by_.reserve(shared);
  std::vector<bool> weak;
  weak.reserve(blocks);
  std::vector<bool> too_common(records_.size());
  for (Part& each : parts) {
    const Part part = std::exchange(each, {});
    members_.insert(members_.end(), part.members.begin(), part.members.end());
    for (const std::uint32_t size : part.sizes) starts_.push_back(starts_.back() + size);
    weak.insert(weak.end(), part.weak.begin(), part.weak.end());
    shared_by_.insert(part.shared_by.begin(), part.shared_by.end());
    for (const RecordId record : part.too_common) too_common[record] = true;
  }
  too_common_ = static_cast<std::size_t>(std::count(too_common.begin(), too_common.end(), true));
  SortByRecord(weak);
}

// From "which records a key has" to "which keys a record has".
void Blocks::SortByRecord(const std::vector<bool>& weak) {
  begins_.assign(records_.size() + 1, 0);
  for (const RecordId member : members_) ++begins_[member + 1];
  std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
  blocks_of_.resize(members_.size());
  std::vector<std::uint32_t> next(begins_.begin(), begins_.end() - 1);
  for (std::uint32_t block = 0; block < weak.size(); ++block) {
    for (std::uint32_t at = starts_[block]; at < starts_[block + 1]; ++at) {
      blocks_of_[next[members_[at]]++] = block * 2 + (weak[block] ? 1 : 0);
    }
  }
}

void Blocks::FindCandidates(RecordId record, std::vector<RecordId>& candidates) const {
  thread_local CandidateFilter filter;
  filter.Clear();
  for (std::uint32_t at = begins_[record]; at < begins_[record + 1]; ++at) {
    const std::uint32_t block = blocks_of_[at] >> 1;
    const bool weak = (blocks_of_[at] & 1) != 0;
    for (std::uint32_t member = starts_[block]; members_[member] < record; ++member) {
      filter.Add(members_[member], weak);
    }
  }
  filter.Take(
      records_[record], [&](RecordId id) -> const Prepared& { return records_[id]; }, candidates);
}

std::size_t Blocks::SharedBy(std::uint64_t value) const {
  const auto found = shared_by_.find(PackedKey(value));
  return found == shared_by_.end() ? 1 : found->second;
}

}  // namespace brobygger::matching
