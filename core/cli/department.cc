#include "core/cli/department.h"

#include <algorithm>

#include <fmt/format.h>

#include "brobygger/registry/v1/registry_service.pb.h"

#include "core/base/clock.h"
#include "core/base/day.h"
#include "core/base/status_macros.h"
#include "core/cli/enum_words.h"
#include "core/cli/paging.h"
#include "core/cli/valid_days.h"
#include "core/model/names.h"

namespace brobygger::cli {
namespace {

using registry::v1::Department;
using registry::v1::ListDepartmentsRequest;
using registry::v1::ListDepartmentsResponse;

constexpr size_t kShortestStart = 4;

// The value statement in the reader's language, else in the first there is.
std::string StatementText(const Department& department, const std::string& language) {
  const auto& texts = department.value_statement().by_language();
  for (const std::string& wanted : {language, std::string("da")}) {
    if (const auto found = texts.find(wanted); found != texts.end()) return found->second;
  }
  return texts.empty() ? "" : texts.begin()->second;
}

}  // namespace

absl::StatusOr<std::vector<Department>> DepartmentsOf(Session& session,
                                                      const std::string& municipality_code) {
  std::vector<Department> departments;
  ListDepartmentsRequest request;
  request.set_municipality_code(municipality_code);
  const auto take = [&](const ListDepartmentsResponse& page) {
    departments.insert(departments.end(), page.departments().begin(), page.departments().end());
    return page.departments_size();
  };
  PageOptions all;
  all.all = true;
  BB_RETURN_IF_ERROR((ReadPages<ListDepartmentsResponse>(session, request, all, take)).status());
  return departments;
}

absl::StatusOr<Department> FindDepartment(Session& session, const std::string& typed) {
  BB_ASSIGN_OR_RETURN(const auto departments, DepartmentsOf(session, ""));
  std::vector<Department> found;
  const std::string name = model::FoldName(typed);
  for (const Department& department : departments) {
    const bool by_id = typed.size() >= kShortestStart && department.id().starts_with(typed);
    if (by_id || model::FoldName(department.official_name()) == name) found.push_back(department);
  }
  const auto open = std::partition(found.begin(), found.end(), [](const Department& department) {
    return !IsClosed(department, Today());
  });
  if (open != found.begin()) found.erase(open, found.end());
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

bool IsClosed(const Department& department, const std::string& day) {
  const std::string& closed = department.valid().to_date();
  return !closed.empty() && closed <= day;
}

std::string Today() { return base::DanishDayOf(base::SystemClock().Now()); }

std::vector<Column> DepartmentColumns() {
  return {{"id", "ID"},
          {"municipality_code", "MUNICIPALITY"},
          {"official_name", "NAME"},
          {"contact_email", "E-MAIL"},
          {"contact_phone", "PHONE"},
          {"parent_department_id", "PART OF"},
          {"valid", "VALID"},
          {"case_work", "CASE WORK"},
          {"value_statement", "WHY"},
          {"os2mo_id", "OS2MO"}};
}

std::vector<Cell> DepartmentCells(const Department& department, const std::string& language) {
  return {{department.id()},
          {department.municipality_code()},
          {department.official_name()},
          {department.contact_email()},
          {department.contact_phone()},
          {department.parent_department_id()},
          {ShowValid(department.valid(), language)},
          {EnumText(*Department::CaseWork_descriptor(), department.case_work(), language)},
          {StatementText(department, language)},
          {department.os2mo_id()}};
}

std::vector<std::string> CaseWorkWords() {
  return EnumWords(*Department::CaseWork_descriptor(), "CASE_WORK_");
}

Department::CaseWork ToCaseWork(const std::string& word) {
  return static_cast<Department::CaseWork>(EnumNumber(CaseWorkWords(), word));
}

}  // namespace brobygger::cli
