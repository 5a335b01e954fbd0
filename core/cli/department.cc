#include "core/cli/department.h"

#include <vector>

#include <fmt/format.h>

#include "brobygger/registry/v1/registry_service.pb.h"

#include "core/base/status_macros.h"
#include "core/cli/paging.h"
#include "core/model/names.h"

namespace brobygger::cli {
namespace {

using registry::v1::Department;
using registry::v1::ListDepartmentsRequest;
using registry::v1::ListDepartmentsResponse;

constexpr size_t kShortestStart = 4;

}  // namespace

absl::StatusOr<Department> FindDepartment(Session& session, const std::string& typed) {
  std::vector<Department> found;
  const std::string name = model::FoldName(typed);
  const auto look = [&](const ListDepartmentsResponse& page) {
    for (const Department& department : page.departments()) {
      const bool by_id = typed.size() >= kShortestStart && department.id().starts_with(typed);
      if (by_id || model::FoldName(department.official_name()) == name) found.push_back(department);
    }
    return page.departments_size();
  };
  PageOptions all;
  all.all = true;
  BB_RETURN_IF_ERROR(
      (ReadPages<ListDepartmentsResponse>(session, ListDepartmentsRequest(), all, look)).status());
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    return absl::NotFoundError(
        fmt::format("There is no department '{}'; brobygger department list shows them.", typed));
  }
  return absl::InvalidArgumentError(
      fmt::format("'{}' may be {} departments; say which by its id: brobygger department list.",
                  typed, found.size()));
}

absl::StatusOr<std::string> DepartmentId(Session& session, const std::string& typed) {
  if (typed.empty()) return std::string();
  BB_ASSIGN_OR_RETURN(const Department department, FindDepartment(session, typed));
  return department.id();
}

}  // namespace brobygger::cli
