#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include "core/storage/sqlite/connection.h"
#include "core/storage/sqlite/index_memory.h"
#include "core/storage/sqlite/newest_records.h"
#include "core/storage/sqlite/update_order.h"
#include "core/storage/store.h"

namespace brobygger::storage {

// The reading side of one file: connections to read through, the newest records
// in memory, and the newest revision. Thread-safe. Snapshots share it, and it
// goes when the last of them does.
//
// Why a snapshot at revision N is exact, though it holds no lock and no read
// transaction. The writer commits, then sets the newest records, then stores the
// newest revision (release). A reader loads that revision (acquire) to get N.
//  * A record in memory from a revision <= N: later versions <= N would have
//    been set before N was stored, so this is the one.
//  * A record in memory from a revision > N: what it hides is in the table, for
//    it was committed before it was set; the reader asks the table for <= N.
//  * No record in memory: a version <= N would have been set, so there is none.
// Versions are never changed and places in indexes carry the revisions between
// which they stood, so the tables answer the same for N whenever they are asked.
//
// The order of the last changes is in memory, too, and set where the records are.
// A place there from a revision <= N is exact by the same argument; one that has
// moved since is told by the version that moved it, which is in the table. In
// between a place may be seen in both, never in neither.
class Database {
 public:
  explicit Database(Connection::Settings settings) : settings_(std::move(settings)) {}

  // Fills the memory from the file, through `connection`.
  absl::Status Load(Connection& connection);

  Revision latest() const { return latest_.load(std::memory_order_acquire); }
  void Publish(Revision latest) { latest_.store(latest, std::memory_order_release); }
  const NewestRecords& newest() const { return newest_; }
  const IndexMemory& indexes() const { return indexes_; }
  IndexMemory& indexes() { return indexes_; }

  // Makes a committed version the newest. One at a time.
  void SetNewest(Kind kind, const std::string& key, NewestRecords::Record record);

  absl::StatusOr<Bytes> Find(Kind kind, const std::string& key, Revision at) const;

  // Places in kAssociationByUpdate that stood at revision `at`.
  absl::StatusOr<std::vector<IndexEntry>> ScanUpdates(Connection& connection,
                                                      const IndexRange& range,
                                                      Revision at) const;

  // A connection for one thread, given back when this goes.
  class Reader {
   public:
    Reader(const Database& database, std::unique_ptr<Connection> connection)
        : database_(&database), connection_(std::move(connection)) {}
    ~Reader();
    Reader(Reader&& other) = default;
    Reader& operator=(Reader&&) = delete;
    Connection& operator*() const { return *connection_; }

   private:
    const Database* const database_;
    std::unique_ptr<Connection> connection_;
  };
  absl::StatusOr<Reader> Read() const;

 private:
  const Connection::Settings settings_;
  NewestRecords newest_;
  IndexMemory indexes_;
  UpdateOrder updates_;
  std::atomic<Revision> latest_ = 0;
  mutable absl::Mutex mutex_;
  mutable std::vector<std::unique_ptr<Connection>> idle_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace brobygger::storage
