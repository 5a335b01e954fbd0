#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <absl/status/statusor.h>
#include <pugixml.hpp>

#include "plugins/files/common/number_formats.h"
#include "plugins/files/common/shared_texts.h"
#include "plugins/files/common/xml_pieces.h"
#include "plugins/files/common/zip_archive.h"

namespace brobygger::files {

// What a cell holds.
enum class BookCellKind {
  kText,     // as a person typed it
  kPlain,    // a number, a date or yes and no, in the notation of programs
  kError,    // "#REF!"
  kUnknown,  // a formula whose value is not in the file
};

struct BookCell {
  std::size_t column = 0;  // from 0
  BookCellKind kind = BookCellKind::kText;
  std::string text;
};

struct BookRow {
  std::size_t number = 0;       // as Excel shows it, from 1
  std::vector<BookCell> cells;  // those that hold something, as they stand
};

// Cells that were made one: all but the first of them are empty. Rows from 1, columns from 0.
struct Merge {
  std::size_t first_row = 0;
  std::size_t last_row = 0;
  std::size_t first_column = 0;
  std::size_t last_column = 0;
};

// What the cells of a workbook refer to.
struct BookParts {
  SharedTexts texts;
  NumberFormats formats;
  bool since_1904 = false;
};

// Reads a sheet row by row, with one row in memory. Belongs to one thread.
class SheetReader {
 public:
  // All must outlive it.
  SheetReader(std::unique_ptr<ZipPart> part, const BookParts& parts, std::string file);

  // The next row that holds something; false at the end. kBadXml, kCut, kTooLarge (also where a
  // row or a cell has no place in a sheet of Excel's).
  absl::StatusOr<bool> Next(BookRow& row);

  // Known at the end: they stand behind the rows.
  const std::vector<Merge>& merges() const { return merges_; }

 private:
  absl::Status TakeRow(const pugi::xml_node& node, BookRow& row);
  BookCell CellOf(const pugi::xml_node& node) const;
  absl::Status TakeMerges(const pugi::xml_node& node);

  std::unique_ptr<ZipPart> part_;
  const BookParts& parts_;
  const std::string file_;
  XmlPieces pieces_;
  std::size_t last_row_ = 0;
  std::vector<Merge> merges_;
};

}  // namespace brobygger::files
