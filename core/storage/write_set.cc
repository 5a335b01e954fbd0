#include "core/storage/write_set.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "core/base/status_macros.h"
#include "core/storage/scan.h"

namespace brobygger::storage {
namespace {

// The first `limit` of `sorted` from the end the scan starts at.
template <typename Sorted>
auto Take(const Sorted& sorted, int limit, bool backwards) {
  std::vector<typename Sorted::value_type> taken;
  const auto count = std::min<size_t>(sorted.size(), static_cast<size_t>(limit));
  taken.reserve(count);
  if (backwards) {
    std::copy_n(sorted.rbegin(), count, std::back_inserter(taken));
  } else {
    std::copy_n(sorted.begin(), count, std::back_inserter(taken));
  }
  return taken;
}

// A range that yields `limit` places even if `hidden` of them turn out to be gone.
template <typename Range>
Range Widened(Range range, size_t hidden) {
  constexpr int kMost = 1 << 30;
  range.limit =
      static_cast<int>(std::min<size_t>(static_cast<size_t>(range.limit) + hidden, kMost));
  return range;
}

}  // namespace

absl::StatusOr<Bytes> WriteSet::Find(Kind kind, const std::string& key) const {
  const auto own = records_.find({kind, key});
  if (own != records_.end()) return own->second.bytes;
  return base_.Find(kind, key);
}

// Asks the base for so many more that the ones this write took away or replaced
// cannot leave the page short, then lays its own records over.
absl::StatusOr<std::vector<Entry>> WriteSet::Scan(Kind kind, const KeyRange& range) const {
  if (range.limit <= 0) return std::vector<Entry>();
  const KeyBounds bounds = ToBounds(range);
  std::vector<std::pair<std::string, Bytes>> own;
  for (auto at = records_.lower_bound({kind, bounds.lower});
       at != records_.end() && at->first.first == kind && bounds.Contains(at->first.second); ++at) {
    own.emplace_back(at->first.second, at->second.bytes);
  }
  if (own.empty()) return base_.Scan(kind, range);

  BB_ASSIGN_OR_RETURN(const auto theirs, base_.Scan(kind, Widened(range, own.size())));
  std::map<std::string, Bytes> merged;
  for (const Entry& entry : theirs) merged.emplace(entry.key, entry.bytes);
  for (const auto& [key, bytes] : own) {
    if (bytes != nullptr) {
      merged[key] = bytes;
    } else {
      merged.erase(key);
    }
  }
  std::vector<Entry> page;
  for (auto& [key, bytes] : Take(merged, range.limit, range.backwards)) {
    page.push_back({key, bytes});
  }
  return page;
}

absl::StatusOr<std::vector<IndexEntry>> WriteSet::ScanIndex(Index index,
                                                            const IndexRange& range) const {
  if (range.limit <= 0) return std::vector<IndexEntry>();
  const IndexBounds bounds = ToBounds(range);
  const auto own = [&](const Places& places) {
    std::set<IndexEntry> found;
    for (auto at = places.lower_bound({index, bounds.lower.value, bounds.lower.key});
         at != places.end() && at->first.index == index; ++at) {
      IndexEntry entry{at->first.value, at->first.key};
      if (!bounds.Contains(entry)) break;
      found.insert(std::move(entry));
    }
    return found;
  };
  std::set<IndexEntry> merged = own(added_);
  const std::set<IndexEntry> gone = own(removed_);
  if (merged.empty() && gone.empty()) return base_.ScanIndex(index, range);

  BB_ASSIGN_OR_RETURN(const auto theirs, base_.ScanIndex(index, Widened(range, gone.size())));
  for (const IndexEntry& entry : theirs) {
    if (!gone.contains(entry)) merged.insert(entry);
  }
  return Take(merged, range.limit, range.backwards);
}

absl::StatusOr<std::map<WriteSet::RecordId, WriteSet::Record>::iterator> WriteSet::Touch(
    Kind kind, const std::string& key) {
  const auto own = records_.find({kind, key});
  if (own != records_.end()) return own;
  BB_ASSIGN_OR_RETURN(auto terms, base_.TermsOf(kind, key));
  Record record{.bytes = nullptr, .terms = {}, .existed = terms.has_value()};
  if (terms.has_value()) record.terms = *std::move(terms);
  return records_.emplace(RecordId{kind, key}, std::move(record)).first;
}

// A place that comes and goes within one write cancels out, so the store touches
// only the places that really changed.
void WriteSet::MovePlaces(const RecordId& id,
                          const std::vector<IndexTerm>& from,
                          const std::vector<IndexTerm>& to) {
  const auto change = [&](const IndexTerm& term, Places& undone, Places& done) {
    TermPlace place{term.index, term.value, id.second};
    if (undone.erase(place) == 0) done.emplace(std::move(place), id.first);
  };
  for (const IndexTerm& term : from) {
    if (!std::binary_search(to.begin(), to.end(), term)) change(term, added_, removed_);
  }
  for (const IndexTerm& term : to) {
    if (!std::binary_search(from.begin(), from.end(), term)) change(term, removed_, added_);
  }
}

absl::Status WriteSet::Put(Kind kind,
                           const std::string& key,
                           std::string bytes,
                           std::vector<IndexTerm> terms) {
  std::sort(terms.begin(), terms.end());
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
  BB_ASSIGN_OR_RETURN(const auto own, Touch(kind, key));
  MovePlaces(own->first, own->second.terms, terms);
  size_bytes_ += key.size() + bytes.size();
  own->second.bytes = std::make_shared<const std::string>(std::move(bytes));
  own->second.terms = std::move(terms);
  return absl::OkStatus();
}

absl::Status WriteSet::Remove(Kind kind, const std::string& key) {
  BB_ASSIGN_OR_RETURN(const auto own, Touch(kind, key));
  MovePlaces(own->first, own->second.terms, {});
  if (!own->second.existed) {
    records_.erase(own);
    return absl::OkStatus();
  }
  size_bytes_ += key.size();
  own->second.bytes = nullptr;
  own->second.terms.clear();
  return absl::OkStatus();
}

}  // namespace brobygger::storage
