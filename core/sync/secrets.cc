#include "core/sync/secrets.h"

#include <array>
#include <cstdlib>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"

namespace brobygger::sync {
namespace {

constexpr std::size_t kMaxSecretBytes = 64 * 1024;
constexpr char kFile[] = "file:";
constexpr char kCredential[] = "credential:";

absl::Status Unreadable(const std::string& reference, const std::string& why) {
  return base::MakeError(errors::v1::ERROR_REASON_SECRET_UNREADABLE,
                         "the secret '" + reference + "' cannot be used: " + why,
                         {{"secret", reference}});
}

class File {
 public:
  explicit File(const std::string& path)
      : fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) {}
  ~File() {
    if (fd_ >= 0) close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }

 private:
  const int fd_;
};

absl::Status CheckSafe(const std::string& reference, int fd) {
  struct stat about {};
  if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) {
    return Unreadable(reference, "it is not a regular file");
  }
  if (about.st_uid != 0 && about.st_uid != geteuid()) {
    return Unreadable(reference, "the file must belong to root or to the hub's own user");
  }
  if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Unreadable(reference, "others can read the file; run chmod 600 on it");
  }
  if (static_cast<std::size_t>(about.st_size) > kMaxSecretBytes) {
    return Unreadable(reference, "it is larger than 64 KiB");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadSecret(const std::string& reference,
                                       const std::string& path,
                                       bool check) {
  const File file(path);
  if (file.fd() < 0) return Unreadable(reference, "the file is not there or may not be read");
  if (check) BB_RETURN_IF_ERROR(CheckSafe(reference, file.fd()));
  std::string secret;
  std::array<char, 4096> buffer{};
  while (secret.size() <= kMaxSecretBytes) {
    const ssize_t got = read(file.fd(), buffer.data(), buffer.size());
    if (got < 0) return Unreadable(reference, "reading it failed");
    if (got == 0) break;
    secret.append(buffer.data(), static_cast<std::size_t>(got));
  }
  if (!secret.empty() && secret.back() == '\n') secret.pop_back();
  if (secret.empty()) return Unreadable(reference, "it is empty");
  return secret;
}

}  // namespace

absl::StatusOr<std::string> ResolveSecret(const std::string& reference) {
  if (reference.starts_with(kFile)) {
    const std::string path = reference.substr(sizeof kFile - 1);
    if (path.empty() || path.front() != '/')
      return Unreadable(reference, "the path must be absolute");
    return ReadSecret(reference, path, true);
  }
  if (reference.starts_with(kCredential)) {
    const std::string name = reference.substr(sizeof kCredential - 1);
    // systemd hands the folder to this process alone, so only the name matters.
    const char* folder =
        std::getenv("CREDENTIALS_DIRECTORY");  // NOLINT(concurrency-mt-unsafe): nobody sets it
    if (folder == nullptr)
      return Unreadable(reference, "the hub was not started with systemd credentials");
    if (name.empty() || name.find('/') != std::string::npos) {
      return Unreadable(reference, "a credential's name has no '/'");
    }
    return ReadSecret(reference, std::string(folder) + "/" + name, false);
  }
  return Unreadable(reference, "write it as file:/absolute/path or credential:name");
}

}  // namespace brobygger::sync
