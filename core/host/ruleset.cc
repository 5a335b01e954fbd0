#include "core/host/ruleset.h"

#include <cerrno>
#include <cstddef>

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace brobygger::host {
namespace {

// Debian 12's header ends at ABI 2. These are the kernel's numbers for the later ones.
constexpr std::uint64_t kFsTruncate = 1ULL << 14;  // ABI 3
constexpr std::uint64_t kNetBindTcp = 1ULL << 0;   // ABI 4
constexpr std::uint64_t kNetConnectTcp = 1ULL << 1;
constexpr std::uint64_t kFsIoctlDevice = 1ULL << 15;     // ABI 5
constexpr std::uint64_t kScopeAbstractUnix = 1ULL << 0;  // ABI 6
constexpr std::uint64_t kScopeSignal = 1ULL << 1;
constexpr int kRuleNetPort = 2;

struct RulesetAttributes {
  std::uint64_t handled_access_fs = 0;
  std::uint64_t handled_access_net = 0;
  std::uint64_t scoped = 0;
};

struct NetPortAttributes {
  std::uint64_t allowed_access = 0;
  std::uint64_t port = 0;
};

// The rights that mean something for a file; the kernel refuses others on one.
constexpr std::uint64_t kOnFile = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                                  LANDLOCK_ACCESS_FS_READ_FILE | kFsTruncate | kFsIoctlDevice;

std::uint64_t HandledFiles(int abi) {
  std::uint64_t rights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
  if (abi >= 2) rights |= LANDLOCK_ACCESS_FS_REFER;
  if (abi >= 3) rights |= kFsTruncate;
  if (abi >= 5) rights |= kFsIoctlDevice;
  return rights;
}

RulesetAttributes Handled(int abi) {
  RulesetAttributes attributes;
  attributes.handled_access_fs = HandledFiles(abi);
  if (abi >= 4) attributes.handled_access_net = kNetBindTcp | kNetConnectTcp;
  if (abi >= 6) attributes.scoped = kScopeAbstractUnix | kScopeSignal;
  return attributes;
}

std::size_t SizeFor(int abi) {
  if (abi >= 6) return sizeof(RulesetAttributes);
  return abi >= 4 ? offsetof(RulesetAttributes, scoped)
                  : offsetof(RulesetAttributes, handled_access_net);
}

}  // namespace

const std::uint64_t kRead = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
const std::uint64_t kWrite = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
                             LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                             LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR |
                             LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SYM |
                             LANDLOCK_ACCESS_FS_REFER | kFsTruncate;
const std::uint64_t kWriteFile = LANDLOCK_ACCESS_FS_WRITE_FILE;
const std::uint64_t kExecute = LANDLOCK_ACCESS_FS_EXECUTE;
const std::uint64_t kMakeSocket = LANDLOCK_ACCESS_FS_MAKE_SOCK;

int LandlockAbi() {
  const long abi =
      syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  return abi < 0 ? 0 : static_cast<int>(abi);
}

Ruleset::Ruleset(int abi) : abi_(abi) {
  const RulesetAttributes attributes = Handled(abi);
  descriptor_ =
      static_cast<int>(syscall(SYS_landlock_create_ruleset, &attributes, SizeFor(abi), 0));
}

Ruleset::~Ruleset() {
  if (descriptor_ >= 0) close(descriptor_);
}

bool Ruleset::AllowPath(const std::string& path, std::uint64_t rights) {
  const int file = open(path.c_str(), O_PATH | O_CLOEXEC);
  if (file < 0) return false;
  struct stat about {};
  if (fstat(file, &about) == 0 && !S_ISDIR(about.st_mode)) rights &= kOnFile;
  landlock_path_beneath_attr rule{};
  rule.allowed_access = rights & HandledFiles(abi_);
  rule.parent_fd = file;
  const long result =
      syscall(SYS_landlock_add_rule, descriptor_, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
  const int error = errno;
  close(file);
  errno = error;
  return result == 0;
}

bool Ruleset::AllowPort(std::uint16_t port) {
  if (abi_ < 4) return true;
  const NetPortAttributes rule{.allowed_access = kNetConnectTcp, .port = port};
  return syscall(SYS_landlock_add_rule, descriptor_, kRuleNetPort, &rule, 0) == 0;
}

bool Ruleset::Enforce() { return syscall(SYS_landlock_restrict_self, descriptor_, 0) == 0; }

}  // namespace brobygger::host
