#pragma once

#include <set>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/plugin/v1/record.pb.h"

#include "plugins/files/csv/config.h"
#include "plugins/files/csv/rows.h"

namespace brobygger::csv {

inline constexpr std::size_t kAbsent = static_cast<std::size_t>(-1);
inline constexpr std::size_t kMaxCellBytes = std::size_t{32} << 10;

// Which cell of a row holds what.
struct Layout {
  struct Bound {
    Column column;
    std::size_t index;
  };
  std::string file;  // its name, for messages
  Encoding encoding = Encoding::kUtf8;
  std::size_t width = 0;
  std::vector<Bound> columns;
  std::vector<std::string> missing;  // configured columns that the file lacks
  std::size_t id = kAbsent;
  std::size_t cvr = kAbsent;
  std::size_t name = kAbsent;
  std::size_t postal_code = kAbsent;
};

// Where to look for what, by the file's first row. Only the fields in `selected` are
// kept; an empty set keeps all. CLASS_CONFIG if a column the connection cannot do
// without is missing, or if none of its columns is there.
absl::StatusOr<Layout> BindHeader(const Config& config,
                                  const Row& header,
                                  Layout layout,
                                  const std::set<std::string>& selected);

// One row as a record. The error says what is wrong with it, and where; it is a
// Diagnostic for a RecordError.
absl::StatusOr<plugin::v1::Record> MapRow(const Layout& layout, const Row& row);

// The id of a row, or "" if it cannot be told.
std::string IdOf(const Layout& layout, const Row& row);

// The error of one row. `da` and `en` are the reason, without full stop.
absl::Status RowError(const Layout& layout,
                      const Row& row,
                      const std::string& code,
                      const std::string& da,
                      const std::string& en);

}  // namespace brobygger::csv
