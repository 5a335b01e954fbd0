// Departments as the municipality's own directory has them.
#include <map>
#include <set>
#include <utility>
#include <vector>

#include <absl/container/flat_hash_map.h>

#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/model/rules.h"
#include "core/model/validate.h"
#include "core/registry/departments.h"
#include "core/registry/index_scan.h"
#include "core/registry/municipality_work.h"
#include "core/registry/query.h"
#include "core/registry/records.h"

namespace brobygger::registry {
namespace {

using model::BrokenRule;
using model::Place;
using storage::Index;
using v1::Department;

constexpr int kMostDepartments = 5000;

Place RowAt(int row) { return {nullptr, "departments", row}; }

// One row of the directory, and what the hub makes of it.
struct Unit {
  Department told;    // in normal form; its parent by the directory's id
  Department before;  // without id: the hub does not know it yet
  Department after;
};

// All rows, and where in them a unit of the directory stands.
struct Directory {
  std::string municipality_code;
  std::vector<Unit> units;
  absl::flat_hash_map<std::string, int> rows;  // by the directory's id
};

absl::StatusOr<Directory> ReadRows(const v1::ImportDepartmentsRequest& request) {
  Directory directory;
  directory.municipality_code = request.municipality_code();
  for (int row = 0; row < request.departments_size(); ++row) {
    const Place place = RowAt(row);
    const Place id_place{&place, "os2mo_id"};
    Unit unit;
    unit.told = request.departments(row);
    unit.told.clear_id();
    unit.told.clear_etag();
    unit.told.set_municipality_code(directory.municipality_code);
    BB_RETURN_IF_ERROR(model::NormalizeAndCheckAt(place, unit.told));
    if (unit.told.os2mo_id().empty()) return BrokenRule(id_place, "is required and is empty");
    if (!directory.rows.emplace(unit.told.os2mo_id(), row).second) {
      return BrokenRule(id_place, "stands in the list twice; leave one out");
    }
    directory.units.push_back(std::move(unit));
  }
  return directory;
}

// Finds what the hub has for each row, and gives new departments their ids, so that rows may
// name a parent that comes after them.
absl::Status FindKnown(const storage::Snapshot& snapshot, Directory& directory) {
  for (std::size_t row = 0; row < directory.units.size(); ++row) {
    Unit& unit = directory.units[row];
    BB_ASSIGN_OR_RETURN(auto known, FindByDirectoryId(snapshot, unit.told.os2mo_id()));
    if (!known.has_value()) {
      unit.after.set_id(base::MakeUuid());
      unit.after.set_municipality_code(directory.municipality_code);
      unit.after.set_os2mo_id(unit.told.os2mo_id());
      continue;
    }
    if (known->municipality_code() != directory.municipality_code) {
      const Place place = RowAt(static_cast<int>(row));
      return BrokenRule({&place, "os2mo_id"}, "is a department of another municipality");
    }
    unit.before = *std::move(known);
    unit.after = unit.before;
  }
  return absl::OkStatus();
}

// The hub's id of the parent that a row names.
absl::StatusOr<std::string> ParentOf(const storage::Snapshot& snapshot,
                                     const Directory& directory,
                                     int row) {
  const std::string& told = directory.units[row].told.parent_department_id();
  if (told.empty()) return std::string();
  if (const auto listed = directory.rows.find(told); listed != directory.rows.end()) {
    return directory.units[listed->second].after.id();
  }
  BB_ASSIGN_OR_RETURN(const auto known, FindByDirectoryId(snapshot, told));
  if (known.has_value() && known->municipality_code() == directory.municipality_code) {
    return known->id();
  }
  const Place place = RowAt(row);
  return BrokenRule({&place, "parent_department_id"},
                    "names a unit that neither the list nor the hub has");
}

// What the directory leaves open stays as the hub has it.
void TakeOver(const Department& told, Department& after) {
  after.set_official_name(told.official_name());
  if (!told.contact_email().empty()) after.set_contact_email(told.contact_email());
  if (!told.contact_phone().empty()) after.set_contact_phone(told.contact_phone());
  after.clear_valid();
  if (told.has_valid()) *after.mutable_valid() = told.valid();
}

// Whether the way from `row` up through its parents ends. Units that are not listed
// keep their parents, but may stand under a listed one.
absl::Status CheckNoCircle(const storage::Snapshot& snapshot,
                           const std::map<std::string, const Department*>& next,
                           int row,
                           const Department& start) {
  std::string id = start.parent_department_id();
  std::set<std::string> passed = {start.id()};
  while (!id.empty()) {
    if (!passed.insert(id).second) {
      const Place place = RowAt(row);
      return BrokenRule({&place, "parent_department_id"}, "leads into a circle of parents");
    }
    if (const auto listed = next.find(id); listed != next.end()) {
      id = listed->second->parent_department_id();
      continue;
    }
    BB_ASSIGN_OR_RETURN(const Department parent, GetDepartment(snapshot, id));
    id = parent.parent_department_id();
  }
  return absl::OkStatus();
}

absl::Status PlaceUnits(const storage::Snapshot& snapshot, Directory& directory) {
  std::map<std::string, const Department*> next;
  const int rows = static_cast<int>(directory.units.size());
  for (int row = 0; row < rows; ++row) {
    Unit& unit = directory.units[row];
    TakeOver(unit.told, unit.after);
    BB_ASSIGN_OR_RETURN(*unit.after.mutable_parent_department_id(),
                        ParentOf(snapshot, directory, row));
    next[unit.after.id()] = &unit.after;
  }
  for (int row = 0; row < rows; ++row) {
    BB_RETURN_IF_ERROR(CheckNoCircle(snapshot, next, row, directory.units[row].after));
  }
  return absl::OkStatus();
}

// Departments that a directory told before and this one did not.
absl::Status FindMissing(const storage::Snapshot& snapshot,
                         const Directory& directory,
                         v1::ImportDepartmentsResponse& response) {
  BB_ASSIGN_OR_RETURN(const auto ids, KeysAt(snapshot, Index::kDepartmentByMunicipality,
                                             directory.municipality_code));
  for (const std::string& id : ids) {
    BB_ASSIGN_OR_RETURN(const Department department, GetDepartment(snapshot, id));
    const bool told_before = !department.os2mo_id().empty();
    if (told_before && !directory.rows.contains(department.os2mo_id())) {
      response.add_missing_department_ids(id);
    }
  }
  return absl::OkStatus();
}

absl::Status Store(storage::Transaction& transaction,
                   Unit& unit,
                   v1::ImportDepartmentsResponse& response) {
  const bool known = !unit.before.id().empty();
  if (known && ToBytes(unit.before) == ToBytes(unit.after)) {
    response.set_unchanged_count(response.unchanged_count() + 1);
    return absl::OkStatus();
  }
  if (known) response.set_updated_count(response.updated_count() + 1);
  if (!known) response.set_created_count(response.created_count() + 1);
  return StoreDepartment(transaction, unit.after);
}

}  // namespace

absl::StatusOr<v1::ImportDepartmentsResponse> ImportDepartments(
    storage::Transaction& transaction, const v1::ImportDepartmentsRequest& request) {
  BB_RETURN_IF_ERROR(CheckMunicipality(request.municipality_code()));
  if (request.departments_size() > kMostDepartments) {
    const std::string limit = std::to_string(kMostDepartments);
    return BrokenRule({nullptr, "departments"},
                      "holds " + std::to_string(request.departments_size()) +
                          " departments; the limit is " + limit,
                      limit);
  }
  // An empty list is an export that failed sooner than a municipality without departments.
  if (request.departments().empty()) {
    return BrokenRule({nullptr, "departments"}, "is required and is empty");
  }
  BB_ASSIGN_OR_RETURN(Directory directory, ReadRows(request));
  BB_RETURN_IF_ERROR(FindKnown(transaction, directory));
  BB_RETURN_IF_ERROR(PlaceUnits(transaction, directory));
  v1::ImportDepartmentsResponse response;
  BB_RETURN_IF_ERROR(FindMissing(transaction, directory, response));
  for (Unit& unit : directory.units) BB_RETURN_IF_ERROR(Store(transaction, unit, response));
  return response;
}

}  // namespace brobygger::registry
