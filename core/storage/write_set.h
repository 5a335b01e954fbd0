#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/storage/store.h"

namespace brobygger::storage {

// What a write builds on: the newest records, also those of writes before it
// that are not committed yet. `revision()` is the last of these.
class WriteBase : public Snapshot {
 public:
  // The record's places in indexes, or none if there is no such record.
  virtual absl::StatusOr<std::optional<std::vector<IndexTerm>>> TermsOf(
      Kind kind, const std::string& key) const = 0;
};

// A record's place in one index.
struct TermPlace {
  Index index;
  std::string value;
  std::string key;
  auto operator<=>(const TermPlace&) const = default;
};

// What a body has asked for, kept beside its base until the body is done. A body
// that fails is forgotten without a trace by dropping this, and several Put() of
// one record are one change.
class WriteSet final : public Transaction {
 public:
  using RecordId = std::pair<Kind, std::string>;
  struct Record {
    Bytes bytes;                   // null: taken away
    std::vector<IndexTerm> terms;  // sorted, each once
    bool existed;                  // before this write
  };
  // To the kind of the record that stands there.
  using Places = std::map<TermPlace, Kind>;

  // `base` must outlive this.
  WriteSet(const WriteBase& base, base::Instant now) : base_(base), now_(now) {}

  Revision revision() const override { return base_.revision() + 1; }
  base::Instant now() const override { return now_; }
  absl::StatusOr<Bytes> Find(Kind kind, const std::string& key) const override;
  absl::StatusOr<std::vector<Entry>> Scan(Kind kind, const KeyRange& range) const override;
  absl::StatusOr<std::vector<IndexEntry>> ScanIndex(Index index,
                                                    const IndexRange& range) const override;
  absl::Status Put(Kind kind,
                   const std::string& key,
                   std::string bytes,
                   std::vector<IndexTerm> terms) override;
  absl::Status Remove(Kind kind, const std::string& key) override;

  bool empty() const { return records_.empty(); }
  size_t size_bytes() const { return size_bytes_; }
  const std::map<RecordId, Record>& records() const { return records_; }
  // Places that were not there before, and places that are no more.
  const Places& added() const { return added_; }
  const Places& removed() const { return removed_; }

 private:
  // The record as this write sees it, fetched from the base if need be.
  absl::StatusOr<std::map<RecordId, Record>::iterator> Touch(Kind kind, const std::string& key);
  void MovePlaces(const RecordId& id,
                  const std::vector<IndexTerm>& from,
                  const std::vector<IndexTerm>& to);

  const WriteBase& base_;
  const base::Instant now_;
  size_t size_bytes_ = 0;
  std::map<RecordId, Record> records_;
  Places added_;
  Places removed_;
};

}  // namespace brobygger::storage
