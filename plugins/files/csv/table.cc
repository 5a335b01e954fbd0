#include "plugins/files/csv/table.h"

#include <utility>

#include "brobygger/sdk/error.h"

#include "plugins/files/common/book_fault.h"

namespace brobygger::csv {
namespace {

using sdk::Diagnostic;

absl::Status Refuse(Diagnostic::Class kind,
                    const std::string& code,
                    const std::string& path,
                    const std::string& da,
                    const std::string& en) {
  return sdk::MakeError({.kind = kind,
                         .code = "files.csv." + code,
                         .da = path + ": " + da + " Intet er ændret.",
                         .en = path + ": " + en + " Nothing was changed.",
                         .path = path});
}

absl::Status CutOff(const std::string& file, std::size_t line) {
  return Refuse(Diagnostic::CLASS_TRANSIENT, "truncated", file + ":" + std::to_string(line),
                "filen slutter midt i en række. Udtrækket er ikke færdigt eller blev afbrudt; lav "
                "det igen.",
                "the file ends in the middle of a row. The export is not finished or was cut off; "
                "make it again.");
}

absl::Status NoText(const std::string& file) {
  return Refuse(Diagnostic::CLASS_REJECTED, "not_text", file,
                "det er ikke en CSV-fil. Gem den som CSV (UTF-8 eller Windows-1252), ikke som "
                "regneark.",
                "this is no CSV file. Save it as CSV (UTF-8 or Windows-1252), not as a "
                "spreadsheet.");
}

// A file that is of another kind for sure is named by it, also where nobody said what it is.
bool LooksLikeCsv(std::string_view bytes) {
  if (files::IsZip(bytes)) return false;
  const files::BookFault fault = files::FaultOfOther(bytes);
  return fault == files::BookFault::kPlainText || fault == files::BookFault::kNoWorkbook;
}

bool LooksLikeText(std::string_view text) { return text.find('\0') == std::string_view::npos; }

// Spreadsheet programs may open with a line that names the delimiter: "sep=;".
bool IsDelimiterLine(const Row& row) {
  return row.line == 1 && row.raw.size() == 5 && row.raw.substr(0, 4) == "sep=";
}

absl::StatusOr<Table> OpenText(const Config& config,
                               const std::string& file,
                               std::string_view text,
                               const std::set<std::string>& selected) {
  if (!LooksLikeText(text)) return NoText(file);
  Table table;
  table.layout.file = file;
  table.layout.encoding = config.encoding.value_or(GuessEncoding(text));
  text = WithoutMark(text);
  char delimiter = GuessDelimiter(text);
  if (text.substr(0, 4) == "sep=" && text.size() > 4) delimiter = text[4];
  delimiter = config.delimiter.value_or(delimiter);

  RowReader reader(text, delimiter);
  Row row;
  bool found = reader.Next(row);
  if (found && IsDelimiterLine(row)) found = reader.Next(row);
  if (!found) return EmptyTable(file);
  if (row.fault == RowFault::kOpenQuote) return CutOff(file, row.line);
  auto layout = BindHeader(config, row, table.layout, selected);
  if (!layout.ok()) return layout.status();
  table.layout = *std::move(layout);
  table.rows = [body = reader.rest(), line = reader.line(), delimiter] {
    return std::make_unique<RowReader>(body, delimiter, line);
  };

  while (reader.Next(row)) {
    ++table.row_count;
    const bool short_end = !row.ended && row.cells.size() < table.layout.width;
    if (row.fault == RowFault::kOpenQuote || short_end) return CutOff(file, row.line);
  }
  if (table.row_count == 0) return EmptyTable(file);
  return table;
}

}  // namespace

absl::Status EmptyTable(const std::string& file) {
  return Refuse(Diagnostic::CLASS_TRANSIENT, "empty", file,
                "filen er tom eller har kun overskrifter. Bed dem, der laver udtrækket, om at se "
                "efter.",
                "the file is empty, or has only its heading. Ask those who make the export to look "
                "at it.");
}

absl::StatusOr<Table> OpenTable(const Config& config,
                                const std::string& file,
                                std::string_view bytes,
                                const std::set<std::string>& selected,
                                Beat beat) {
  const bool book =
      config.format == Format::kXlsx || (config.format == Format::kAuto && !LooksLikeCsv(bytes));
  if (book) return OpenBook(config, file, bytes, selected, beat);
  return OpenText(config, file, bytes, selected);
}

}  // namespace brobygger::csv
