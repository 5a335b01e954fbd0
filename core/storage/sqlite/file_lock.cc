#include "core/storage/sqlite/file_lock.h"

#include <array>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/base/error.h"

namespace brobygger::storage {
namespace {

absl::Status CannotLock(const std::string& path, const std::string& why) {
  return base::MakeError(errors::v1::ERROR_REASON_STORAGE_FAILED,
                         "cannot take the registry " + path + ": " + why);
}

std::string SystemError(int error) { return std::generic_category().message(error); }

std::string OwnerIn(int descriptor) {
  std::array<char, 32> text{};
  const ssize_t size = pread(descriptor, text.data(), text.size() - 1, 0);
  if (size <= 0) return "another process";
  return "process " + std::string(text.data(), static_cast<size_t>(size));
}

}  // namespace

// flock() and not a record lock: the lock belongs to this descriptor, so that
// two stores in one process exclude each other, too.
absl::StatusOr<std::unique_ptr<FileLock>> FileLock::Take(const std::string& path) {
  const std::string name = path + ".lock";
  const int descriptor = open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return CannotLock(path, name + ": " + SystemError(errno));
  std::unique_ptr<FileLock> lock(new FileLock(descriptor));
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return CannotLock(path, name + ": " + SystemError(errno));
    return CannotLock(path, OwnerIn(descriptor) + " is using it; stop that one first");
  }
  // The number is for people; who has the lock does not depend on it, so a full
  // disk is no reason to stop here.
  const std::string owner = std::to_string(getpid());
  if (ftruncate(descriptor, 0) != 0 || pwrite(descriptor, owner.data(), owner.size(), 0) < 0) {
    return lock;
  }
  return lock;
}

FileLock::~FileLock() { close(descriptor_); }

}  // namespace brobygger::storage
