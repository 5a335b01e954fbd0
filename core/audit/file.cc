#include "core/audit/file.h"

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace brobygger::audit {
namespace {

// In the system's words and without the path, which would reach callers.
absl::Status SystemError(int error) {
  const std::string words = std::generic_category().message(error);
  if (error == ENOENT) return absl::NotFoundError(words);
  // Not UNAVAILABLE: to a command line that is a hub that does not answer.
  return error == EACCES ? absl::PermissionDeniedError(words) : absl::UnknownError(words);
}

class RealFile final : public File {
 public:
  explicit RealFile(int descriptor) : descriptor_(descriptor) {}
  ~RealFile() override { close(descriptor_); }

  absl::Status WriteAt(std::uint64_t offset, std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t written =
          pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return SystemError(errno);
      if (written == 0) return SystemError(ENOSPC);
      bytes.remove_prefix(static_cast<std::size_t>(written));
      offset += static_cast<std::uint64_t>(written);
    }
    return absl::OkStatus();
  }

  absl::Status Sync() override {
    return fdatasync(descriptor_) == 0 ? absl::OkStatus() : SystemError(errno);
  }

  absl::Status Truncate(std::uint64_t size) override {
    return ftruncate(descriptor_, static_cast<off_t>(size)) == 0 ? absl::OkStatus()
                                                                 : SystemError(errno);
  }

  void Reserve(std::uint64_t size) override {
    // Not every file system can, and a full one need not.
    static_cast<void>(fallocate(descriptor_, FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(size)));
  }

  absl::StatusOr<std::uint64_t> Size() override {
    struct stat about {};
    if (fstat(descriptor_, &about) != 0) return SystemError(errno);
    return static_cast<std::uint64_t>(about.st_size);
  }

 private:
  const int descriptor_;
};

class MachineDisk final : public Disk {
 public:
  absl::StatusOr<std::unique_ptr<File>> Open(const std::string& path) const override {
    const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) return SystemError(errno);
    return std::make_unique<RealFile>(descriptor);
  }

  absl::Status SyncFolder(const std::string& folder) const override {
    const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return SystemError(errno);
    const int failed = fsync(descriptor);
    const int error = errno;
    close(descriptor);
    return failed == 0 ? absl::OkStatus() : SystemError(error);
  }
};

}  // namespace

const Disk& RealDisk() {
  static const MachineDisk kDisk;
  return kDisk;
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return SystemError(errno);
  struct stat about {};
  if (fstat(descriptor, &about) != 0 || !S_ISREG(about.st_mode)) {
    close(descriptor);
    return absl::FailedPreconditionError("not a file");
  }
  std::string bytes(static_cast<std::size_t>(about.st_size), '\0');
  std::size_t size = 0;
  ssize_t count = 1;
  while (size < bytes.size() && count > 0) {
    count = read(descriptor, bytes.data() + size, bytes.size() - size);
    if (count < 0 && errno == EINTR)
      count = 1;
    else if (count > 0)
      size += static_cast<std::size_t>(count);
  }
  const int error = errno;
  close(descriptor);
  if (count < 0) return SystemError(error);
  bytes.resize(size);
  return bytes;
}

absl::Status MakeFolder(const std::string& folder) {
  if (mkdir(folder.c_str(), 0700) == 0) {
    return RealDisk().SyncFolder(folder + "/..");
  }
  const int error = errno;
  std::error_code ignored;
  if (error == EEXIST && std::filesystem::is_directory(folder, ignored)) return absl::OkStatus();
  return SystemError(error);
}

absl::StatusOr<std::unique_ptr<FolderLock>> FolderLock::Take(const std::string& folder) {
  const std::string path = folder + "/lock";
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return SystemError(errno);
  std::unique_ptr<FolderLock> lock(new FolderLock(descriptor));
  // The lock belongs to this descriptor, so that two logs in one process exclude each
  // other, too.
  if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK) return SystemError(errno);
  return absl::FailedPreconditionError("another process has the audit log " + folder +
                                       "; stop that one first");
}

FolderLock::~FolderLock() { close(descriptor_); }

}  // namespace brobygger::audit
