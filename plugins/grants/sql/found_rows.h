#pragma once

#include <map>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "plugins/grants/sql/cell.h"

namespace brobygger::sql {

// One row as it stands, live or not.
struct FoundRow {
  std::vector<SqlValue> told;    // the columns that are shown, our id, the key
  std::vector<SqlValue> hidden;  // the other columns
  SqlValue id;
  SqlValue key;
  SqlValue version;
  bool live = true;           // the filters let it through
  absl::Status fault;         // why it cannot be told of
  plugin::v1::Record record;  // as a read tells it
  plugin::v1::Record untold;  // further fields, which are only written

  std::string id_text() const { return std::string(Trim(id.text)); }
  std::string key_text() const { return std::string(Trim(key.text)); }
  // The cell of RowFinder::columns()[at], of which `shown` are shown.
  const SqlValue& CellAt(std::size_t at, std::size_t shown) const {
    return at < shown ? told[at] : hidden[at - shown];
  }
  // What it holds in `field`; nullptr if that is not known.
  const plugin::v1::Value* Held(const std::string& field) const;
};

// How rows that were found are to be held until the transaction ends.
enum class Lock { kNone, kWait, kAtOnce };

// `values` as PostgreSQL writes an array.
std::string ArrayOf(const std::vector<Cell>& values);

// Finds single rows of one table. Belongs to one thread; all must outlive it.
class RowFinder {
 public:
  // `shown` are the columns that a record tells.
  RowFinder(const TableConfig& config, const std::vector<Column>& shown, Database& database);

  // The rows whose `column` holds one of `values`, in any order; several may hold one.
  // Values the column cannot hold are not asked for.
  absl::StatusOr<std::vector<FoundRow>> Find(const std::string& column,
                                             const std::vector<std::string>& values,
                                             Lock lock);

  // Those that are shown, and then those that are only written.
  const std::vector<Column>& columns() const { return columns_; }
  std::size_t shown() const { return shown_.size(); }

 private:
  std::string Selected() const;
  std::string Query(const std::string& column, std::size_t count, Lock lock) const;
  FoundRow ToRow(std::vector<SqlValue>& values) const;

  const TableConfig& config_;
  Database& database_;
  std::vector<Column> columns_;
  std::vector<Column> shown_;
  std::string table_;
};

}  // namespace brobygger::sql
