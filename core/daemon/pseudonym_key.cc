#include "core/daemon/pseudonym_key.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
#include <fcntl.h>
#include <openssl/rand.h>
#include <unistd.h>

#include "core/base/status_macros.h"

namespace brobygger::daemon {
namespace {

// Whether the file's name will still be there after a power cut.
bool SyncFolder(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool synced = fsync(descriptor) == 0;
  close(descriptor);
  return synced;
}

// Written beside its place and then moved there, so that no half of a key is ever read.
absl::Status MakeKey(const std::string& path) {
  std::array<unsigned char, 32> random{};
  if (RAND_bytes(random.data(), random.size()) != 1) {
    return absl::InternalError("the machine has no random numbers for the pseudonym key");
  }
  const std::string text = absl::StrCat(
      absl::BytesToHexString({reinterpret_cast<const char*>(random.data()), random.size()}), "\n");
  // Of a name of its own: two may be asked for at once.
  std::string beside = path + ".XXXXXX";
  const int file = mkostemp(beside.data(), O_CLOEXEC);
  const bool written = file >= 0 &&
                       write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       fsync(file) == 0;
  if (file >= 0) close(file);
  // link() and not rename(): a key that is there already is never replaced.
  const bool placed = written && (link(beside.c_str(), path.c_str()) == 0 || errno == EEXIST);
  unlink(beside.c_str());
  if (placed && SyncFolder(path)) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat("the key ", path, " cannot be made; is there room, and may the hub write?"));
}

}  // namespace

absl::StatusOr<std::string> PseudonymKey(const std::string& data_dir) {
  const std::string path =
      std::filesystem::absolute(data_dir + "/pseudonym.key").lexically_normal().string();
  if (!std::filesystem::exists(path)) BB_RETURN_IF_ERROR(MakeKey(path));
  return sync::ResolveSecret("file:" + path);
}

sync::SecretResolver Secrets(const std::string& data_dir) {
  return [data_dir](const std::string& reference) {
    return reference == sync::kPseudonymKeyReference ? PseudonymKey(data_dir)
                                                     : sync::ResolveSecret(reference);
  };
}

}  // namespace brobygger::daemon
