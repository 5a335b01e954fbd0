#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <absl/container/flat_hash_map.h>
#include <absl/status/statusor.h>

#include "core/access/access.h"
#include "core/scope/judge.h"
#include "core/storage/store.h"

namespace brobygger::scope {

// Reads a snapshot, or a transaction, through a caller's eyes. What the caller may not see is not
// there: not found by its key, in no scan, at no place of an index; of an association that shows
// its public part alone there is no more than that. A scan goes on until it has as many as were
// asked for, so pages stay full and the places that cursors are made of stay true. Belongs to one
// call and one thread.
class Sieve {
 public:
  // As Judge's, which also says what must outlive it.
  Sieve(const access::Caller& caller, const storage::Snapshot& then, const storage::Snapshot& now)
      : caller_(caller), then_(then), judge_(caller, then, now) {}

  absl::StatusOr<storage::Bytes> Find(storage::Kind kind, const std::string& key);
  absl::StatusOr<std::vector<storage::Entry>> Scan(storage::Kind kind, storage::KeyRange range);
  absl::StatusOr<std::vector<storage::IndexEntry>> ScanIndex(storage::Index index,
                                                             storage::IndexRange range);
  absl::StatusOr<std::vector<std::string>> KeysAt(storage::Index index, const std::string& value);

  // What is left of a record's bytes; null if nothing is.
  absl::StatusOr<storage::Bytes> Told(storage::Kind kind,
                                      const std::string& key,
                                      const storage::Bytes& bytes);

  Judge& judge() { return judge_; }
  // Something was written: look at all anew.
  void Forget();

 private:
  absl::StatusOr<storage::Bytes> FindAt(storage::Kind kind, const storage::IndexEntry& place);

  const access::Caller& caller_;
  const storage::Snapshot& then_;
  Judge judge_;
  // What an index scan looked at, for those who ask for the records next.
  absl::flat_hash_map<std::pair<storage::Kind, std::string>, storage::Bytes> at_hand_;
};

// A snapshot through a caller's eyes, with all that it needs.
class ScopedSnapshot final : public storage::Snapshot {
 public:
  // `now` is the newest snapshot: the same one, or a newer one where the past is read. `caller`
  // must outlive it, and is not one who sees all.
  ScopedSnapshot(const access::Caller& caller,
                 std::shared_ptr<const storage::Snapshot> then,
                 std::shared_ptr<const storage::Snapshot> now)
      : then_(std::move(then)), now_(std::move(now)), sieve_(caller, *then_, *now_) {}

  storage::Revision revision() const override { return then_->revision(); }
  absl::StatusOr<storage::Bytes> Find(storage::Kind kind, const std::string& key) const override {
    return sieve_.Find(kind, key);
  }
  absl::StatusOr<std::vector<storage::Entry>> Scan(storage::Kind kind,
                                                   const storage::KeyRange& range) const override {
    return sieve_.Scan(kind, range);
  }
  absl::StatusOr<std::vector<storage::IndexEntry>> ScanIndex(
      storage::Index index, const storage::IndexRange& range) const override {
    return sieve_.ScanIndex(index, range);
  }
  absl::StatusOr<std::vector<std::string>> KeysAt(storage::Index index,
                                                  const std::string& value) const override {
    return sieve_.KeysAt(index, value);
  }

 private:
  const std::shared_ptr<const storage::Snapshot> then_;
  const std::shared_ptr<const storage::Snapshot> now_;
  mutable Sieve sieve_;
};

// The public part of an association's stored bytes, as bytes, and that it agreed to be seen by
// callers like this one, by which they see it; how to reach it only if it agreed to that, too.
// STORAGE_CORRUPT.
absl::StatusOr<storage::Bytes> PublicBytes(const access::Caller& caller,
                                           const storage::Bytes& association);

// The snapshot as the caller sees it: itself, for who sees all. `caller` must outlive it.
std::shared_ptr<const storage::Snapshot> Seen(const access::Caller& caller,
                                              std::shared_ptr<const storage::Snapshot> snapshot);

}  // namespace brobygger::scope
