#pragma once

#include <functional>
#include <memory>
#include <string>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "core/base/clock.h"
#include "core/storage/store.h"

namespace brobygger::storage {

// When SQLite waits for the disk. Anything but kFull loses acknowledged writes at
// power loss: the others are there for tests to prove that they would notice.
enum class Synchronous { kFull, kNormal, kOff };

struct SqliteOptions {
  // The file; made if it is not there. Its folder must be. Beside it are the
  // files `path`-wal, `path`-shm and `path`.lock.
  std::string path;
  // Must outlive the store.
  const base::Clock* clock = &base::SystemClock();
  // Called once, on a thread of the store, when the disk failed a write or a
  // flush. The store then refuses every write with STORAGE_FAILED for good: the
  // process must end, since a flush tried again may claim what is lost.
  std::function<void(const absl::Status&)> on_fatal;
  // How far the write-ahead log may grow before it is copied into the file.
  int checkpoint_pages = 4000;
  Synchronous synchronous = Synchronous::kFull;
  // The registered SQLite VFS to use; empty: the system's.
  std::string vfs;
};

// Opens the store in a file of SQLite. A write is acknowledged when it is on the
// disk; writes that wait together share one flush.
//
// STORAGE_TOO_NEW: a newer program wrote the file. STORAGE_CORRUPT: it is damaged
// or not ours. STORAGE_FAILED: it cannot be opened, or another process has it.
absl::StatusOr<std::unique_ptr<Store>> OpenSqliteStore(SqliteOptions options);

}  // namespace brobygger::storage
