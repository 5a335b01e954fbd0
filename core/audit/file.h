// The few things the audit log asks of a disk. Tests put a full, a refusing or a hung
// disk in its place.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

namespace brobygger::audit {

// A file that is open for reading and writing. For one thread at a time. Errors tell
// the system's own word for the cause, and no path.
class File {
 public:
  virtual ~File() = default;

  // Writes all of `bytes` at `offset` (bytes from the start). After an error any part of
  // them may have been written.
  virtual absl::Status WriteAt(std::uint64_t offset, std::string_view bytes) = 0;

  // Blocks until what was written, and the file's length, are on disk. After an error
  // nothing written since the last success may be believed to be.
  virtual absl::Status Sync() = 0;

  virtual absl::Status Truncate(std::uint64_t size) = 0;

  // Asks for room up to `size` bytes without changing the file's length. What is
  // granted is this file's even when the disk is full. Best effort.
  virtual void Reserve(std::uint64_t size) = 0;

  // In bytes.
  virtual absl::StatusOr<std::uint64_t> Size() = 0;
};

// Opens files. Thread-safe.
class Disk {
 public:
  virtual ~Disk() = default;

  // Makes the file with mode 0600 if there is none.
  virtual absl::StatusOr<std::unique_ptr<File>> Open(const std::string& path) const = 0;

  // Blocks until the names of the files in `folder` are on disk.
  virtual absl::Status SyncFolder(const std::string& folder) const = 0;
};

// The machine's own. Lives for ever.
const Disk& RealDisk();

// The whole file. NOT_FOUND if there is none.
absl::StatusOr<std::string> ReadFile(const std::string& path);

// Makes the folder, 0700, unless it is there.
absl::Status MakeFolder(const std::string& folder);

// Says that this process, and this object in it, owns a folder: a lock on its file
// `lock` that the kernel gives back however the process ends.
class FolderLock {
 public:
  // FAILED_PRECONDITION: somebody else has it.
  static absl::StatusOr<std::unique_ptr<FolderLock>> Take(const std::string& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
  const int descriptor_;
};

}  // namespace brobygger::audit
