#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/plugin/v1/record.pb.h"

#include "plugins/grants/sql/config.h"

namespace brobygger::sql {

// One value as the database gave it.
struct SqlValue {
  std::string text;  // UTF-8
  bool null = false;
  bool too_long = false;  // `text` is cut off
  bool broken = false;    // is no text in any encoding
};

// One row as a record: `values` in the order of `columns`, the key last. The
// etag is a digest of all of them. The error is for a RecordError.
absl::StatusOr<plugin::v1::Record> MapRow(const std::string& table,
                                          const std::vector<Column>& columns,
                                          const std::vector<SqlValue>& values);

}  // namespace brobygger::sql
