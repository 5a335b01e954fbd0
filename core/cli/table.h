#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/cli/terminal.h"

namespace brobygger::cli {

// So many characters of an id are shown in a table: enough to type one again.
inline constexpr std::size_t kShownIdLength = 8;

struct Column {
  std::string key;      // stable, for csv and --columns
  std::string header;   // for people
  bool marked = false;  // cells may carry a mark
};

// One value, and a mark that stands in a column of its own beside it.
struct Cell {
  std::string value;
  std::string mark = {};
};

// Rows under headers, aligned by what the eye sees. On a terminal that is too
// narrow the widest columns are cut first, then the last ones left out.
class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  void Add(std::vector<Cell> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.empty(); }

  std::string Render(const Terminal& terminal) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace brobygger::cli
