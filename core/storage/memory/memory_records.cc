#include "core/storage/memory/memory_records.h"

#include <algorithm>

#include "core/storage/scan.h"

namespace brobygger::storage {
namespace {

// Calls `visit` for each element of `map` in [first, last), from the end the
// scan starts at, until it returns false.
template <typename Iterator, typename Visit>
void Walk(Iterator first, Iterator last, bool backwards, const Visit& visit) {
  while (first != last) {
    if (backwards) {
      if (!visit(*--last)) return;
    } else {
      if (!visit(*first++)) return;
    }
  }
}

}  // namespace

Revision MemoryRecords::latest() const {
  absl::MutexLock lock(&mutex_);
  return commits_.size();
}

base::Instant MemoryRecords::latest_time() const {
  absl::MutexLock lock(&mutex_);
  return commits_.empty() ? base::Instant::min() : commits_.back().time;
}

Bytes MemoryRecords::FindLocked(Kind kind, const Record& record, Revision at) const {
  const Revision limit = IsVersioned(kind) ? at : kOpen;
  const auto past = std::upper_bound(
      record.versions.begin(), record.versions.end(), limit,
      [](Revision revision, const Past& version) { return revision < version.revision; });
  return past == record.versions.begin() ? nullptr : std::prev(past)->bytes;
}

Bytes MemoryRecords::Find(Kind kind, const std::string& key, Revision at) const {
  absl::MutexLock lock(&mutex_);
  const auto found = records_.find({kind, key});
  return found == records_.end() ? nullptr : FindLocked(kind, found->second, at);
}

std::vector<Entry> MemoryRecords::Scan(Kind kind, const KeyRange& range, Revision at) const {
  const KeyBounds bounds = ToBounds(range);
  std::vector<Entry> page;
  if (range.limit <= 0 || (bounds.upper.has_value() && !(bounds.lower < *bounds.upper)))
    return page;
  absl::MutexLock lock(&mutex_);
  const auto first = records_.lower_bound({kind, bounds.lower});
  const auto last = bounds.upper.has_value()
                        ? records_.lower_bound({kind, *bounds.upper})
                        : records_.lower_bound({static_cast<Kind>(static_cast<int>(kind) + 1), ""});
  Walk(first, last, range.backwards, [&](const auto& record) {
    if (Bytes bytes = FindLocked(kind, record.second, at)) {
      page.push_back({record.first.second, std::move(bytes)});
    }
    return std::ssize(page) < range.limit;
  });
  return page;
}

std::vector<IndexEntry> MemoryRecords::ScanIndex(Index index,
                                                 const IndexRange& range,
                                                 Revision at) const {
  const IndexBounds bounds = ToBounds(range);
  std::vector<IndexEntry> page;
  if (range.limit <= 0 || (bounds.upper.has_value() && !(bounds.lower < *bounds.upper)))
    return page;
  absl::MutexLock lock(&mutex_);
  const auto first = places_.lower_bound({index, bounds.lower.value, bounds.lower.key});
  const auto last =
      bounds.upper.has_value()
          ? places_.lower_bound({index, bounds.upper->value, bounds.upper->key})
          : places_.lower_bound({static_cast<Index>(static_cast<int>(index) + 1), "", ""});
  Walk(first, last, range.backwards, [&](const auto& place) {
    const bool there = std::any_of(place.second.begin(), place.second.end(), [&](const Span& span) {
      return span.since <= at && at < span.until;
    });
    if (there) page.push_back({place.first.value, place.first.key});
    return std::ssize(page) < range.limit;
  });
  return page;
}

std::optional<std::vector<IndexTerm>> MemoryRecords::TermsOf(Kind kind,
                                                             const std::string& key) const {
  absl::MutexLock lock(&mutex_);
  const auto found = records_.find({kind, key});
  if (found == records_.end() || found->second.versions.back().bytes == nullptr) {
    return std::nullopt;
  }
  return found->second.terms;
}

Revision MemoryRecords::RevisionAt(base::Instant instant) const {
  absl::MutexLock lock(&mutex_);
  const auto later = std::upper_bound(
      commits_.begin(), commits_.end(), instant,
      [](base::Instant time, const CommitInfo& commit) { return time < commit.time; });
  return static_cast<Revision>(later - commits_.begin());
}

std::vector<Change> MemoryRecords::ChangesAfter(Revision after, int limit) const {
  absl::MutexLock lock(&mutex_);
  std::vector<Change> page;
  auto at = std::upper_bound(
      changes_.begin(), changes_.end(), after,
      [](Revision revision, const Change& change) { return revision < change.revision; });
  for (; at != changes_.end(); ++at) {
    if (std::ssize(page) >= limit && (page.empty() || page.back().revision != at->revision)) break;
    page.push_back(*at);
  }
  return page;
}

std::vector<Version> MemoryRecords::VersionsOf(Kind kind,
                                               const std::string& key,
                                               Revision before,
                                               int limit) const {
  absl::MutexLock lock(&mutex_);
  std::vector<Version> page;
  const auto found = records_.find({kind, key});
  if (!IsVersioned(kind) || found == records_.end()) return page;
  const auto& versions = found->second.versions;
  for (auto at = versions.rbegin(); at != versions.rend() && std::ssize(page) < limit; ++at) {
    if (before != 0 && at->revision >= before) continue;
    const CommitInfo& commit = commits_[at->revision - 1];
    page.push_back({at->revision, commit.time, commit.actor, at->bytes});
  }
  return page;
}

void MemoryRecords::CommitRecords(const WriteSet& writes, Revision revision) {
  for (const auto& [id, written] : writes.records()) {
    const auto& [kind, key] = id;
    if (!IsVersioned(kind) && written.bytes == nullptr) {
      records_.erase(id);
      continue;
    }
    Record& record = records_[id];
    if (!IsVersioned(kind)) record.versions.clear();
    record.versions.push_back({revision, written.bytes});
    record.terms = written.terms;
    if (!IsVersioned(kind)) continue;
    changes_.push_back({revision, writes.now(), kind, key, !written.existed, written.bytes});
  }
}

void MemoryRecords::CommitPlaces(const WriteSet& writes, Revision revision) {
  for (const auto& [place, kind] : writes.removed()) {
    if (IsVersioned(kind)) {
      places_[place].back().until = revision;
    } else {
      places_.erase(place);
    }
  }
  for (const auto& [place, kind] : writes.added()) {
    places_[place].push_back({IsVersioned(kind) ? revision : 0, kOpen});
  }
}

Revision MemoryRecords::Commit(const WriteSet& writes, const std::string& actor) {
  // Before the lock: what it builds on is this.
  const Revision revision = writes.revision();
  absl::MutexLock lock(&mutex_);
  CommitRecords(writes, revision);
  CommitPlaces(writes, revision);
  commits_.push_back({writes.now(), actor});
  return revision;
}

}  // namespace brobygger::storage
