#include "core/cli/directory_file.h"

#include <algorithm>

#include <absl/strings/ascii.h>
#include <absl/strings/cord.h>
#include <absl/strings/numbers.h>
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/csv_file.h"
#include "core/cli/valid_days.h"

namespace brobygger::cli {
namespace {

using registry::v1::Department;

struct Column {
  const char* field;               // of a department; the key is the file's own
  std::vector<std::string> known;  // headings in lower case, the usual one first
  bool required = false;
};

const std::vector<Column>& Columns() {
  static const std::vector<Column> kColumns = {
      {"os2mo_id", {"uuid", "enhed uuid", "enheds-uuid", "unit_uuid"}, true},
      {"official_name", {"name", "navn", "enhedsnavn"}, true},
      {"parent_department_id",
       {"parent_uuid", "parent", "overordnet", "overordnet uuid", "overordnet enhed"},
       true},
      {"user_key", {"user_key", "enhedsnummer", "enhedsnr"}},
      {"contact_email", {"email", "e-mail", "mail", "e-mailadresse"}},
      {"contact_phone", {"phone", "telefon", "tlf", "telefonnummer"}},
      {"valid.from_date", {"valid_from", "gyldig fra", "gyldig_fra", "startdato"}},
      {"valid.to_date", {"valid_to", "gyldig til", "gyldig_til", "slutdato"}},
  };
  return kColumns;
}

std::string Trimmed(const std::string& text) {
  return std::string(absl::StripAsciiWhitespace(text));
}

absl::Status LineError(const DirectoryFile& file, std::size_t line, const std::string& what) {
  return absl::InvalidArgumentError(fmt::format("{}:{}: {}", file.path, line, what));
}

// Where in a row each field stands.
using Places = std::map<std::string, std::size_t>;

absl::StatusOr<Places> FindColumns(const CsvRows& rows, DirectoryFile& file) {
  Places places;
  for (const Column& column : Columns()) {
    for (std::size_t i = 0; i < rows.headings.size() && !places.contains(column.field); ++i) {
      const std::string heading = absl::AsciiStrToLower(Trimmed(rows.headings[i]));
      if (std::find(column.known.begin(), column.known.end(), heading) == column.known.end()) {
        continue;
      }
      places[column.field] = i;
      file.headings[column.field] = Trimmed(rows.headings[i]);
    }
    if (!column.required || places.contains(column.field)) continue;
    return LineError(file, 1,
                     fmt::format("no column is headed {}", fmt::join(column.known, " or ")));
  }
  return places;
}

// One row by field; a field without a column is empty.
using Row = std::map<std::string, std::string>;

Row RowOf(const std::vector<std::string>& cells, const Places& places) {
  Row row;
  for (const auto& [field, place] : places) row[field] = Trimmed(cells[place]);
  return row;
}

// The directory's ids of units by one of their other fields; "" where several have it.
using Ids = std::map<std::string, std::string>;

Ids IdsBy(const std::string& field, const std::vector<Row>& rows) {
  Ids ids;
  for (Row row : rows) {
    const auto [place, added] = ids.emplace(row[field], row["os2mo_id"]);
    if (!added && place->second != row["os2mo_id"]) place->second.clear();
  }
  ids.erase("");
  return ids;
}

absl::StatusOr<std::string> ParentOf(const std::string& typed,
                                     const Ids& by_key,
                                     const Ids& by_name) {
  const std::string id = absl::AsciiStrToLower(typed);
  if (typed.empty() || base::IsUuid(id)) return id;
  for (const Ids* ids : {&by_key, &by_name}) {
    const auto found = ids->find(typed);
    if (found == ids->end()) continue;
    if (!found->second.empty()) return found->second;
    return absl::InvalidArgumentError(
        fmt::format("'{}' may be several units of the file; name it by its uuid", typed));
  }
  return absl::InvalidArgumentError(
      fmt::format("'{}' is neither a uuid nor a user key or name of the file", typed));
}

absl::StatusOr<Department> ToDepartment(Row& row, const std::string& parent) {
  Department department;
  department.set_os2mo_id(row["os2mo_id"]);
  department.set_official_name(row["official_name"]);
  department.set_parent_department_id(parent);
  department.set_contact_email(row["contact_email"]);
  department.set_contact_phone(row["contact_phone"]);
  for (const bool last : {false, true}) {
    const std::string field = last ? "valid.to_date" : "valid.from_date";
    auto date = ToDay(row[field], last);
    if (!date.ok()) {
      return absl::InvalidArgumentError(
          fmt::format("{} {}", field, std::string(date.status().message())));
    }
    if (date->empty()) continue;
    auto& valid = *department.mutable_valid();
    *(last ? valid.mutable_to_date() : valid.mutable_from_date()) = *std::move(date);
  }
  return department;
}

// Puts the file's own heading in the place of the field that `text` begins with.
std::string WithHeading(const DirectoryFile& file, const std::string& text) {
  const std::size_t end = std::min(text.size(), text.find(' '));
  const auto heading = file.headings.find(text.substr(0, end));
  return heading == file.headings.end() ? text : heading->second + text.substr(end);
}

}  // namespace

absl::StatusOr<DirectoryFile> ReadDirectory(const std::string& path) {
  DirectoryFile file;
  file.path = path;
  BB_ASSIGN_OR_RETURN(const CsvRows csv, ReadCsv(path));
  BB_ASSIGN_OR_RETURN(const Places places, FindColumns(csv, file));
  file.lines = csv.lines;
  std::vector<Row> rows;
  for (std::size_t i = 0; i < csv.rows.size(); ++i) {
    const std::size_t size = csv.rows[i].size();
    if (size != csv.headings.size()) {
      return LineError(
          file, file.lines[i],
          fmt::format("has {} fields where the headings are {}", size, csv.headings.size()));
    }
    rows.push_back(RowOf(csv.rows[i], places));
  }
  const Ids by_key = IdsBy("user_key", rows);
  const Ids by_name = IdsBy("official_name", rows);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto parent = ParentOf(rows[i]["parent_department_id"], by_key, by_name);
    if (!parent.ok()) {
      return LineError(file, file.lines[i],
                       fmt::format("{} {}", file.headings["parent_department_id"],
                                   std::string(parent.status().message())));
    }
    auto department = ToDepartment(rows[i], *parent);
    if (!department.ok()) {
      return LineError(file, file.lines[i],
                       WithHeading(file, std::string(department.status().message())));
    }
    file.departments.push_back(*std::move(department));
  }
  return file;
}

absl::Status AtLine(const DirectoryFile& file, const absl::Status& status) {
  constexpr char kRow[] = "departments[";
  const std::string field = base::ErrorMetadata(status, "field");
  const std::size_t begin = sizeof(kRow) - 1;
  const std::size_t end = field.find("].");
  std::size_t row = 0;
  const bool named = field.starts_with(kRow) && end != std::string::npos &&
                     absl::SimpleAtoi(field.substr(begin, end - begin), &row);
  const std::string message(status.message());
  if (!named || row >= file.lines.size() || !message.starts_with(field.substr(0, end + 2))) {
    return status;
  }
  absl::Status said(status.code(), fmt::format("{}:{}: {}", file.path, file.lines[row],
                                               WithHeading(file, message.substr(end + 2))));
  status.ForEachPayload(
      [&](absl::string_view url, const absl::Cord& payload) { said.SetPayload(url, payload); });
  return said;
}

}  // namespace brobygger::cli
