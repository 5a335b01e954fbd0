#pragma once

#include <optional>
#include <string>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "plugins/grants/sql/database.h"

namespace brobygger::sql {

// What is to be written into one cell: none is NULL.
using Cell = std::optional<std::string>;

// `value` as a cell of `column`. `held` is what the cell holds now, whose way to write
// yes and no is kept; nullptr for a new row. CLASS_REJECTED, with the field as path, if
// the column cannot hold it.
absl::StatusOr<Cell> ToCell(const Column& column,
                            const ColumnInfo& info,
                            const plugin::v1::Value& value,
                            const SqlValue* held);

// What a later read tells of that cell.
plugin::v1::Value FromCell(const Column& column, const Cell& cell);

// A text that is the same for values that say the same: 1.5 is 1.50, and "" is empty.
std::string Canonical(const plugin::v1::Value& value);
bool SameValue(const plugin::v1::Value& one, const plugin::v1::Value& other);

// The number in `value`; none if it has none.
std::optional<long long> NumberIn(const plugin::v1::Value& value);

// An error that refuses an operation for good. `path` is a field, or "".
absl::Status Refusal(const std::string& code,
                     const std::string& da,
                     const std::string& en,
                     const std::string& path = "");

// How many signs a text column takes. A longer text could be written to some, but no read
// would tell it again.
std::size_t RoomIn(const ColumnInfo& info);

// OK unless `text` is longer than the column that keeps it.
absl::Status FitsColumn(const std::string& field, const std::string& text, const ColumnInfo& info);

}  // namespace brobygger::sql
