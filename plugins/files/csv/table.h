#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include <absl/functional/function_ref.h>
#include <absl/status/statusor.h>

#include "plugins/files/csv/mapping.h"

namespace brobygger::csv {

// A file that is whole: its heading is understood and its end was reached.
struct Table {
  Layout layout;
  std::size_t row_count = 0;  // rows below the heading, good and bad
  // What is below the heading, from its beginning; must not outlive the table.
  std::function<std::unique_ptr<RowSource>()> rows;
  // Keeps what `rows` reads from.
  std::shared_ptr<const void> source;
};

// Called now and then while a file is looked through; an error from it ends that.
using Beat = absl::FunctionRef<absl::Status()>;

// Looks through the whole file before anything of it is used. Keeps a view of
// `bytes`. Refuses what is not a whole file: empty or heading only, cut off, or of a kind that is
// not read.
absl::StatusOr<Table> OpenTable(const Config& config,
                                const std::string& file,
                                std::string_view bytes,
                                const std::set<std::string>& selected,
                                Beat beat);

// The same of an Excel workbook. The heading is the first row, of twenty, in which a configured
// column stands; where cells of it are merged downwards, it has as many rows as they, and the
// lowest text of a column is its name.
absl::StatusOr<Table> OpenBook(const Config& config,
                               const std::string& file,
                               std::string_view bytes,
                               const std::set<std::string>& selected,
                               Beat beat);

// "The file is empty, or has only its heading."
absl::Status EmptyTable(const std::string& file);

}  // namespace brobygger::csv
