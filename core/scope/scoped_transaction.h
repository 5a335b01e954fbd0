#pragma once

#include <string>
#include <vector>

#include <absl/status/status.h>

#include "core/access/access.h"
#include "core/scope/scoped_snapshot.h"
#include "core/storage/store.h"

namespace brobygger::scope {

// NOT_ALLOWED: what may be seen, or named, but belongs to somebody else.
absl::Status NotYours();

// A write by a caller: it reads what the caller sees (see Sieve), so that what is somebody else's
// is not there for it, and writes and takes away what is the caller's own, before and after.
// NOT_ALLOWED from Put() and Remove() for all else. Who sees all reads and writes as without it.
//
// Whether a number of an association is taken holds for the whole registry, so the index of
// identifiers is read whole: a key in it may lead to what is not there for the caller.
class ScopedTransaction final : public storage::Transaction {
 public:
  // Both must outlive it.
  ScopedTransaction(const access::Caller& caller, storage::Transaction& whole)
      : whole_(whole), all_(access::SeesAll(caller)), sieve_(caller, whole, whole) {}

  storage::Revision revision() const override { return whole_.revision(); }
  base::Instant now() const override { return whole_.now(); }
  absl::StatusOr<storage::Bytes> Find(storage::Kind kind, const std::string& key) const override;
  absl::StatusOr<std::vector<storage::Entry>> Scan(storage::Kind kind,
                                                   const storage::KeyRange& range) const override;
  absl::StatusOr<std::vector<storage::IndexEntry>> ScanIndex(
      storage::Index index, const storage::IndexRange& range) const override;
  absl::StatusOr<std::vector<std::string>> KeysAt(storage::Index index,
                                                  const std::string& value) const override;
  absl::Status Put(storage::Kind kind,
                   const std::string& key,
                   std::string bytes,
                   std::vector<storage::IndexTerm> terms = {}) override;
  absl::Status Remove(storage::Kind kind, const std::string& key) override;

  // OK if the record is there for the caller and theirs to change, or not there at all: the caller
  // of this says which error that is.
  absl::Status CheckOwn(storage::Kind kind, const std::string& key) const;

  // Everything, for the hub's own part of a write: its memory of answers, and what follows from a
  // decision about associations that CheckOwn() was asked about before.
  storage::Transaction& Whole() { return whole_; }

 private:
  absl::Status CheckMayChange(storage::Kind kind,
                              const std::string& key,
                              const storage::Bytes& bytes) const;

  storage::Transaction& whole_;
  const bool all_;
  mutable Sieve sieve_;
};

}  // namespace brobygger::scope
