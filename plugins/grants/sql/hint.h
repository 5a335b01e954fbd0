#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <absl/status/statusor.h>

#include "plugins/grants/sql/database.h"

namespace brobygger::sql {

// The cursor of a read that knows the hint; "row:..." has another version.
inline constexpr std::uint32_t kHintCursorVersion = 2;

// What the hint said when a read began, held against the read before. A hint may come
// before what it tells of is committed, so the table counts as unchanged only when the
// hint has said the same for `settle_seconds`; and since it is a hint and no promise,
// the table is read whole every `whole_hours` whatever it says.
class ChangeHint {
 public:
  // Asks the database. `what` differs with what is read (scope and columns), `cursor`
  // is the one before, "" if there is none. CLASS_CONFIG if the hint is not one row
  // with a value, and what asking may fail with.
  static absl::StatusOr<ChangeHint> Ask(Database& database,
                                        const TableConfig& table,
                                        const std::string& what,
                                        const std::string& cursor,
                                        std::chrono::sys_seconds now);

  // Nothing needs to be read.
  bool unchanged() const { return unchanged_; }

  // The cursor for a read that began now and brought everything.
  std::string CursorOfWholeRead() const;

 private:
  std::string what_;
  std::string value_;
  std::chrono::sys_seconds first_seen_;
  std::chrono::sys_seconds now_;
  bool unchanged_ = false;
};

}  // namespace brobygger::sql
