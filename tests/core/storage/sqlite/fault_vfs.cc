#include "tests/core/storage/sqlite/fault_vfs.h"

#include <new>
#include <utility>

namespace brobygger::support {

// SQLite allots szOsFile bytes: this, then the system's own file.
struct FaultVfs::File {
  sqlite3_file base;
  FaultVfs* owner;
  const char* path;
  sqlite3_file* system;

  static File& Of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
};

namespace {

const sqlite3_io_methods& System(sqlite3_file* file) { return *file->pMethods; }

}  // namespace

FaultVfs::FaultVfs(std::string name)
    : name_(std::move(name)), system_(sqlite3_vfs_find(nullptr)), vfs_(*system_) {
  vfs_.zName = name_.c_str();
  vfs_.pNext = nullptr;
  vfs_.pAppData = this;
  vfs_.szOsFile = static_cast<int>(sizeof(File)) + system_->szOsFile;
  vfs_.xOpen = &FaultVfs::Open;
  sqlite3_vfs_register(&vfs_, 0);
}

FaultVfs::~FaultVfs() { sqlite3_vfs_unregister(&vfs_); }

void FaultVfs::FailSyncOf(const std::string& ending) {
  absl::MutexLock lock(&mutex_);
  fail_sync_of_ = ending;
}

void FaultVfs::HoldSyncs(bool hold) {
  absl::MutexLock lock(&mutex_);
  hold_syncs_ = hold;
}

void FaultVfs::AwaitHeldSync() {
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(
      +[](int* held) { return *held > 0; }, &held_syncs_));
}

int FaultVfs::MaySync(const std::string& path) {
  ++syncs;
  absl::MutexLock lock(&mutex_);
  ++held_syncs_;
  mutex_.Await(absl::Condition(
      +[](bool* hold) { return !*hold; }, &hold_syncs_));
  --held_syncs_;
  return !fail_sync_of_.empty() && path.ends_with(fail_sync_of_) ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

int FaultVfs::Open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out) {
  auto* const owner = static_cast<FaultVfs*>(vfs->pAppData);
  auto* const own = new (file) File{};
  own->owner = owner;
  own->path = path == nullptr ? "" : path;
  own->system = reinterpret_cast<sqlite3_file*>(own + 1);
  const int code = owner->system_->xOpen(owner->system_, path, own->system, flags, out);
  if (code == SQLITE_OK) file->pMethods = Methods();
  return code;
}

int FaultVfs::Write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
  File& own = File::Of(file);
  if (own.owner->disk_full) return SQLITE_FULL;
  return System(own.system).xWrite(own.system, bytes, size, at);
}

int FaultVfs::Sync(sqlite3_file* file, int flags) {
  File& own = File::Of(file);
  const int code = own.owner->MaySync(own.path);
  if (code != SQLITE_OK) return code;
  const int answer = System(own.system).xSync(own.system, flags);
  return own.owner->ignore_sync_errors ? SQLITE_OK : answer;
}

const sqlite3_io_methods* FaultVfs::Methods() {
  using F = sqlite3_file*;
  static const sqlite3_io_methods kMethods = {
      .iVersion = 2,
      .xClose = [](F f) { return System(File::Of(f).system).xClose(File::Of(f).system); },
      .xRead =
          [](F f, void* bytes, int size, sqlite3_int64 at) {
            return System(File::Of(f).system).xRead(File::Of(f).system, bytes, size, at);
          },
      .xWrite = &FaultVfs::Write,
      .xTruncate =
          [](F f, sqlite3_int64 size) {
            return System(File::Of(f).system).xTruncate(File::Of(f).system, size);
          },
      .xSync = &FaultVfs::Sync,
      .xFileSize =
          [](F f, sqlite3_int64* size) {
            return System(File::Of(f).system).xFileSize(File::Of(f).system, size);
          },
      .xLock = [](F f,
                  int lock) { return System(File::Of(f).system).xLock(File::Of(f).system, lock); },
      .xUnlock =
          [](F f, int lock) {
            return System(File::Of(f).system).xUnlock(File::Of(f).system, lock);
          },
      .xCheckReservedLock =
          [](F f, int* out) {
            return System(File::Of(f).system).xCheckReservedLock(File::Of(f).system, out);
          },
      .xFileControl =
          [](F f, int op, void* argument) {
            return System(File::Of(f).system).xFileControl(File::Of(f).system, op, argument);
          },
      .xSectorSize = [](F f) { return System(File::Of(f).system).xSectorSize(File::Of(f).system); },
      .xDeviceCharacteristics =
          [](F f) { return System(File::Of(f).system).xDeviceCharacteristics(File::Of(f).system); },
      .xShmMap =
          [](F f, int page, int size, int extend, void volatile** out) {
            return System(File::Of(f).system).xShmMap(File::Of(f).system, page, size, extend, out);
          },
      .xShmLock =
          [](F f, int offset, int count, int flags) {
            return System(File::Of(f).system).xShmLock(File::Of(f).system, offset, count, flags);
          },
      .xShmBarrier = [](F f) { System(File::Of(f).system).xShmBarrier(File::Of(f).system); },
      .xShmUnmap =
          [](F f, int remove) {
            return System(File::Of(f).system).xShmUnmap(File::Of(f).system, remove);
          },
      .xFetch = nullptr,
      .xUnfetch = nullptr,
  };
  return &kMethods;
}

}  // namespace brobygger::support
