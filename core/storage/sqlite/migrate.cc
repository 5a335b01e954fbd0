#include "core/storage/sqlite/migrate.h"

#include <string>

#include "core/base/error.h"
#include "core/base/status_macros.h"

namespace brobygger::storage {
namespace {

// "Brob" in ASCII: what `file` and other programs see in the header.
constexpr std::int64_t kApplicationId = 0x42726F62;

absl::Status CheckOwner(Connection& connection) {
  BB_ASSIGN_OR_RETURN(const auto application, connection.Number("PRAGMA application_id"));
  if (application == kApplicationId) return absl::OkStatus();
  BB_ASSIGN_OR_RETURN(const auto tables, connection.Number("SELECT count(*) FROM sqlite_schema"));
  if (application == 0 && tables == 0) return absl::OkStatus();
  return base::MakeError(errors::v1::ERROR_REASON_STORAGE_CORRUPT,
                         "the registry's file was made by another program; point the hub at a file "
                         "of its own");
}

absl::Status TooNew(std::int64_t version, int known) {
  return base::MakeError(
      errors::v1::ERROR_REASON_STORAGE_TOO_NEW,
      "the registry's file has version " + std::to_string(version) +
          " and this program knows up to " + std::to_string(known) +
          "; start the newer program that wrote it, or restore a backup from before the upgrade",
      {{"version", std::to_string(version)}, {"known_version", std::to_string(known)}});
}

absl::Status RunFrom(Connection& connection,
                     const std::vector<Migration>& migrations,
                     std::int64_t version) {
  for (const Migration& migration : migrations) {
    if (migration.number <= version) continue;
    BB_RETURN_IF_ERROR(connection.Execute(migration.sql));
  }
  BB_RETURN_IF_ERROR(
      connection.Execute("PRAGMA user_version=" + std::to_string(migrations.back().number) +
                         "; PRAGMA application_id=" + std::to_string(kApplicationId)));
  return connection.Execute("COMMIT");
}

}  // namespace

absl::Status Migrate(Connection& connection, const std::vector<Migration>& migrations) {
  BB_RETURN_IF_ERROR(CheckOwner(connection));
  const int known = migrations.back().number;
  BB_ASSIGN_OR_RETURN(const auto version, connection.Number("PRAGMA user_version"));
  if (version > known) return TooNew(version, known);
  if (version == known) return absl::OkStatus();

  BB_RETURN_IF_ERROR(connection.Execute("BEGIN IMMEDIATE"));
  const absl::Status status = RunFrom(connection, migrations, version);
  if (!status.ok()) connection.Execute("ROLLBACK").IgnoreError();  // the first error is the news
  return status;
}

}  // namespace brobygger::storage
