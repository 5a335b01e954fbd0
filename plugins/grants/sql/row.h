#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/plugin/v1/record.pb.h"

#include "plugins/common/values.h"
#include "plugins/grants/sql/config.h"

namespace brobygger::sql {

// One value as the database gave it.
struct SqlValue {
  std::string text;  // UTF-8
  bool null = false;
  bool too_long = false;  // `text` is cut off
  bool broken = false;    // is no text in any encoding
};

// One row as a record: `values` in the order of `columns`, then our id if the row has
// one more value than that, the key last. The etag is a digest of all of them. The
// error is for a RecordError.
absl::StatusOr<plugin::v1::Record> MapRow(const std::string& table,
                                          const std::vector<Column>& columns,
                                          const std::vector<SqlValue>& values);

// Adds what one cell tells to `record`. `where` is for the message.
absl::Status MapCell(const std::string& where,
                     const Column& column,
                     const SqlValue& told,
                     plugin::v1::Record& record);

// What `text` says as a value of `column`; without a kind if it is not of its type.
plugin::v1::Value ReadText(const Column& column, std::string_view text);

// Cells are told without white space around them.
using common::Trim;

}  // namespace brobygger::sql
