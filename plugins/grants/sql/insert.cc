#include "plugins/grants/sql/insert.h"

#include <algorithm>

#include "plugins/grants/sql/found_rows.h"
#include "plugins/grants/sql/odbc.h"

namespace brobygger::sql {
namespace {

constexpr std::size_t kMostParameters = 16000;  // in a statement

const ColumnInfo kInsertedText = {.type = SQL_WLONGVARCHAR};

using Rows = std::vector<const NewRow*>;

std::string Beginning(const TableConfig& config, const Database& database, const NewRow& row) {
  std::string columns;
  for (const auto& [column, cell] : row) {
    columns += (columns.empty() ? "" : ", ") + database.Quoted(column);
  }
  return "INSERT INTO " + database.Table(config) + " (" + columns + ") ";
}

// PostgreSQL takes a column as one array, and need not plan thousands of values.
absl::Status InsertArrays(const TableConfig& config, Database& database, const Rows& rows) {
  std::string arrays;
  Parameters parameters;
  for (const auto& [column, ignored] : *rows[0]) {
    arrays += (arrays.empty() ? "" : ", ") +
              ("CAST(CAST(? AS text) AS " + database.Info(column).type_name + "[])");
    std::vector<Cell> cells;
    cells.reserve(rows.size());
    for (const NewRow* row : rows) cells.push_back(row->at(column));
    parameters.push_back({&kInsertedText, ArrayOf(cells)});
  }
  return database
      .Execute(Beginning(config, database, *rows[0]) + "SELECT * FROM unnest(" + arrays + ")",
               parameters)
      .status();
}

absl::Status InsertValues(const TableConfig& config, Database& database, const Rows& rows) {
  const std::size_t width = rows[0]->size();
  const std::size_t most = std::max<std::size_t>(kMostParameters / width, 1);
  std::string one = "(?";
  for (std::size_t at = 1; at < width; ++at) one += ", ?";
  one += ")";
  for (std::size_t begin = 0; begin < rows.size(); begin += most) {
    const std::size_t end = std::min(rows.size(), begin + most);
    std::string sql = Beginning(config, database, *rows[0]) + "VALUES ";
    Parameters parameters;
    parameters.reserve((end - begin) * width);
    for (std::size_t at = begin; at < end; ++at) {
      sql += (at == begin ? "" : ", ") + one;
      for (const auto& [column, cell] : *rows[at]) {
        parameters.push_back({&database.Info(column), cell});
      }
    }
    const auto inserted = database.Execute(sql, parameters);
    if (!inserted.ok()) return inserted.status();
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status InsertRows(const TableConfig& config, Database& database, const Rows& rows) {
  std::map<std::string, Rows> alike;
  for (const NewRow* row : rows) alike[Beginning(config, database, *row)].push_back(row);
  for (const auto& [ignored, group] : alike) {
    const absl::Status done = database.product() == Product::kPostgres
                                  ? InsertArrays(config, database, group)
                                  : InsertValues(config, database, group);
    if (!done.ok()) return done;
  }
  return absl::OkStatus();
}

}  // namespace brobygger::sql
