// CSV files as people and office programs write them.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

namespace brobygger::cli {

// Rows of a CSV file (RFC 4180; UTF-8 with or without its mark, else Windows-1252; ",", ";"
// or tabs), by heading. INVALID_ARGUMENT with file and line for what is no CSV.
struct CsvRows {
  std::vector<std::string> headings;
  std::vector<std::vector<std::string>> rows;
  std::vector<std::size_t> lines;  // in which each row begins, counted from 1
};
absl::StatusOr<CsvRows> ReadCsv(const std::string& path);

// The same, row by row, for files of which not all rows need be there at once: the headings
// come first. The fields are there until it returns; what it returns other than OK ends the
// reading and is the answer.
using TakeCsvRow =
    std::function<absl::Status(std::span<const std::string> fields, std::size_t line)>;
absl::Status ReadCsvRows(const std::string& path, const TakeCsvRow& take);

}  // namespace brobygger::cli
