#include "plugins/files/csv/source_file.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <thread>
#include <tuple>

#include <fcntl.h>
#include <fnmatch.h>
#include <sys/stat.h>
#include <unistd.h>

#include "brobygger/sdk/error.h"

namespace brobygger::csv {
namespace {

namespace fs = std::filesystem;

constexpr auto kLook = std::chrono::milliseconds(100);
constexpr int kLooksPerBeat = 10;
constexpr auto kPatience = std::chrono::minutes(10);

std::chrono::nanoseconds ToNanoseconds(const timespec& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

// What differs when a file was written to, or replaced.
struct Stamp {
  explicit Stamp(const struct stat& about)
      : inode(about.st_ino),
        size(about.st_size),
        changed(std::max(ToNanoseconds(about.st_mtim), ToNanoseconds(about.st_ctim))) {}
  bool operator==(const Stamp&) const = default;

  ino_t inode;
  off_t size;
  std::chrono::nanoseconds changed;
};

absl::Status CannotOpen(const std::string& path, int error) {
  if (error == ENOENT) {
    return sdk::MakeError({.kind = sdk::Diagnostic::CLASS_NOT_FOUND,
                           .code = "files.csv.not_found",
                           .da = "Filen eller mappen " + path +
                                 " findes ikke. Bed dem, der laver udtrækket, om at lægge den der, "
                                 "eller ret 'path'.",
                           .en = "There is no file or folder " + path +
                                 ". Ask those who make the export to put it there, or mend 'path'.",
                           .path = "path"});
  }
  const std::string reason = std::generic_category().message(error);
  return sdk::MakeError({.kind = sdk::Diagnostic::CLASS_CONFIG,
                         .code = "files.csv.not_readable",
                         .da = "Filen " + path +
                               " kan ikke læses. Giv hub'ens bruger lov til at læse den, og sæt "
                               "mappen i forbindelsens jail.read_paths.",
                         .en = "The file " + path +
                               " cannot be read. Let the hub's user read it, and put its folder "
                               "into the connection's jail.read_paths.",
                         .path = "path",
                         .detail = reason});
}

absl::Status Changed(const std::string& path) {
  return sdk::MakeError({.kind = sdk::Diagnostic::CLASS_TRANSIENT,
                         .code = "files.csv.changing",
                         .da = "Filen " + path + " bliver stadig skrevet. Der prøves igen.",
                         .en = "The file " + path + " is still being written. It is tried again.",
                         .path = path});
}

absl::Status TooLarge(const std::string& path) {
  return sdk::MakeError({.kind = sdk::Diagnostic::CLASS_REJECTED,
                         .code = "files.csv.too_large",
                         .da = "Filen " + path + " er over 64 MiB. Del udtrækket i flere.",
                         .en = "The file " + path + " is over 64 MiB. Split the export.",
                         .path = path});
}

// A descriptor that is closed with it.
class File {
 public:
  explicit File(const std::string& path) : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

absl::StatusOr<std::string> NewestIn(const Config& config) {
  std::error_code error;
  fs::directory_iterator entries(config.path, error);
  if (error) return CannotOpen(config.path, error.value());
  std::string newest;
  std::pair<std::chrono::nanoseconds, std::string> newest_key;
  for (const fs::directory_entry& entry : entries) {
    struct stat about {};
    const std::string path = entry.path().string();
    const std::string name = entry.path().filename().string();
    // "~$liste.xlsx" stands beside a workbook for as long as somebody has it open.
    if (name.rfind("~$", 0) == 0) continue;
    if (fnmatch(config.pattern.c_str(), name.c_str(), FNM_PERIOD) != 0) continue;
    if (stat(path.c_str(), &about) != 0 || !S_ISREG(about.st_mode)) continue;
    std::pair key(ToNanoseconds(about.st_mtim), path);
    if (newest.empty() || key > newest_key) std::tie(newest, newest_key) = std::pair(path, key);
  }
  if (newest.empty()) return CannotOpen(config.path + "/" + config.pattern, ENOENT);
  return newest;
}

}  // namespace

absl::StatusOr<std::string> FindFile(const Config& config) {
  struct stat about {};
  if (stat(config.path.c_str(), &about) != 0) return CannotOpen(config.path, errno);
  if (S_ISDIR(about.st_mode)) return NewestIn(config);
  return config.path;
}

absl::Status WaitUntilStable(const std::string& path,
                             std::chrono::milliseconds stable_for,
                             absl::FunctionRef<absl::Status()> beat) {
  using Clock = std::chrono::steady_clock;
  const auto give_up = Clock::now() + kPatience;
  auto quiet_since = Clock::now();
  std::optional<Stamp> last;
  for (int look = 0; Clock::now() < give_up; ++look) {
    struct stat about {};
    if (stat(path.c_str(), &about) != 0) return CannotOpen(path, errno);
    const Stamp now(about);
    if (last && !(now == *last)) quiet_since = Clock::now();
    last = now;
    // An old file needs no wait. A clock that is behind the file's says nothing.
    const auto age = std::chrono::system_clock::now().time_since_epoch() - now.changed;
    if (age >= stable_for || Clock::now() - quiet_since >= stable_for) return absl::OkStatus();
    if (look % kLooksPerBeat == 0) {
      if (absl::Status gone = beat(); !gone.ok()) return gone;
    }
    std::this_thread::sleep_for(kLook);
  }
  return Changed(path);
}

absl::StatusOr<std::string> ReadWhole(const std::string& path) {
  const File file(path);
  struct stat before {};
  if (file.descriptor() < 0 || fstat(file.descriptor(), &before) != 0) {
    return CannotOpen(path, errno);
  }
  if (static_cast<std::uint64_t>(before.st_size) > kMaxFileBytes) return TooLarge(path);
  // One byte more than there should be, so that growth shows.
  std::string bytes(static_cast<std::size_t>(before.st_size) + 1, '\0');
  std::size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t count = read(file.descriptor(), bytes.data() + size, bytes.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return CannotOpen(path, errno);
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  struct stat after {};
  const bool same_file = stat(path.c_str(), &after) == 0 && Stamp(before) == Stamp(after);
  if (!same_file || size != static_cast<std::size_t>(before.st_size)) return Changed(path);
  bytes.resize(size);
  return bytes;
}

}  // namespace brobygger::csv
