#include "core/host/jail.h"

#include <cerrno>
#include <csignal>
#include <system_error>

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/host/landlock.h"
#include "core/host/syscall_filter.h"

namespace brobygger::host {
namespace {

constexpr rlim_t kMaxDescriptors = 256;

// The sanitizers map terabytes of address space, which counts as data.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kLimitData = false;
#else
constexpr bool kLimitData = true;
#endif

Verdict Failed(const char* what) {
  return Refusal{"jail", std::string(what) + ": " + std::generic_category().message(errno)};
}

bool Limit(__rlimit_resource resource, rlim_t most) {
  rlimit now{};
  if (getrlimit(resource, &now) != 0) return false;
  // An unprivileged process cannot raise its hard limit, and need not.
  if (now.rlim_max < most) most = now.rlim_max;
  const rlimit limit{.rlim_cur = most, .rlim_max = most};
  return setrlimit(resource, &limit) == 0;
}

Verdict LimitResources(const Options& options) {
  if (Verdict wrong = LimitDumpsAndDescriptors(kMaxDescriptors)) return wrong;
  // Not RLIMIT_AS: a gRPC process at rest maps hundreds of megabytes it never touches.
  if (kLimitData && !Limit(RLIMIT_DATA, options.data_limit_bytes)) return Failed("RLIMIT_DATA");
  if (options.cpu_limit_seconds != 0 && !Limit(RLIMIT_CPU, options.cpu_limit_seconds)) {
    return Failed("RLIMIT_CPU");
  }
  return std::nullopt;
}

// Where the hub runs as root the plugin must not be: root without capabilities owns
// root's files, and Landlock holds those.
Verdict DropCapabilities() {
  for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; ++capability) {
    prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);  // fails without privilege: nothing to drop
  }
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {};
  if (syscall(SYS_capset, &header, none) != 0) return Failed("capset");
  return std::nullopt;
}

Verdict CutLoose() {
  if (close_range(kHandshakeDescriptor + 1, ~0U, 0) != 0) return Failed("close_range");
  if (Verdict wrong = DropPrivileges()) return wrong;
  if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return Failed("PR_SET_PDEATHSIG");
  umask(0077);
  return std::nullopt;
}

}  // namespace

Verdict DropPrivileges() {
  if (Verdict wrong = DropCapabilities()) return wrong;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return Failed("PR_SET_NO_NEW_PRIVS");
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return Failed("PR_SET_DUMPABLE");
  return std::nullopt;
}

Verdict LimitDumpsAndDescriptors(std::uint64_t descriptors) {
  if (!Limit(RLIMIT_CORE, 0)) return Failed("RLIMIT_CORE");
  if (!Limit(RLIMIT_NOFILE, descriptors)) return Failed("RLIMIT_NOFILE");
  return std::nullopt;
}

Verdict EnterJail(const Options& options, const char* program) {
  if (Verdict wrong = CutLoose()) return wrong;
  if (Verdict wrong = LimitResources(options)) return wrong;
  if (Verdict wrong = RestrictFilesAndPorts(options)) return wrong;
  return FilterSystemCalls(options, program);
}

}  // namespace brobygger::host
