#include "core/grants/case_department.h"

#include "core/base/status_macros.h"
#include "core/model/names.h"
#include "core/registry/query.h"

namespace brobygger::grants {

using sync::v1::Connection;

absl::StatusOr<const Connection*> CaseDepartments::FindConnection(const std::string& id) {
  if (!connections_) {
    BB_ASSIGN_OR_RETURN(connections_, LoadConnections(snapshot_));
  }
  const auto found = connections_->find(id);
  return found == connections_->end() ? nullptr : &found->second;
}

absl::StatusOr<const CaseDepartments::Names*> CaseDepartments::NamesIn(
    const std::string& municipality_code) {
  const auto known = names_.find(municipality_code);
  if (known != names_.end()) return &known->second;
  Names& names = names_[municipality_code];
  BB_ASSIGN_OR_RETURN(const auto departments,
                      registry::DepartmentsOf(snapshot_, municipality_code));
  for (const auto& department : departments) {
    const std::string name = model::FoldName(department.official_name());
    const auto [place, added] = names.emplace(name, department.id());
    if (!added) place->second.clear();
  }
  return &names;
}

absl::StatusOr<std::string> CaseDepartments::HomeOf(const Connection* connection) {
  if (connection == nullptr) return std::string();
  if (!connection->department_id().empty()) {
    const auto department = registry::GetDepartment(snapshot_, connection->department_id());
    if (department.ok()) return department->municipality_code();
  }
  return connection->default_municipality_code();
}

absl::StatusOr<std::string> CaseDepartments::Of(const GrantApplication& application,
                                                const std::string& municipality_code) {
  if (!application.department_id().empty()) return application.department_id();
  BB_ASSIGN_OR_RETURN(const Connection* const connection,
                      FindConnection(application.connection_id()));
  const std::string name = model::FoldName(application.written_department());
  if (!name.empty()) {
    BB_ASSIGN_OR_RETURN(std::string home, HomeOf(connection));
    if (home.empty()) home = municipality_code;
    BB_ASSIGN_OR_RETURN(const Names* const names, NamesIn(home));
    const auto found = names->find(name);
    if (found != names->end() && !found->second.empty()) return found->second;
  }
  return connection == nullptr ? std::string() : connection->department_id();
}

absl::StatusOr<std::string> CaseDepartments::WrittenName(const GrantApplication& application) {
  if (!application.written_department().empty()) return application.written_department();
  BB_ASSIGN_OR_RETURN(const Connection* const connection,
                      FindConnection(application.connection_id()));
  const bool titled = connection != nullptr && !connection->title().empty();
  return titled ? connection->title() : application.connection_id();
}

}  // namespace brobygger::grants
