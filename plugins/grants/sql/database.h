#pragma once

#include <memory>
#include <string>
#include <vector>

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "plugins/grants/sql/row.h"

namespace brobygger::sql {

// One connection to a database over ODBC. Only reads. Belongs to one thread.
class Database {
 public:
  // `table` is for messages, `secret` is kept out of them.
  static absl::StatusOr<std::unique_ptr<Database>> Open(const std::string& connection_string,
                                                        const std::string& table,
                                                        const std::string& secret);
  ~Database();

  // Whether the table and every column is there. CLASS_NOT_FOUND, CLASS_CONFIG. To be
  // called before the others: they rely on what it learns.
  absl::Status Describe(const Config& config);

  // How many rows there are.
  absl::StatusOr<std::uint64_t> Count(const Config& config);

  // Calls `on_row` for each row, in the order of the key, with the values of `columns` and
  // then the key. An error from it ends the read and comes back.
  absl::Status Rows(const Config& config,
                    const std::vector<Column>& columns,
                    absl::FunctionRef<absl::Status(const std::vector<SqlValue>&)> on_row);

 private:
  class Impl;
  explicit Database(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace brobygger::sql
