#include "core/cli/csv_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string_view>
#include <utility>

#include <csv.h>
#include <fmt/format.h>
#include <unicode/ucnv.h>

#include "core/base/status_macros.h"
#include "core/model/text.h"

namespace brobygger::cli {
namespace {

constexpr std::size_t kLargestFile = std::numeric_limits<std::int32_t>::max() / 4;

// What libcsv's two callbacks fill.
struct Reading {
  const TakeCsvRow& take;
  // Longer than the row where one before was: a text that is there already is written over.
  std::vector<std::string> row = {};
  std::size_t size = 0;   // of the row so far
  std::size_t rows = 0;   // headings included
  std::size_t line = 0;   // that is being read
  std::size_t begin = 0;  // in which the row began
  bool ended = true;      // the last row is whole
  absl::Status status = {};
};

void TakeField(void* text, std::size_t size, void* to) {
  auto& reading = *static_cast<Reading*>(to);
  if (reading.size == reading.row.size()) reading.row.emplace_back();
  reading.row[reading.size++].assign(static_cast<const char*>(text), size);
}

void TakeRow(int /*ended_by*/, void* to) {
  auto& reading = *static_cast<Reading*>(to);
  const std::size_t size = std::exchange(reading.size, 0);
  reading.ended = true;
  ++reading.rows;
  if (!reading.status.ok()) return;
  reading.status = reading.take(std::span(reading.row).first(size), reading.begin);
}

absl::Status CannotRead(const std::string& path) {
  return absl::InvalidArgumentError(
      fmt::format("{}: cannot be read: {}", path,
                  std::strerror(errno)));  // NOLINT(concurrency-mt-unsafe): one thread
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  constexpr std::size_t kStep = std::size_t{1} << 20;
  std::ifstream file(path, std::ios::binary);
  if (!file) return CannotRead(path);
  std::error_code error;
  const std::uintmax_t expected = std::filesystem::file_size(path, error);  // a pipe has none
  std::string text;
  if (!error) text.reserve(static_cast<std::size_t>(expected) + kStep);
  while (file) {
    const std::size_t size = text.size();
    text.resize(size + kStep);
    file.read(text.data() + size, kStep);
    text.resize(size + static_cast<std::size_t>(file.gcount()));
  }
  if (file.bad()) return CannotRead(path);  // a folder
  return text;
}

// What is no UTF-8 is Windows-1252, which is what Danish office programs write.
absl::StatusOr<std::string> ToUtf8(const std::string& path, std::string text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  if (text.find('\0') != std::string::npos) {
    return absl::InvalidArgumentError(path + ": is no text, or UTF-16; save it as UTF-8");
  }
  if (model::IsUtf8(text)) return text;
  if (text.size() > kLargestFile) {
    return absl::InvalidArgumentError(path + ": is too large; save it as UTF-8");
  }
  // A character of Windows-1252 takes at most three bytes in UTF-8.
  std::string utf8(text.size() * 3 + 1, '\0');
  UErrorCode error = U_ZERO_ERROR;
  const std::int32_t size =
      ucnv_convert("UTF-8", "windows-1252", utf8.data(), static_cast<std::int32_t>(utf8.size()),
                   text.data(), static_cast<std::int32_t>(text.size()), &error);
  if (U_FAILURE(error)) {
    return absl::InvalidArgumentError(path + ": is neither UTF-8 nor Windows-1252");
  }
  utf8.resize(static_cast<std::size_t>(size));
  return utf8;
}

// What separates the fields of the heading line.
unsigned char SeparatorOf(const std::string& text) {
  const std::string heading = text.substr(0, text.find('\n'));
  const auto count = [&](char c) { return std::count(heading.begin(), heading.end(), c); };
  if (count(';') > count(',')) return ';';
  return count('\t') > count(',') ? '\t' : ',';
}

bool IsBlank(std::string_view line) {
  return line.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// Line by line, since libcsv does not say where it is.
bool ParseLines(csv_parser& parser, const std::string& text, Reading& reading) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.size(), text.find('\n', at)) + 1;
    const std::string_view line = std::string_view(text).substr(at, end - at);
    at = end;
    ++reading.line;
    if (reading.ended) {
      reading.begin = reading.line;
      if (IsBlank(line)) continue;
    }
    reading.ended = false;
    if (csv_parse(&parser, line.data(), line.size(), TakeField, TakeRow, &reading) != line.size()) {
      reading.begin = reading.line;
      return false;
    }
    if (!reading.status.ok()) return true;
  }
  return csv_fini(&parser, TakeField, TakeRow, &reading) == 0;
}

}  // namespace

absl::Status ReadCsvRows(const std::string& path, const TakeCsvRow& take) {
  BB_ASSIGN_OR_RETURN(std::string text, ReadFile(path));
  BB_ASSIGN_OR_RETURN(text, ToUtf8(path, std::move(text)));
  Reading reading{.take = take};
  csv_parser parser = {};
  csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
  csv_set_delim(&parser, SeparatorOf(text));
  const bool whole = ParseLines(parser, text, reading);
  csv_free(&parser);
  BB_RETURN_IF_ERROR(reading.status);
  if (!whole) {
    return absl::InvalidArgumentError(
        fmt::format("{}:{}: a quotation mark stands where none can stand, or is not closed", path,
                    reading.begin));
  }
  if (reading.rows == 0) return absl::InvalidArgumentError(path + ": is empty");
  return absl::OkStatus();
}

absl::StatusOr<CsvRows> ReadCsv(const std::string& path) {
  CsvRows rows;
  bool headed = false;
  BB_RETURN_IF_ERROR(ReadCsvRows(path, [&](std::span<const std::string> fields, std::size_t line) {
    std::vector<std::string> row(fields.begin(), fields.end());
    if (!std::exchange(headed, true)) {
      rows.headings = std::move(row);
    } else {
      rows.rows.push_back(std::move(row));
      rows.lines.push_back(line);
    }
    return absl::OkStatus();
  }));
  return rows;
}

}  // namespace brobygger::cli
