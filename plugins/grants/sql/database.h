#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "plugins/grants/sql/row.h"
#include "plugins/grants/sql/trouble.h"

namespace brobygger::sql {

class Handle;
struct Cells;

// What a connection is for. Only kWrite may change anything.
enum class Access { kRead, kWrite };

// The products whose ways are known; others get plain SQL.
enum class Product { kOther, kPostgres, kMaria, kSqlite };

// One column, as the database's catalogue tells of it.
struct ColumnInfo {
  int type = 0;                // as ODBC numbers them
  std::size_t max_length = 0;  // code points; 0 is unlimited, or no text
  bool text = true;
  bool whole = false;       // whole numbers only
  bool comparable = false;  // a value as it was read equals the one stored
  bool nullable = true;
  std::string type_name = {};  // as PostgreSQL casts to it

  friend bool operator==(const ColumnInfo&, const ColumnInfo&) = default;
};

// A value for one "?". `column` gives its type and must outlive the call.
struct Parameter {
  const ColumnInfo* column = nullptr;
  std::optional<std::string> text;  // UTF-8; none is NULL
};

using Parameters = std::vector<Parameter>;
// May take the values away.
using OnRow = absl::FunctionRef<absl::Status(std::vector<SqlValue>&)>;

// One connection to a database over ODBC. Belongs to one thread. Nothing that it was
// not told to commit stays.
class Database {
 public:
  // `table` is the one to be asked about, `secret` is kept out of messages.
  static absl::StatusOr<std::unique_ptr<Database>> Open(const std::string& connection_string,
                                                        const TableConfig& table,
                                                        const std::string& secret,
                                                        Access access);
  ~Database();

  // Whether the table and every column is there. CLASS_NOT_FOUND, CLASS_CONFIG. To be
  // called before the others: they rely on what it learns.
  absl::Status Describe(const TableConfig& config);

  // What Describe learnt of `column`, which the configuration must name.
  const ColumnInfo& Info(const std::string& column) const { return columns_.at(column); }

  // How many rows there are.
  absl::StatusOr<std::uint64_t> Count(const TableConfig& config);

  // Calls `on_row` for each row that the filters let through, in the order of the key,
  // with the values of `columns`, then our id if the configuration has a column for it,
  // and then the key. An error from it ends the read and comes back.
  absl::Status Rows(const TableConfig& config, const std::vector<Column>& columns, OnRow on_row);

  // Runs a query that answers with `width` columns.
  absl::Status Select(const std::string& sql,
                      const Parameters& parameters,
                      std::size_t width,
                      OnRow on_row);

  // Runs a statement that changes something; how many rows it changed. The statement is
  // kept prepared, for the next time.
  absl::StatusOr<std::int64_t> Execute(const std::string& sql, const Parameters& parameters);

  // With kWrite a transaction is always open, and lasts until one of these. After an
  // error from Commit it is not known whether it happened.
  absl::Status Commit();
  void Rollback();

  // False: the connection is gone and does not come back.
  bool alive() const;

  // How long a statement waits for somebody else's lock. Only PostgreSQL and MariaDB.
  absl::Status WaitForLocks(int seconds);

  Product product() const { return product_; }
  std::string Quoted(const std::string& name) const { return quote_ + name + quote_; }
  // The table's name, quoted; and that of one given by its parts.
  std::string Table(const TableConfig& config) const { return QuotedTable(config.table); }
  std::string QuotedTable(const std::vector<std::string>& parts) const;
  // The value of an expression without columns, such as CURRENT_USER; "" if it fails.
  std::string Ask(const std::string& expression);

 private:
  Database(const TableConfig& table, std::string secret, Access access);
  absl::Status Connect(const std::string& connection_string);
  absl::Status PrepareToWrite();
  absl::Status ReadCatalogue(const TableConfig& config);
  // As ODBC answers: what it finds is the statement's rows.
  short AskForColumns(const Handle& statement, const TableConfig& config) const;
  absl::Status Compare(const TableConfig& config) const;
  absl::Status RefineLengths(const TableConfig& config);
  absl::Status NeedTransactions(const TableConfig& config);
  absl::Status NameForbidden(const TableConfig& config,
                             const std::vector<Column>& columns,
                             const absl::Status& failed);

  // What a "?" is bound to, for as long as the statement runs.
  struct Bound {
    std::u16string wide;
    std::string narrow;
    long size = 0;  // in bytes, as ODBC counts
  };
  bool Bind(const Handle& statement,
            std::size_t at,
            const Parameter& parameter,
            Bound& bound) const;

  ColumnInfo InfoOf(int type, long size, bool nullable) const;
  absl::StatusOr<Handle*> Run(const std::string& sql, const Parameters& parameters);
  absl::StatusOr<Handle*> Prepared(const std::string& sql);
  absl::Status BindCells(const Handle& statement, std::size_t width, std::size_t rows);
  std::string Where(const TableConfig& config, Parameters& parameters) const;
  absl::Status Trouble(const Handle& handle) const;

  const TableInTrouble table_;  // for messages
  const std::string secret_;
  const Access access_;
  std::unique_ptr<Handle> environment_;
  std::unique_ptr<Handle> connection_;
  bool connected_ = false;
  std::string quote_;
  Product product_ = Product::kOther;
  std::map<std::string, ColumnInfo> columns_;
  std::map<std::string, std::unique_ptr<Handle>> prepared_;
  std::vector<std::unique_ptr<Cells>> cells_;  // kept: making them costs more than a query
};

}  // namespace brobygger::sql
