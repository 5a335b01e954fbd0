#include "core/daemon/stores.h"

#include <cerrno>
#include <utility>

#include <absl/strings/str_cat.h>
#include <sys/stat.h>

#include "core/base/status_macros.h"
#include "core/storage/memory/memory_store.h"
#include "core/storage/sqlite/sqlite_store.h"

namespace brobygger::daemon {
namespace {

using Opened = absl::StatusOr<std::unique_ptr<storage::Store>>;

absl::Status MakeFolder(const std::string& path) {
  if (mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return absl::OkStatus();
  return absl::ErrnoToStatus(
      errno, absl::StrCat("cannot make the folder ", path,
                          "; make it for the hub's user, or set hub.data_dir to another one"));
}

Opened OpenSqlite(const Config& config, const base::Clock& clock, OnFatal on_fatal) {
  BB_RETURN_IF_ERROR(MakeFolder(config.data_dir));
  storage::SqliteOptions options;
  options.path = config.data_dir + "/registry.db";
  options.clock = &clock;
  options.on_fatal = std::move(on_fatal);
  return storage::OpenSqliteStore(std::move(options));
}

Opened OpenMemory(const Config& /*config*/, const base::Clock& clock, const OnFatal& /*unused*/) {
  return storage::OpenMemoryStore(clock);
}

}  // namespace

Opened OpenStore(const Config& config, const base::Clock& clock, OnFatal on_fatal) {
  // The one line a new store adds.
  if (config.store == "sqlite") return OpenSqlite(config, clock, std::move(on_fatal));
  if (config.store == "memory") return OpenMemory(config, clock, on_fatal);
  return absl::InvalidArgumentError(absl::StrCat("there is no store '", config.store,
                                                 "'; set hub.store to \"sqlite\" or \"memory\""));
}

}  // namespace brobygger::daemon
