#include "core/host/landlock.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <linux/landlock.h>
#include <spdlog/spdlog.h>
#include <sys/prctl.h>
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

constexpr std::uint64_t kRead = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t kWrite =
    kRead | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
    LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
    LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_REFER | kFsTruncate;
// The rights that mean something for a file; the kernel refuses others on one.
constexpr std::uint64_t kOnFile = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                                  LANDLOCK_ACCESS_FS_READ_FILE | kFsTruncate | kFsIoctlDevice;

// What every plugin needs of the system: libraries, character sets, time zones,
// certificates, ODBC's lists and name service. Nothing here holds anyone's data.
constexpr std::string_view kSystemRead[] = {
    "/usr/lib",
    "/lib",
    "/lib64",
    "/usr/local/lib",
    "/usr/share/zoneinfo",
    "/usr/share/locale",
    "/usr/share/i18n",
    "/usr/share/mysql",
    "/usr/share/mariadb",
    "/usr/share/ca-certificates",
    "/usr/share/postgresql-common",
    "/usr/share/python3",
    "/etc/ld.so.cache",
    "/etc/ld.so.preload",
    "/etc/localtime",
    "/etc/timezone",
    "/etc/ssl",
    "/etc/odbc.ini",
    "/etc/odbcinst.ini",
    "/etc/ODBCDataSources",
    "/etc/nsswitch.conf",
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/host.conf",
    "/etc/gai.conf",
    "/etc/services",
    "/etc/protocols",
    "/etc/locale.alias",
    "/dev/null",
    "/dev/zero",
    "/dev/urandom",
    "/dev/random",
    "/proc/self",
    "/proc/sys/vm/overcommit_memory",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/sys/devices/system/cpu",
};

constexpr std::uint16_t kDnsPort = 53;

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

// The kernel's rules under construction. The descriptor is closed with it.
class Ruleset {
 public:
  explicit Ruleset(int abi) : abi_(abi) {
    const RulesetAttributes attributes = Handled(abi);
    descriptor_ =
        static_cast<int>(syscall(SYS_landlock_create_ruleset, &attributes, SizeFor(abi), 0));
  }
  ~Ruleset() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  Ruleset(const Ruleset&) = delete;
  Ruleset& operator=(const Ruleset&) = delete;

  // Allows `rights` at `path` and below. False, with errno, if it cannot.
  bool AllowPath(const std::string& path, std::uint64_t rights) {
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

  bool AllowPort(std::uint16_t port) {
    if (abi_ < 4) return true;
    const NetPortAttributes rule{.allowed_access = kNetConnectTcp, .port = port};
    return syscall(SYS_landlock_add_rule, descriptor_, kRuleNetPort, &rule, 0) == 0;
  }

  bool Enforce() { return syscall(SYS_landlock_restrict_self, descriptor_, 0) == 0; }

  bool usable() const { return descriptor_ >= 0; }

 private:
  int abi_;
  int descriptor_ = -1;
};

Verdict Failed(const std::string& what) {
  return Refusal{"jail", "Landlock: " + what + ": " + std::generic_category().message(errno)};
}

Verdict AllowPaths(Ruleset& rules, const std::vector<std::string>& paths, std::uint64_t rights) {
  for (const std::string& path : paths) {
    if (rules.AllowPath(path, rights)) continue;
    if (errno != ENOENT && errno != ENOTDIR && errno != EACCES) return Failed(path);
    spdlog::warn("the jail leaves out {}: it is not there", path);
  }
  return std::nullopt;
}

std::string FolderOf(const std::string& path) {
  return std::filesystem::path(path).parent_path().string();
}

// A program brings its interpreter's files and the loader with it.
Verdict AllowProgram(Ruleset& rules, const Options& options) {
  std::vector<std::string> folders;
  for (const std::string& word : options.program) {
    std::error_code ignored;
    if (word[0] == '/' && std::filesystem::is_regular_file(word, ignored)) {
      folders.push_back(FolderOf(word));
    }
  }
  if (Verdict wrong = AllowPaths(rules, folders, kRead)) return wrong;
  // The kernel opens the loader for execution on the program's behalf.
  return AllowPaths(rules, {options.program[0], "/usr/lib", "/lib64"},
                    kRead | LANDLOCK_ACCESS_FS_EXECUTE);
}

// What this kind of plugin is made of.
Verdict AllowPlugin(Ruleset& rules, const Options& options) {
  if (!options.program.empty()) return AllowProgram(rules, options);
  if (rules.AllowPath(FolderOf(options.plugin), kRead)) return std::nullopt;
  return Refusal{"load", "there is no folder " + FolderOf(options.plugin)};
}

Verdict AllowSystem(Ruleset& rules) {
  for (const std::string_view path : kSystemRead) {
    if (!rules.AllowPath(std::string(path), kRead) && errno != ENOENT) {
      return Failed(std::string(path));
    }
  }
  if (rules.AllowPath("/dev/null", kRead | LANDLOCK_ACCESS_FS_WRITE_FILE)) return std::nullopt;
  return Failed("/dev/null");
}

Verdict AllowPorts(Ruleset& rules, const Options& options) {
  std::vector<std::uint16_t> ports = options.tcp_ports;
  if (options.resolve_names) ports.push_back(kDnsPort);
  for (const std::uint16_t port : ports) {
    if (!rules.AllowPort(port)) return Failed("port " + std::to_string(port));
  }
  return std::nullopt;
}

Verdict AllowAll(Ruleset& rules, const Options& options) {
  if (Verdict wrong = AllowSystem(rules)) return wrong;
  if (Verdict wrong = AllowPaths(rules, options.read_paths, kRead)) return wrong;
  if (Verdict wrong = AllowPaths(rules, options.write_paths, kWrite)) return wrong;
  if (!rules.AllowPath(FolderOf(options.socket), LANDLOCK_ACCESS_FS_MAKE_SOCK)) {
    return Failed("the socket's folder");
  }
  if (Verdict wrong = AllowPlugin(rules, options)) return wrong;
  return AllowPorts(rules, options);
}

void TellWhatIsMissing(int abi, const Options& options) {
  if (abi < 1) {
    spdlog::warn(
        "this kernel has no Landlock: the plugin can read every file that the hub can. Run a "
        "kernel with Landlock (5.13 or newer, 'landlock' in /sys/kernel/security/lsm)");
    return;
  }
  if (abi < 3) spdlog::warn("this kernel's Landlock (ABI {}) cannot stop truncation", abi);
  if (abi < 4 && !options.tcp_ports.empty()) {
    spdlog::warn("this kernel's Landlock (ABI {}) cannot hold the plugin to its TCP ports", abi);
  }
}

}  // namespace

int LandlockAbi() {
  const long abi =
      syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  return abi < 0 ? 0 : static_cast<int>(abi);
}

Verdict RestrictFilesAndPorts(const Options& options) {
  const int abi = LandlockAbi();
  TellWhatIsMissing(abi, options);
  if (abi < 1) return std::nullopt;
  Ruleset rules(abi);
  if (!rules.usable()) return Failed("making the rules");
  if (Verdict wrong = AllowAll(rules, options)) return wrong;
  if (!rules.Enforce()) return Failed("enforcing the rules");
  return std::nullopt;
}

}  // namespace brobygger::host
