#pragma once

#include <memory>
#include <string>

#include <absl/status/statusor.h>

namespace brobygger::storage {

// Says that this process owns a file: a lock on `path` + ".lock" that the
// kernel gives back however the process ends. The lock file stays behind.
class FileLock {
 public:
  // STORAGE_FAILED: another process has it; the text says which.
  static absl::StatusOr<std::unique_ptr<FileLock>> Take(const std::string& path);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  const int descriptor_;
};

}  // namespace brobygger::storage
