#include "core/host/landlock.h"

#include <cerrno>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <vector>

#include <spdlog/spdlog.h>

#include "core/host/ruleset.h"

namespace brobygger::host {
namespace {

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
  return AllowPaths(rules, {options.program[0], "/usr/lib", "/lib64"}, kRead | kExecute);
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
  if (rules.AllowPath("/dev/null", kRead | kWriteFile)) return std::nullopt;
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
  if (!rules.AllowPath(FolderOf(options.socket), kMakeSocket)) {
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
