#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace brobygger::csv {

// What a cell holds.
enum class CellKind {
  kText,     // as a person typed it
  kPlain,    // in the notation of programs: a workbook's number or date
  kError,    // a workbook's "#REF!"
  kUnknown,  // a formula whose value is not in the workbook
  kMerged,   // part of a larger cell that begins elsewhere
};

// One cell as it stands in the file: still in the file's encoding.
struct Cell {
  std::string_view raw;  // without the quotes around it
  bool doubled = false;  // holds "" for "
  CellKind kind = CellKind::kText;
};

enum class RowFault {
  kNone,
  kAfterQuote,  // signs between a closing quote and the next delimiter
  kOpenQuote,   // the file ends inside quotes
};

struct Row {
  std::vector<Cell> cells;
  std::string_view raw;  // the whole row without its line end
  std::size_t line = 0;  // where it starts, from 1
  RowFault fault = RowFault::kNone;
  bool ended = false;  // a line end follows; only the last row may lack one
};

// Gives one row after the other. Belongs to one thread.
class RowSource {
 public:
  virtual ~RowSource() = default;

  // Reads the next row into `row`, whose memory is used again; what it views is good until the
  // next call. False at the end.
  virtual bool Next(Row& row) = 0;
};

// Splits a text into rows by RFC 4180, with any one-byte delimiter and any line
// end. Works on bytes, so on every encoding in which the signs below 128 are
// ASCII. Empty lines are skipped. Keeps views into `text`, which must outlive it.
class RowReader final : public RowSource {
 public:
  RowReader(std::string_view text, char delimiter, std::size_t first_line = 1)
      : text_(text), delimiter_(delimiter), line_(first_line) {}

  bool Next(Row& row) override;

  // What is not read yet, and the line it starts on.
  std::string_view rest() const { return text_.substr(at_); }
  std::size_t line() const { return line_; }

 private:
  // Each reads one cell from `at_` and leaves `at_` on what follows it.
  Cell PlainCell();
  Cell QuotedCell(Row& row);
  void SkipLineEnd();

  std::string_view text_;
  char delimiter_;
  std::size_t at_ = 0;
  std::size_t line_;
};

// The delimiter the header line uses: ';', ',' or a tab; ';' if it has none.
char GuessDelimiter(std::string_view text);

}  // namespace brobygger::csv
