#include "plugins/grants/sql/rights.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "brobygger/sdk/error.h"

namespace brobygger::sql {
namespace {

std::string Listed(const Database& database, const std::vector<std::string>& columns) {
  std::string list;
  for (const std::string& column : columns) {
    list += (list.empty() ? "" : ", ") + database.Quoted(column);
  }
  return list;
}

std::vector<std::string> Updated(const TableConfig& config) {
  std::vector<std::string> columns = {config.write->id};
  for (const std::string& field : config.write->columns) {
    columns.push_back(config.ColumnOf(field)->source);
  }
  if (!config.write->version.empty()) columns.push_back(config.write->version);
  return columns;
}

std::vector<std::string> Inserted(const TableConfig& config) {
  const std::vector<std::string> updated = Updated(config);
  std::set<std::string> columns(updated.begin(), updated.end());
  for (const std::string& field : config.write->insert_columns) {
    columns.insert(config.ColumnOf(field)->source);
  }
  for (const Filter& filter : config.filters) columns.insert(filter.column);
  for (const Filter& value : config.write->defaults) columns.insert(value.column);
  return {columns.begin(), columns.end()};
}

std::string UpdateOfNothing(const TableConfig& config,
                            const Database& database,
                            const std::vector<std::string>& columns) {
  std::string set;
  for (const std::string& column : columns) {
    set += (set.empty() ? "" : ", ") + database.Quoted(column) + " = NULL";
  }
  return "UPDATE " + database.Table(config) + " SET " + set + " WHERE 1 = 0";
}

std::string InsertOfNothing(const TableConfig& config,
                            const Database& database,
                            const std::vector<std::string>& columns) {
  std::string nothing;
  for (std::size_t at = 0; at < columns.size(); ++at) nothing += at == 0 ? "NULL" : ", NULL";
  return "INSERT INTO " + database.Table(config) + " (" + Listed(database, columns) + ") SELECT " +
         nothing + " FROM (SELECT 1 AS one) nothing WHERE 1 = 0";
}

// Whether the database refuses `sql` for want of a right. Other faults are not ours.
bool IsForbidden(Database& database, const std::string& sql) {
  const auto ran = database.Execute(sql, {});
  database.Rollback();
  return !ran.ok() && sdk::DiagnosticOf(ran.status()).code() == "grants.sql.no_right";
}

using Statement = std::string (*)(const TableConfig&,
                                  const Database&,
                                  const std::vector<std::string>&);

// The columns of `wanted` that `statement` is refused for.
std::vector<std::string> Forbidden(const TableConfig& config,
                                   Database& database,
                                   const std::vector<std::string>& wanted,
                                   Statement statement) {
  std::vector<std::string> missing;
  if (!IsForbidden(database, statement(config, database, wanted))) return missing;
  for (const std::string& column : wanted) {
    if (IsForbidden(database, statement(config, database, {column}))) missing.push_back(column);
  }
  return missing;
}

// The user as a GRANT names it.
std::string UserOf(Database& database) {
  const std::string user = database.Ask("CURRENT_USER");
  const std::size_t at = user.rfind('@');
  if (database.product() != Product::kMaria || at == std::string::npos) {
    return database.Quoted(user);
  }
  return "'" + user.substr(0, at) + "'@'" + user.substr(at + 1) + "'";
}

// A serial key's sequence needs a right of its own in PostgreSQL; "" if there is none.
std::string ForbiddenSequence(const TableConfig& config, Database& database) {
  if (database.product() != Product::kPostgres) return "";
  const std::string table = "'" + database.Table(config) + "'";
  const std::string sequence = "pg_get_serial_sequence(" + table + ", '" + config.key + "')";
  return database.Ask("CASE WHEN NOT has_sequence_privilege(" + sequence +
                      ", 'USAGE') AND EXISTS (SELECT 1 FROM pg_catalog.pg_attribute WHERE attrelid "
                      "= " +
                      table + "::regclass AND attname = '" + config.key +
                      "' AND attidentity = '') THEN " + sequence + " ELSE '' END");
}

}  // namespace

absl::Status MissingRights(const TableConfig& config, Database& database) {
  std::string grants;
  const std::string table = database.Table(config);
  const auto need = [&](const std::string& right, const std::string& object) {
    grants += (grants.empty() ? "" : " ") + ("GRANT " + right) + " ON " + object + " TO " +
              UserOf(database) + ";";
  };
  if (const auto missing = Forbidden(config, database, Updated(config), UpdateOfNothing);
      !missing.empty()) {
    need("UPDATE (" + Listed(database, missing) + ")", table);
  }
  if (config.write->insert) {
    const auto missing = Forbidden(config, database, Inserted(config), InsertOfNothing);
    if (!missing.empty()) need("INSERT (" + Listed(database, missing) + ")", table);
    const std::string sequence = ForbiddenSequence(config, database);
    if (!sequence.empty()) need("USAGE", "SEQUENCE " + sequence);
  }
  if (grants.empty()) return absl::OkStatus();
  return sdk::MakeError(
      {.kind = sdk::Diagnostic::CLASS_AUTH,
       .code = "grants.sql.no_right",
       .da = "Brugeren mangler ret til at skrive. Bed databasens ejer om: " + grants +
             " Ændringerne venter så længe.",
       .en = "The user lacks the right to write. Ask the database's owner for: " + grants +
             " The changes wait until then.",
       .path = "write"});
}

}  // namespace brobygger::sql
