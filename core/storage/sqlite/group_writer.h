#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <absl/container/flat_hash_map.h>

#include "core/storage/sqlite/connection.h"
#include "core/storage/sqlite/database.h"
#include "core/storage/sqlite/queries.h"
#include "core/storage/write_set.h"

namespace brobygger::storage {

// The writing side of one file: several revisions in one transaction of SQLite,
// so that they share one flush. For the store's own thread.
//
// As a WriteBase it shows what the file will be when the group commits: what is
// committed, and what the group has added.
class GroupWriter final : public WriteBase {
 public:
  GroupWriter(std::unique_ptr<Connection> connection, std::shared_ptr<Database> database)
      : connection_(std::move(connection)), database_(std::move(database)) {}

  // Learns where the file stands. Once, before anything else.
  absl::Status Load();

  absl::Status Begin();
  // Adds one revision, the next.
  absl::Status Add(const WriteSet& writes, const std::string& actor);
  // Returns when the group is on the disk and readers see it.
  absl::Status Commit();
  // Forgets the group.
  void Rollback();

  bool has_revisions() const { return last_.revision != committed_.revision; }
  base::Instant last_time() const { return last_.time; }

  Revision revision() const override { return last_.revision; }
  absl::StatusOr<Bytes> Find(Kind kind, const std::string& key) const override;
  absl::StatusOr<std::vector<Entry>> Scan(Kind kind, const KeyRange& range) const override;
  absl::StatusOr<std::vector<IndexEntry>> ScanIndex(Index index,
                                                    const IndexRange& range) const override;
  absl::StatusOr<std::optional<std::vector<IndexTerm>>> TermsOf(
      Kind kind, const std::string& key) const override;

 private:
  absl::Status AddVersion(const WriteSet::RecordId& id,
                          const WriteSet::Record& record,
                          Revision revision);
  absl::Status AddState(const WriteSet::RecordId& id, const WriteSet::Record& record);
  absl::Status MovePlaces(const WriteSet& writes);
  absl::StatusOr<std::vector<IndexEntry>> ScanUpdates(const IndexRange& range) const;
  // None: there never was such a record.
  std::optional<NewestRecords::Record> NewestOf(Kind kind, const std::string& key) const;

  const std::unique_ptr<Connection> connection_;
  const std::shared_ptr<Database> database_;
  CommitInfo committed_;
  CommitInfo last_;  // of the group
  // Newest versions the group has added and readers do not see yet.
  absl::flat_hash_map<WriteSet::RecordId, NewestRecords::Record> unpublished_;
};

}  // namespace brobygger::storage
