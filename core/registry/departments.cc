#include "core/registry/departments.h"

#include <set>
#include <utility>

#include <google/protobuf/descriptor.h>

#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/model/places.h"
#include "core/model/validate.h"
#include "core/registry/edit.h"
#include "core/registry/index_scan.h"
#include "core/registry/municipality_work.h"
#include "core/registry/query.h"
#include "core/registry/records.h"

namespace brobygger::registry {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::FieldMask;
using storage::Index;
using storage::IndexTerm;
using storage::Kind;

absl::Status ParentInvalid(const std::string& what) {
  return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID,
                         "parent_department_id names " + what + ".",
                         {{"field", "parent_department_id"}});
}

absl::Status WrongDepartmentMask(const std::string& path, const std::string& what) {
  return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID, "update_mask: " + what + ".",
                         {{"field", "update_mask"}, {"path", Shown(path)}});
}

// What a caller may replace; the municipality is part of what a department is.
bool CanBeWritten(const FieldDescriptor& field) {
  switch (field.number()) {
    case Department::kIdFieldNumber:
    case Department::kMunicipalityCodeFieldNumber:
    case Department::kEtagFieldNumber:
    case Department::kUpdateTimeFieldNumber:
      return false;
    default:
      return true;
  }
}

using Fields = std::vector<const FieldDescriptor*>;

Fields AllFields() {
  Fields fields;
  for (int i = 0; i < Department::descriptor()->field_count(); ++i) {
    const FieldDescriptor* field = Department::descriptor()->field(i);
    if (CanBeWritten(*field)) fields.push_back(field);
  }
  return fields;
}

absl::StatusOr<Fields> DepartmentFieldsOf(const FieldMask& mask) {
  if (mask.paths().empty()) {
    return WrongDepartmentMask("", "is required: name the fields to replace, or \"*\" for all");
  }
  if (mask.paths_size() == 1 && mask.paths(0) == "*") return AllFields();
  std::set<const FieldDescriptor*> fields;
  for (const std::string& path : mask.paths()) {
    if (path == "*") {
      return WrongDepartmentMask(path, "\"*\" stands for all fields and must stand alone");
    }
    const FieldDescriptor* field = Department::descriptor()->FindFieldByName(path);
    if (field == nullptr) {
      return WrongDepartmentMask(
          path, "a department has no field \"" + Shown(path) + "\" at its top level");
    }
    if (!CanBeWritten(*field)) {
      return WrongDepartmentMask(path, "\"" + path + "\" cannot be changed; leave it out");
    }
    fields.insert(field);
  }
  return Fields(fields.begin(), fields.end());
}

}  // namespace

std::string DirectoryTerm(const std::string& os2mo_id) { return "OS2MO:" + os2mo_id; }

absl::StatusOr<std::optional<Department>> FindByDirectoryId(const storage::Snapshot& snapshot,
                                                            const std::string& os2mo_id) {
  BB_ASSIGN_OR_RETURN(const auto keys,
                      KeysAt(snapshot, Index::kDepartmentByExternalId, DirectoryTerm(os2mo_id)));
  if (keys.empty()) return std::optional<Department>();
  BB_ASSIGN_OR_RETURN(auto department, GetDepartment(snapshot, keys.front()));
  return std::optional<Department>(std::move(department));
}

absl::Status CheckParent(const storage::Snapshot& snapshot, const Department& department) {
  std::string id = department.parent_department_id();
  // What is stored has no circle, so the walk ends at a root or at the department itself.
  for (bool first = true; !id.empty(); first = false) {
    if (id == department.id()) {
      return ParentInvalid(first ? "the department itself" : "a department that is part of it");
    }
    BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, snapshot.Find(Kind::kDepartment, id));
    if (bytes == nullptr) {
      return base::MakeError(errors::v1::ERROR_REASON_DEPARTMENT_NOT_FOUND,
                             "parent_department_id: there is no department with the id " + id + ".",
                             {{"department_id", id}});
    }
    Department parent;
    BB_RETURN_IF_ERROR(ParseRecord(bytes, parent));
    if (parent.municipality_code() != department.municipality_code()) {
      return ParentInvalid("a department of another municipality");
    }
    id = parent.parent_department_id();
  }
  return absl::OkStatus();
}

absl::Status CheckDirectoryIdFree(const storage::Snapshot& snapshot, const Department& department) {
  if (department.os2mo_id().empty()) return absl::OkStatus();
  BB_ASSIGN_OR_RETURN(const auto owner, FindByDirectoryId(snapshot, department.os2mo_id()));
  if (!owner.has_value() || owner->id() == department.id()) return absl::OkStatus();
  return base::MakeError(errors::v1::ERROR_REASON_ALREADY_EXISTS,
                         "os2mo_id: the department " + owner->id() + " is that unit already.",
                         {{"department_id", owner->id()}, {"field", "os2mo_id"}});
}

absl::Status StoreDepartment(storage::Transaction& transaction, Department& department) {
  department.set_etag(EtagOf(transaction.revision()));
  *department.mutable_update_time() = base::ToTimestamp(transaction.now());
  std::vector<IndexTerm> terms = {
      {Index::kDepartmentByMunicipality, department.municipality_code()}};
  if (!department.os2mo_id().empty()) {
    terms.push_back({Index::kDepartmentByExternalId, DirectoryTerm(department.os2mo_id())});
  }
  return transaction.Put(Kind::kDepartment, department.id(), ToBytes(department), std::move(terms));
}

absl::Status CheckMunicipality(const std::string& code) {
  if (model::IsMunicipalityCode(code)) return absl::OkStatus();
  return base::MakeError(errors::v1::ERROR_REASON_MUNICIPALITY_NOT_FOUND,
                         "There is no municipality with the code \"" + Shown(code) + "\".",
                         {{"municipality_code", Shown(code)}});
}

absl::StatusOr<Department> CreateDepartment(storage::Transaction& transaction,
                                            Department wanted,
                                            const std::string& /*actor*/) {
  wanted.set_id(base::MakeUuid());
  wanted.clear_etag();
  wanted.clear_update_time();
  BB_RETURN_IF_ERROR(model::NormalizeAndCheck(wanted));
  BB_RETURN_IF_ERROR(CheckParent(transaction, wanted));
  BB_RETURN_IF_ERROR(CheckDirectoryIdFree(transaction, wanted));
  BB_RETURN_IF_ERROR(StoreDepartment(transaction, wanted));
  return wanted;
}

absl::StatusOr<Department> UpdateDepartment(storage::Transaction& transaction,
                                            const Department& wanted,
                                            const FieldMask& mask) {
  BB_ASSIGN_OR_RETURN(const Fields fields, DepartmentFieldsOf(mask));
  BB_ASSIGN_OR_RETURN(Department before, GetDepartment(transaction, wanted.id()));
  BB_RETURN_IF_ERROR(CheckEtag(wanted.etag(), before.etag(), {"department_id", before.id()}));
  Department after = before;
  Department given = wanted;
  Department::GetReflection()->SwapFields(&after, &given, fields);
  BB_RETURN_IF_ERROR(model::NormalizeAndCheck(after));
  if (ToBytes(after) == ToBytes(before)) return before;
  BB_RETURN_IF_ERROR(CheckParent(transaction, after));
  BB_RETURN_IF_ERROR(CheckDirectoryIdFree(transaction, after));
  BB_RETURN_IF_ERROR(StoreDepartment(transaction, after));
  return after;
}

}  // namespace brobygger::registry
