#pragma once

#include <atomic>
#include <string>

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>
#include <sqlite3.h>

namespace brobygger::support {

// The system's SQLite VFS with faults that a test turns on and off. Registered
// under a name of its own while it lives; must outlive all files opened with it.
class FaultVfs {
 public:
  explicit FaultVfs(std::string name);
  ~FaultVfs();
  FaultVfs(const FaultVfs&) = delete;
  FaultVfs& operator=(const FaultVfs&) = delete;

  const std::string& name() const { return name_; }

  // Every write answers that the disk is full.
  std::atomic<bool> disk_full = false;
  // Every flush of a file whose name ends so fails; empty: none does.
  void FailSyncOf(const std::string& ending);
  // Flushes that fail in the system are said to have succeeded.
  std::atomic<bool> ignore_sync_errors = false;
  // Flushes asked for so far.
  std::atomic<int> syncs = 0;
  // Makes flushes wait until it is set back.
  void HoldSyncs(bool hold);
  // Waits until a flush is being held.
  void AwaitHeldSync();

 private:
  struct File;
  static int Open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out);
  static int Write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at);
  static int Sync(sqlite3_file* file, int flags);
  static const sqlite3_io_methods* Methods();
  int MaySync(const std::string& path);

  const std::string name_;
  sqlite3_vfs* const system_;
  sqlite3_vfs vfs_;
  absl::Mutex mutex_;
  std::string fail_sync_of_ ABSL_GUARDED_BY(mutex_);
  bool hold_syncs_ ABSL_GUARDED_BY(mutex_) = false;
  int held_syncs_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace brobygger::support
