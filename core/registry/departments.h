#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "brobygger/registry/v1/municipality.pb.h"

#include "core/storage/store.h"

// How departments lie in the store; for this module's own files.
namespace brobygger::registry {

// The term by which a department is found in kDepartmentByExternalId: "OS2MO:<uuid>".
std::string DirectoryTerm(const std::string& os2mo_id);

// The department that the directory's unit is, if the hub knows it.
absl::StatusOr<std::optional<v1::Department>> FindByDirectoryId(const storage::Snapshot& snapshot,
                                                                const std::string& os2mo_id);

// Refuses a parent that is not there (DEPARTMENT_NOT_FOUND), is of another municipality, or
// is the department itself or part of it (FIELD_INVALID). Costs a look-up for each level.
absl::Status CheckParent(const storage::Snapshot& snapshot, const v1::Department& department);

// ALREADY_EXISTS if another department has its `os2mo_id`.
absl::Status CheckDirectoryIdFree(const storage::Snapshot& snapshot,
                                  const v1::Department& department);

// Stores the department with its places in the indexes; sets etag and update_time.
absl::Status StoreDepartment(storage::Transaction& transaction, v1::Department& department);

// MUNICIPALITY_NOT_FOUND unless `code` is a municipality's, four digits.
absl::Status CheckMunicipality(const std::string& code);

}  // namespace brobygger::registry
