#include "tests/conformance/store_cases.h"

#include <stdexcept>

#include "core/storage/memory/memory_store.h"
#include "core/storage/sqlite/sqlite_store.h"

namespace brobygger::conformance {
namespace {

std::unique_ptr<storage::Store> OpenMemory(const std::filesystem::path& /*folder*/,
                                           const base::Clock& clock) {
  return storage::OpenMemoryStore(clock);
}

std::unique_ptr<storage::Store> OpenSqlite(const std::filesystem::path& folder,
                                           const base::Clock& clock) {
  storage::SqliteOptions options;
  options.path = (folder / "registry.db").string();
  options.clock = &clock;
  // So few that a test's writes fill the log many times over.
  options.checkpoint_pages = 20;
  auto store = storage::OpenSqliteStore(std::move(options));
  if (!store.ok()) throw std::runtime_error(std::string(store.status().message()));
  return *std::move(store);
}

}  // namespace

std::vector<StoreCase> StoreCases() {
  return {
      {.name = "memory", .open = OpenMemory, .survives_restart = false},
      {.name = "sqlite", .open = OpenSqlite, .survives_restart = true},
  };
}

}  // namespace brobygger::conformance
