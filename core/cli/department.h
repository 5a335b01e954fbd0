// What commands that take a department share.
#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/registry/v1/municipality.pb.h"

#include "core/cli/session.h"
#include "core/cli/table.h"

namespace brobygger::cli {

// The department a person means by an id, the start of one (at least four characters), or
// its whole name; of several with that name the one that is not closed. NOT_FOUND, or
// INVALID_ARGUMENT if several are meant.
absl::StatusOr<registry::v1::Department> FindDepartment(Session& session, const std::string& typed);

// The id of the department that `typed` means; "" means none.
absl::StatusOr<std::string> DepartmentId(Session& session, const std::string& typed);

// All departments of a municipality, or of all if the code is "".
absl::StatusOr<std::vector<registry::v1::Department>> DepartmentsOf(
    Session& session, const std::string& municipality_code);

// Whether the directory has closed it: `day` is past its last one. A day as "2026-11-23".
bool IsClosed(const registry::v1::Department& department, const std::string& day);

// Today in Denmark.
std::string Today();

std::vector<Column> DepartmentColumns();
std::vector<Cell> DepartmentCells(const registry::v1::Department& department,
                                  const std::string& language);

// The words that --case-work takes.
std::vector<std::string> CaseWorkWords();
registry::v1::Department::CaseWork ToCaseWork(const std::string& word);

}  // namespace brobygger::cli
