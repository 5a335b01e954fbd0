#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "plugins/common/values.h"
#include "plugins/files/common/workbook.h"
#include "plugins/files/csv/table.h"

namespace brobygger::csv {
namespace {

using files::BookCell;
using files::BookCellKind;
using files::BookRow;
using files::Merge;
using files::SheetReader;
using files::Workbook;

constexpr std::size_t kMostRowsAbove = 20;  // in which a heading is looked for
constexpr std::size_t kMostHeadingRows = 5;
constexpr auto kBetweenBeats = std::chrono::seconds(1);

CellKind KindOf(BookCellKind kind) {
  switch (kind) {
    case BookCellKind::kPlain:
      return CellKind::kPlain;
    case BookCellKind::kError:
      return CellKind::kError;
    case BookCellKind::kUnknown:
      return CellKind::kUnknown;
    default:
      return CellKind::kText;
  }
}

// Rows of a column, first and last, that are covered by a cell which begins elsewhere.
using Covered = std::vector<std::pair<std::size_t, std::size_t>>;

// A sheet's rows in the form of a CSV file's.
class BookRows final : public RowSource {
 public:
  BookRows(std::unique_ptr<SheetReader> reader,
           std::size_t below,
           std::size_t width,
           const std::map<std::size_t, Covered>& covered)
      : reader_(std::move(reader)), below_(below), width_(width), covered_(covered) {}

  bool Next(Row& row) override {
    while (true) {
      // The same bytes were read to their end before: what was whole then still is.
      if (reader_ == nullptr) return false;
      const auto more = reader_->Next(from_);
      if (!more.ok() || !*more) return false;
      if (from_.number > below_) break;
    }
    row.cells.assign(width_, Cell());
    row.line = from_.number;
    row.fault = RowFault::kNone;
    row.ended = true;
    row.raw = {};
    for (const BookCell& cell : from_.cells) {
      if (cell.column >= width_) break;
      row.cells[cell.column] = {.raw = cell.text, .kind = KindOf(cell.kind)};
    }
    for (const auto& [column, rows] : covered_) {
      if (IsCovered(rows, from_.number)) row.cells[column].kind = CellKind::kMerged;
    }
    return true;
  }

 private:
  static bool IsCovered(const Covered& rows, std::size_t number) {
    const auto after =
        std::upper_bound(rows.begin(), rows.end(), std::pair(number, static_cast<std::size_t>(-1)));
    return after != rows.begin() && std::prev(after)->second >= number;
  }

  std::unique_ptr<SheetReader> reader_;
  BookRow from_;
  const std::size_t below_;
  const std::size_t width_;
  const std::map<std::size_t, Covered>& covered_;
};

// A workbook that was looked through.
struct Book {
  std::unique_ptr<Workbook> workbook;
  std::vector<BookRow> above;  // the first rows
  std::vector<Merge> merges;
  std::size_t last_heading_row = 0;
  std::map<std::size_t, Covered> covered;
};

std::set<std::string> WantedNames(const Config& config) {
  std::set<std::string> names = {config.id_column, config.id_from.cvr, config.id_from.name};
  for (const Column& column : config.columns) names.insert(column.source);
  names.erase("");
  return names;
}

bool IsHeading(const BookRow& row, const std::set<std::string>& wanted) {
  return std::any_of(row.cells.begin(), row.cells.end(), [&](const BookCell& cell) {
    return wanted.count(std::string(common::Trim(cell.text))) > 0;
  });
}

// The names of the columns, put together from all rows of the heading.
std::vector<std::string> Heading(const Config& config, Book& book) {
  const std::set<std::string> wanted = WantedNames(config);
  auto first = std::find_if(book.above.begin(), book.above.end(),
                            [&](const BookRow& row) { return IsHeading(row, wanted); });
  if (first == book.above.end()) first = book.above.begin();
  std::size_t last = first->number;
  for (const Merge& merge : book.merges) {
    const bool down = merge.first_row == first->number && merge.last_row > last &&
                      merge.last_row < first->number + kMostHeadingRows;
    if (down) last = merge.last_row;
  }
  book.last_heading_row = last;
  std::vector<std::string> names;
  for (auto row = first; row != book.above.end() && row->number <= last; ++row) {
    for (const BookCell& cell : row->cells) {
      names.resize(std::max(names.size(), cell.column + 1));
      names[cell.column] = cell.text;
    }
  }
  return names;
}

// Where cells of the columns that are read stand for others. What is in a heading does not count.
void FindCovered(const Layout& layout, Book& book) {
  std::set<std::size_t> columns = {layout.id, layout.cvr, layout.name, layout.postal_code};
  for (const Layout::Bound& bound : layout.columns) columns.insert(bound.index);
  columns.erase(kAbsent);
  for (const std::size_t column : columns) {
    Covered rows;
    for (const Merge& merge : book.merges) {
      if (column < merge.first_column || column > merge.last_column) continue;
      const std::size_t begin = merge.first_row + (column == merge.first_column ? 1 : 0);
      if (begin <= merge.last_row) rows.emplace_back(begin, merge.last_row);
    }
    std::sort(rows.begin(), rows.end());
    if (!rows.empty()) book.covered[column] = std::move(rows);
  }
}

// Reads the sheet to its end, and keeps what stands at its beginning.
absl::StatusOr<std::size_t> LookThrough(Book& book, Beat beat) {
  auto reader = book.workbook->Rows();
  if (!reader.ok()) return reader.status();
  auto beaten = std::chrono::steady_clock::now();
  std::size_t rows = 0;
  for (BookRow row;; ++rows) {
    const auto more = (*reader)->Next(row);
    if (!more.ok()) return more.status();
    if (!*more) break;
    if (rows < kMostRowsAbove + kMostHeadingRows) book.above.push_back(row);
    if (std::chrono::steady_clock::now() - beaten < kBetweenBeats) continue;
    beaten = std::chrono::steady_clock::now();
    if (absl::Status gone = beat(); !gone.ok()) return gone;
  }
  book.merges = (*reader)->merges();
  return rows;
}

}  // namespace

absl::StatusOr<Table> OpenBook(const Config& config,
                               const std::string& file,
                               std::string_view bytes,
                               const std::set<std::string>& selected,
                               Beat beat) {
  if (bytes.empty()) return EmptyTable(file);
  auto workbook = Workbook::Open(bytes, config.sheet, file);
  if (!workbook.ok()) return workbook.status();
  const auto book = std::make_shared<Book>();
  book->workbook = *std::move(workbook);
  const auto rows = LookThrough(*book, beat);
  if (!rows.ok()) return rows.status();
  if (book->above.empty()) return EmptyTable(file);

  const std::vector<std::string> names = Heading(config, *book);
  Row heading;
  for (const std::string& name : names) heading.cells.push_back({.raw = name});
  Table table;
  table.layout.file = file;
  auto layout = BindHeader(config, heading, table.layout, selected);
  if (!layout.ok()) return layout.status();
  table.layout = *std::move(layout);
  FindCovered(table.layout, *book);
  const auto above = std::count_if(book->above.begin(), book->above.end(), [&](const BookRow& row) {
    return row.number <= book->last_heading_row;
  });
  table.row_count = *rows - static_cast<std::size_t>(above);
  if (table.row_count == 0) return EmptyTable(file);
  table.rows = [from = book.get(), width = table.layout.width] {
    auto reader = from->workbook->Rows();
    return std::make_unique<BookRows>(reader.ok() ? *std::move(reader) : nullptr,
                                      from->last_heading_row, width, from->covered);
  };
  table.source = book;
  return table;
}

}  // namespace brobygger::csv
