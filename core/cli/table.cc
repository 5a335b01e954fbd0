#include "core/cli/table.h"

#include <algorithm>
#include <utility>

#include "core/cli/text_width.h"

namespace brobygger::cli {
namespace {

constexpr int kGap = 2;
constexpr int kNarrowest = 10;  // no column is cut below this

struct Widths {
  int value = 0;
  int mark = 0;
  int all() const { return value + (mark == 0 ? 0 : mark + 1); }
};

std::string Padded(const std::string& text, int width) {
  const std::string cut = CutToWidth(text, width);
  return cut + std::string(static_cast<size_t>(std::max(0, width - DisplayWidth(cut))), ' ');
}

int Total(const std::vector<Widths>& widths) {
  int total = -kGap;
  for (const Widths& width : widths) total += width.all() + kGap;
  return total;
}

void Squeeze(std::vector<Widths>& widths, int available) {
  while (Total(widths) > available) {
    const auto widest = std::max_element(
        widths.begin(), widths.end(),
        [](const Widths& left, const Widths& right) { return left.value < right.value; });
    if (widest->value > kNarrowest) {
      --widest->value;
    } else if (widths.size() > 1) {
      widths.pop_back();
    } else {
      return;
    }
  }
}

std::string Line(const std::vector<Cell>& cells, const std::vector<Widths>& widths) {
  std::string line;
  for (size_t i = 0; i < widths.size() && i < cells.size(); ++i) {
    if (i > 0) line += std::string(kGap, ' ');
    line += Padded(OneCleanLine(cells[i].value), widths[i].value);
    if (widths[i].mark > 0) line += " " + Padded(cells[i].mark, widths[i].mark);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace

std::string Table::Render(const Terminal& terminal) const {
  std::vector<Widths> widths;
  std::vector<Cell> headers;
  for (const Column& column : columns_) {
    widths.push_back({.value = DisplayWidth(column.header)});
    headers.push_back({.value = column.header});
  }
  for (const auto& row : rows_) {
    for (size_t i = 0; i < row.size() && i < widths.size(); ++i) {
      widths[i].value = std::max(widths[i].value, DisplayWidth(OneCleanLine(row[i].value)));
      widths[i].mark = std::max(widths[i].mark, DisplayWidth(row[i].mark));
    }
  }
  if (terminal.width > 0) Squeeze(widths, terminal.width);

  const std::string header = Line(headers, widths);
  std::string text = (terminal.colors ? "\033[1m" + header + "\033[0m" : header) + "\n";
  for (const auto& row : rows_) text += Line(row, widths) + "\n";
  return text;
}

}  // namespace brobygger::cli
