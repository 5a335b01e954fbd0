// A municipality's departments as an export of its directory (OS2mo) has them.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "brobygger/registry/v1/municipality.pb.h"

namespace brobygger::cli {

struct DirectoryFile {
  std::string path;
  // As ImportDepartments wants them: the parent by the directory's id.
  std::vector<registry::v1::Department> departments;
  std::vector<std::size_t> lines;  // in which each begins
  // What the file calls a field of a department: "official_name" is "Navn".
  std::map<std::string, std::string> headings;
};

// Reads a CSV file with the columns uuid, name, parent_uuid and, if it has them, user_key,
// email, phone, valid_from and valid_to; Danish headings do as well. A parent may be named by
// uuid, user key or name. The last day of validity counts, as in OS2mo, so the department's
// `to_date` is the day after. INVALID_ARGUMENT with file and line.
absl::StatusOr<DirectoryFile> ReadDirectory(const std::string& path);

// An error of the hub that names a row of the list, said by file, line and heading; others as
// they are.
absl::Status AtLine(const DirectoryFile& file, const absl::Status& status);

}  // namespace brobygger::cli
