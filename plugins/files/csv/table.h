#pragma once

#include <set>
#include <string>
#include <string_view>

#include <absl/status/statusor.h>

#include "plugins/files/csv/mapping.h"

namespace brobygger::csv {

// A file that is whole: its heading is understood and its end was reached.
struct Table {
  Layout layout;
  char delimiter = ';';
  std::string_view body;      // what follows the heading
  std::size_t body_line = 1;  // the line it starts on
  std::size_t row_count = 0;  // rows in it, good and bad
};

// Looks through the whole text before anything of it is used. Keeps a view of
// `text`. Refuses what is not a whole file: empty or heading only, cut off, or no
// text at all.
absl::StatusOr<Table> OpenTable(const Config& config,
                                const std::string& file,
                                std::string_view text,
                                const std::set<std::string>& selected);

}  // namespace brobygger::csv
