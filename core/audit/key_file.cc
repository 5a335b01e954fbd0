#include "core/audit/key_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/audit/file.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"

namespace brobygger::audit {
namespace {

absl::Status Unusable(const std::string& path, const std::string& why) {
  return base::MakeError(errors::v1::ERROR_REASON_SECRET_UNREADABLE,
                         absl::StrCat("the key file ", path, " ", why), {{"secret", path}});
}

// Written beside its place and then linked there, so that no half of a key is ever read
// and a key that is there already is never replaced.
absl::Status MakeKey(const std::string& path) {
  Key random{};
  if (RAND_bytes(random.data(), random.size()) != 1) {
    return absl::InternalError("the machine has no random numbers for a key");
  }
  std::string text = absl::StrCat(
      absl::BytesToHexString({reinterpret_cast<const char*>(random.data()), random.size()}), "\n");
  std::string beside = path + ".XXXXXX";
  const int file = mkostemp(beside.data(), O_CLOEXEC);
  const bool written = file >= 0 &&
                       write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       fsync(file) == 0;
  if (file >= 0) close(file);
  const bool placed = written && (link(beside.c_str(), path.c_str()) == 0 || errno == EEXIST);
  unlink(beside.c_str());
  OPENSSL_cleanse(text.data(), text.size());
  OPENSSL_cleanse(random.data(), random.size());
  if (placed) return RealDisk().SyncFolder(path.substr(0, path.rfind('/')));
  return Unusable(path, "cannot be made; is there room, and may the hub write?");
}

bool IsHexDigit(char sign) { return (sign >= '0' && sign <= '9') || (sign >= 'a' && sign <= 'f'); }

}  // namespace

absl::StatusOr<KeyFile> ReadOrMakeKey(const std::string& path) {
  struct stat about {};
  const bool made = stat(path.c_str(), &about) != 0 && errno == ENOENT;
  if (made) BB_RETURN_IF_ERROR(MakeKey(path));
  if (stat(path.c_str(), &about) != 0) return Unusable(path, "cannot be read");
  if ((about.st_mode & 077) != 0) return Unusable(path, "may be read by others; chmod 600 it");
  BB_ASSIGN_OR_RETURN(std::string text, ReadFile(path));
  KeyFile file{.key = {}, .made = made};
  const bool good = text.size() == 2 * file.key.size() + 1 && text.back() == '\n' &&
                    std::all_of(text.begin(), text.end() - 1, IsHexDigit);
  if (!good) return Unusable(path, "holds no key of 64 hexadecimal digits");
  text.pop_back();
  std::string bytes = absl::HexStringToBytes(text);
  std::copy(bytes.begin(), bytes.end(), file.key.begin());
  OPENSSL_cleanse(text.data(), text.size());
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return file;
}

}  // namespace brobygger::audit
