#include "core/web/jail.h"

#include <cerrno>
#include <string>
#include <system_error>

#include <absl/strings/str_cat.h>

#include "core/base/log.h"
#include "core/base/status_macros.h"
#include "core/host/jail.h"
#include "core/host/ruleset.h"
#include "core/host/syscall_filter.h"

namespace brobygger::web {
namespace {

// What libraries read late: code that is loaded when first needed, the number of
// processors, random numbers, time zones. Nothing here holds anyone's data.
constexpr const char* kSystemRead[] = {
    "/usr/lib",     "/lib",      "/lib64",       "/usr/share/zoneinfo", "/sys/devices/system/cpu",
    "/dev/urandom", "/dev/null", "/proc/meminfo"};

absl::Status JailFailed(const std::string& what) {
  return absl::FailedPreconditionError(
      absl::StrCat("cannot enter the jail: ", what, ": ", std::generic_category().message(errno)));
}

absl::Status ToStatus(const host::Verdict& verdict) {
  if (!verdict.has_value()) return absl::OkStatus();
  return absl::FailedPreconditionError("cannot enter the jail: " + verdict->text);
}

absl::Status RestrictFiles() {
  const int abi = host::LandlockAbi();
  if (abi < 1) {
    base::LogWarning("web_jail_without_landlock",
                     {{"means", "it can read every file that its user can"}});
    return absl::OkStatus();
  }
  host::Ruleset rules(abi);
  if (!rules.usable()) return JailFailed("making Landlock's rules");
  for (const char* path : kSystemRead) {
    if (!rules.AllowPath(path, host::kRead) && errno != ENOENT) return JailFailed(path);
  }
  return rules.Enforce() ? absl::OkStatus() : JailFailed("enforcing Landlock's rules");
}

}  // namespace

absl::Status EnterWebJail(int descriptors) {
  // As of a plugin that may nothing: no Internet, no names, no program.
  const host::Options nothing_allowed;
  BB_RETURN_IF_ERROR(ToStatus(host::DropPrivileges()));
  BB_RETURN_IF_ERROR(
      ToStatus(host::LimitDumpsAndDescriptors(static_cast<std::uint64_t>(descriptors))));
  BB_RETURN_IF_ERROR(RestrictFiles());
  BB_RETURN_IF_ERROR(ToStatus(host::FilterSystemCalls(nothing_allowed, nullptr)));
  return ToStatus(host::FilterBinding());
}

}  // namespace brobygger::web
